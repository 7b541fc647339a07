package dev.sluice.proxy.policy.redirect;

import dev.sluice.config.plan.RouteActionPlan.Redirect;
import dev.sluice.config.plan.RouteActionPlan.RedirectPort;
import dev.sluice.proxy.stream.RequestHead;

/** Location of a redirect (spec/istio-fields.md §1.5). Pure; immutable. */
public final class RedirectDecider {
    private final Redirect plan;

    /** For one route. */
    public RedirectDecider(Redirect plan) {
        this.plan = plan;
    }

    /**
     * The Location.
     *
     * @param listenerPort port that the request came in on
     */
    public String location(RequestHead request, int listenerPort) {
        String scheme = plan.scheme() == null ? request.scheme() : plan.scheme();
        return scheme + "://" + host(request, scheme, listenerPort) + encode(path(request.path()));
    }

    private String host(RequestHead request, String scheme, int listenerPort) {
        int port =
                switch (plan.port().kind()) {
                    case KEEP, FROM_PROTOCOL_DEFAULT -> 0;
                    case EXPLICIT -> plan.port().number();
                    case FROM_REQUEST_PORT -> listenerPort;
                };
        boolean isNew = plan.port().kind() == RedirectPort.Kind.EXPLICIT
                || plan.port().kind() == RedirectPort.Kind.FROM_REQUEST_PORT;
        String suffix = port == 0 || port == defaultPort(scheme) ? "" : ":" + port;
        if (plan.authority() != null) {
            return plan.authority() + suffix;
        }
        String authority = request.authority();
        int colon = portStart(authority);
        if (isNew) {
            return (colon < 0 ? authority : authority.substring(0, colon)) + suffix;
        }
        if (colon >= 0 && !scheme.equals(request.scheme())) {
            String strip = ":" + defaultPort(request.scheme());
            if (authority.substring(colon).equals(strip)) {
                return authority.substring(0, colon);
            }
        }
        return authority;
    }

    private static int defaultPort(String scheme) {
        return scheme.equals("https") ? 443 : 80;
    }

    private static int portStart(String authority) {
        int colon = authority.lastIndexOf(':');
        return colon > authority.lastIndexOf(']') ? colon : -1;
    }

    private String path(String target) {
        int question = target.indexOf('?');
        String path = question < 0 ? target : target.substring(0, question);
        String query = question < 0 ? "" : target.substring(question);
        if (plan.path() != null) {
            String replaced = plan.path().startsWith("/") ? plan.path() : "/" + plan.path();
            return replaced.indexOf('?') >= 0 ? replaced : replaced + query;
        }
        if (plan.prefixRewrite() != null
                && path.length() >= plan.matchedPrefix().length()) {
            return plan.prefixRewrite() + path.substring(plan.matchedPrefix().length()) + query;
        }
        return target;
    }

    /** What a header must not hold is percent-encoded, so that a path cannot end the header (spec/reliability.md E6). */
    private static String encode(String path) {
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            if (c <= ' ' || c >= 0x7f) {
                return encodeFrom(path, i);
            }
        }
        return path;
    }

    private static String encodeFrom(String path, int first) {
        StringBuilder out = new StringBuilder(path.substring(0, first));
        byte[] bytes = path.substring(first).getBytes(java.nio.charset.StandardCharsets.UTF_8);
        for (byte b : bytes) {
            if (b <= ' ' || b == 0x7f) {
                out.append('%').append(Character.forDigit((b >> 4) & 0xf, 16)).append(Character.forDigit(b & 0xf, 16));
            } else {
                out.append((char) b);
            }
        }
        return out.toString();
    }
}
