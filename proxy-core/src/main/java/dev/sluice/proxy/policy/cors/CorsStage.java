package dev.sluice.proxy.policy.cors;

import dev.sluice.config.plan.CorsPlan;
import dev.sluice.proxy.exchange.Exchange;
import dev.sluice.proxy.exchange.LocalReply;
import dev.sluice.proxy.exchange.ResponseEdit;
import dev.sluice.proxy.exchange.RouteStage;
import dev.sluice.proxy.stream.ErrorCode;
import dev.sluice.proxy.stream.Headers;
import dev.sluice.proxy.stream.RequestHead;
import dev.sluice.proxy.stream.ResponseHead;
import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;

/** CORS as Envoy does it (spec/istio-fields.md §1.9): answers preflights, adds headers for allowed origins. */
public final class CorsStage implements RouteStage, ResponseEdit {
    private static final AsciiString ORIGIN = AsciiString.cached("origin");
    private static final AsciiString REQUEST_METHOD = AsciiString.cached("access-control-request-method");
    private static final AsciiString REQUEST_HEADERS = AsciiString.cached("access-control-request-headers");
    private static final AsciiString ALLOW_ORIGIN = AsciiString.cached("access-control-allow-origin");
    private static final AsciiString ALLOW_METHODS = AsciiString.cached("access-control-allow-methods");
    private static final AsciiString ALLOW_HEADERS = AsciiString.cached("access-control-allow-headers");
    private static final AsciiString ALLOW_CREDENTIALS = AsciiString.cached("access-control-allow-credentials");
    private static final AsciiString EXPOSE_HEADERS = AsciiString.cached("access-control-expose-headers");
    private static final AsciiString MAX_AGE = AsciiString.cached("access-control-max-age");
    private static final byte[] NO_BODY = {};

    private final CorsPlan plan;
    private final AllowedOrigins origins;
    private final RouteStage next;

    /** For one route. */
    public CorsStage(CorsPlan plan, RouteStage next) {
        this.plan = plan;
        this.origins = new AllowedOrigins(plan.allowOrigins());
        this.next = next;
    }

    @Override
    public void handle(Exchange exchange) {
        RequestHead request = exchange.request();
        CharSequence origin = request.headers().get(ORIGIN);
        if (origin == null || origin.length() == 0) {
            next.handle(exchange);
            return;
        }
        boolean allowed = origins.allow(origin);
        if (isPreflight(request)) {
            if (allowed || plan.ignoreUnmatchedPreflights()) {
                answer(exchange, allowed ? origin : null);
                return;
            }
        } else if (allowed) {
            exchange.addResponseEdit(this);
        }
        next.handle(exchange);
    }

    private static boolean isPreflight(RequestHead request) {
        CharSequence method = request.headers().get(REQUEST_METHOD);
        return request.method().equals("OPTIONS") && method != null && method.length() > 0;
    }

    /** The requested method and headers are not held against the lists; the browser does that. */
    private void answer(Exchange exchange, @Nullable CharSequence origin) {
        Headers headers = LocalReply.newHeaders(exchange);
        if (origin != null) {
            Headers asked = exchange.request().headers();
            headers.set(ALLOW_ORIGIN, origin);
            if (plan.allowCredentials()) {
                headers.set(ALLOW_CREDENTIALS, "true");
            }
            set(headers, ALLOW_METHODS, echo(plan.allowMethods(), asked.get(REQUEST_METHOD)));
            set(headers, ALLOW_HEADERS, echo(plan.allowHeaders(), asked.get(REQUEST_HEADERS)));
            if (plan.maxAgeSeconds() >= 0) {
                headers.set(MAX_AGE, Long.toString(plan.maxAgeSeconds()));
            }
        }
        exchange.note(ErrorCode.DIRECT_RESPONSE);
        LocalReply.sendBody(exchange, 200, headers, null, NO_BODY);
    }

    private static @Nullable CharSequence echo(@Nullable String configured, @Nullable CharSequence asked) {
        return "*".equals(configured) ? asked : configured;
    }

    private static void set(Headers headers, AsciiString name, @Nullable CharSequence value) {
        if (value != null) {
            headers.set(name, value);
        }
    }

    /** An actual request of an allowed origin: the upstream's own answer to the question is replaced. */
    @Override
    public void apply(Exchange exchange, ResponseHead head) {
        CharSequence origin = exchange.request().headers().get(ORIGIN);
        if (origin == null) {
            return;
        }
        Headers headers = head.headers();
        headers.set(ALLOW_ORIGIN, origin);
        if (plan.allowCredentials()) {
            headers.set(ALLOW_CREDENTIALS, "true");
        }
        set(headers, EXPOSE_HEADERS, plan.exposeHeaders());
    }
}
