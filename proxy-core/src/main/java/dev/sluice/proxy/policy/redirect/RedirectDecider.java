package dev.sluice.proxy.policy.redirect;

import dev.sluice.config.plan.RouteActionPlan.Redirect;
import dev.sluice.proxy.match.AsciiCase;
import dev.sluice.proxy.match.RequestField;
import dev.sluice.proxy.stream.RequestHead;
import dev.sluice.proxy.stream.headers.HeaderNames;
import dev.sluice.proxy.stream.headers.WireText;
import org.jspecify.annotations.Nullable;

/**
 * The Location of a redirect (spec/istio-fields.md §1.5): scheme://host[port]path. Immutable.
 *
 * <p>As in Istio, port 80 with http and 443 with https count as no port at all, so that the port of the request's host, if it
 * has one, stays.
 */
public final class RedirectDecider {
    private static final String HTTP = "http";
    private static final String HTTPS = "https";
    private static final char[] HEX = "0123456789ABCDEF".toCharArray();

    private final Redirect plan;
    private final @Nullable String scheme;
    private final @Nullable String authority;
    private final @Nullable String path;
    private final @Nullable String prefixRewrite;

    /** For one route. */
    public RedirectDecider(Redirect plan) {
        this.plan = plan;
        this.scheme = text(plan.scheme());
        this.authority = text(plan.authority());
        String whole = text(plan.path());
        this.path = whole == null ? null : withSlash(whole);
        this.prefixRewrite = plan.prefixRewrite() == null ? null : WireText.of(plan.prefixRewrite());
    }

    /** As in protobuf, the empty string is unset. */
    private static @Nullable String text(@Nullable String configured) {
        return configured == null || configured.isEmpty() ? null : WireText.of(configured);
    }

    /**
     * The Location for {@code request}, percent-encoded where a character may not stand in a header or a URI. Without any
     * host to name (HTTP/1.0) it is a path, which is a valid reference too (RFC 9110 section 10.2.2).
     *
     * @param tls whether it came in over TLS
     */
    public String location(RequestHead request, boolean tls) {
        String newScheme = scheme != null ? scheme : request.scheme();
        int port = port(tls);
        String host = authority != null ? authority : requestHost(request, newScheme, port > 0);
        StringBuilder location = new StringBuilder();
        String target = path(request.path());
        if (host.isEmpty()) {
            // Two slashes at the start would name a host.
            int slashes = 0;
            while (slashes + 1 < target.length() && target.charAt(slashes + 1) == '/') {
                slashes++;
            }
            encode(target.substring(slashes), location);
            return location.toString();
        }
        encode(newScheme, location);
        location.append("://");
        encode(host, location);
        if (port > 0) {
            location.append(':').append(port);
        }
        encode(target, location);
        return location.toString();
    }

    /** 0 for none. */
    private int port(boolean tls) {
        int port =
                switch (plan.port().kind()) {
                    case KEEP, FROM_PROTOCOL_DEFAULT -> 0;
                    case EXPLICIT -> plan.port().number();
                };
        String newScheme = scheme != null ? scheme : tls ? HTTPS : HTTP;
        return port == defaultPort(newScheme) ? 0 : port;
    }

    private static int defaultPort(String scheme) {
        return switch (scheme) {
            case HTTP -> 80;
            case HTTPS -> 443;
            default -> -1;
        };
    }

    /** The request's host; its port goes when there is a new one, or when it was the default of a scheme that changes. */
    private static String requestHost(RequestHead request, String newScheme, boolean newPort) {
        String host = request.authority();
        int colon = host.startsWith("[") ? host.lastIndexOf("]:") + 1 : host.lastIndexOf(':');
        if (colon <= 0) {
            return host;
        }
        CharSequence forwarded = request.headers().get(HeaderNames.X_FORWARDED_PROTO);
        String oldScheme = forwarded == null ? request.scheme() : AsciiCase.fold(forwarded.toString());
        boolean wasDefault = !newScheme.equals(oldScheme)
                && host.substring(colon + 1).equals(Integer.toString(defaultPort(oldScheme)));
        return newPort || wasDefault ? host.substring(0, colon) : host;
    }

    private String path(String target) {
        int pathEnd = RequestField.endOfPath(target);
        if (path != null) {
            // A query of its own takes the place of the request's.
            return path.indexOf('?') >= 0 ? path : path + target.substring(pathEnd);
        }
        if (prefixRewrite != null && plan.matchedPrefix().length() <= pathEnd) {
            return withSlash(
                    prefixRewrite + target.substring(plan.matchedPrefix().length()));
        }
        return withSlash(target);
    }

    private static String withSlash(String path) {
        return path.startsWith("/") ? path : "/" + path;
    }

    /** Text is one char for one byte here, so what is not visible ASCII is encoded byte by byte. */
    private static void encode(String text, StringBuilder to) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c > ' ' && c <= '~' && c != '"' && c != '<' && c != '>' && c != '\\') {
                to.append(c);
            } else {
                to.append('%').append(HEX[c >> 4 & 0xf]).append(HEX[c & 0xf]);
            }
        }
    }
}
