package dev.sluice.proxy.policy.cors;

import dev.sluice.config.plan.policy.CorsPlan;
import dev.sluice.config.plan.policy.StringMatchPlan;
import dev.sluice.proxy.match.StringMatcher;
import dev.sluice.proxy.stream.RequestHead;
import dev.sluice.proxy.stream.headers.Headers;
import dev.sluice.proxy.stream.headers.WireText;
import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;

/** CORS as Envoy's filter does it (spec/istio-fields.md §1.9). Immutable. */
final class CorsDecider {
    static final AsciiString ORIGIN = AsciiString.cached("origin");
    private static final AsciiString REQUEST_METHOD = AsciiString.cached("access-control-request-method");
    private static final AsciiString REQUEST_HEADERS = AsciiString.cached("access-control-request-headers");
    private static final AsciiString ALLOW_ORIGIN = AsciiString.cached("access-control-allow-origin");
    private static final AsciiString ALLOW_METHODS = AsciiString.cached("access-control-allow-methods");
    private static final AsciiString ALLOW_HEADERS = AsciiString.cached("access-control-allow-headers");
    private static final AsciiString ALLOW_CREDENTIALS = AsciiString.cached("access-control-allow-credentials");
    private static final AsciiString EXPOSE_HEADERS = AsciiString.cached("access-control-expose-headers");
    private static final AsciiString MAX_AGE = AsciiString.cached("access-control-max-age");
    private static final AsciiString TRUE = AsciiString.cached("true");
    private static final String ANY = "*";

    private final StringMatcher[] origins;
    private final boolean anyOrigin;
    private final boolean credentials;
    private final boolean ignoreUnmatchedPreflights;
    private final @Nullable String methods;
    private final @Nullable String headers;
    private final @Nullable String exposed;
    private final @Nullable String maxAge;

    /** What happens to a request. */
    enum Verdict {
        /** Nothing: no origin, or one that is not allowed. The request goes on, its response is left alone. */
        NONE,
        /** Goes on; its response gets {@link #editResponse}. */
        ALLOWED,
        /** Answered 200 without a body, with the headers of {@link #answerPreflight}. */
        PREFLIGHT,
        /** Preflight of an origin that is not allowed: answered 200 without a body and without CORS headers. */
        FOREIGN_PREFLIGHT
    }

    CorsDecider(CorsPlan plan) {
        this.origins = new StringMatcher[plan.allowOrigins().size()];
        boolean any = false;
        for (int i = 0; i < origins.length; i++) {
            StringMatchPlan origin = plan.allowOrigins().get(i);
            origins[i] = StringMatcher.of(origin);
            any |= origins[i].matches(ANY);
        }
        this.anyOrigin = any;
        this.credentials = plan.allowCredentials();
        this.ignoreUnmatchedPreflights = plan.ignoreUnmatchedPreflights();
        this.methods = text(plan.allowMethods());
        this.headers = text(plan.allowHeaders());
        this.exposed = text(plan.exposeHeaders());
        this.maxAge = plan.maxAgeSeconds() < 0 ? null : Long.toString(plan.maxAgeSeconds());
    }

    private static @Nullable String text(@Nullable String joined) {
        return joined == null || joined.isEmpty() ? null : WireText.of(joined);
    }

    /** Decides on {@code request}; method and headers that a preflight asks for are not compared with the lists. */
    Verdict decide(RequestHead request) {
        CharSequence origin = request.headers().get(ORIGIN);
        if (origin == null || origin.length() == 0) {
            return Verdict.NONE;
        }
        boolean preflight = isPreflight(request);
        if (!allows(origin)) {
            return preflight && ignoreUnmatchedPreflights ? Verdict.FOREIGN_PREFLIGHT : Verdict.NONE;
        }
        return preflight ? Verdict.PREFLIGHT : Verdict.ALLOWED;
    }

    private static boolean isPreflight(RequestHead request) {
        if (!request.method().equals("OPTIONS")) {
            return false;
        }
        CharSequence method = request.headers().get(REQUEST_METHOD);
        return method != null && method.length() > 0;
    }

    private boolean allows(CharSequence origin) {
        if (anyOrigin) {
            return true;
        }
        for (StringMatcher matcher : origins) {
            if (matcher.matches(origin)) {
                return true;
            }
        }
        return false;
    }

    /** Writes the answer to a preflight that was decided {@link Verdict#PREFLIGHT}. */
    void answerPreflight(RequestHead request, Headers response) {
        CharSequence origin = request.headers().get(ORIGIN);
        if (origin != null) {
            allowOrigin(origin, response);
        }
        if (methods != null) {
            echo(methods, request.headers().get(REQUEST_METHOD), response, ALLOW_METHODS);
        }
        if (headers != null) {
            echo(headers, request.headers().joined(REQUEST_HEADERS), response, ALLOW_HEADERS);
        }
        if (maxAge != null) {
            response.set(MAX_AGE, maxAge);
        }
    }

    /**
     * Adds to a response whose request was decided {@link Verdict#ALLOWED}; replaces what the upstream says.
     *
     * @param origin as it was decided on: a header operation may have changed the request since
     */
    void editResponse(CharSequence origin, Headers response) {
        allowOrigin(origin, response);
        if (exposed != null) {
            response.set(EXPOSE_HEADERS, exposed);
        }
    }

    private void allowOrigin(CharSequence origin, Headers response) {
        response.set(ALLOW_ORIGIN, origin);
        if (credentials) {
            response.set(ALLOW_CREDENTIALS, TRUE);
        }
    }

    /** {@code *} grants what was asked for. */
    private static void echo(String configured, @Nullable CharSequence asked, Headers response, AsciiString name) {
        if (!configured.equals(ANY)) {
            response.set(name, configured);
        } else if (asked != null && asked.length() > 0) {
            response.set(name, asked);
        }
    }
}
