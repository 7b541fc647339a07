package dev.sluice.proxy.policy.cors;

import dev.sluice.config.plan.policy.CorsPlan;
import dev.sluice.proxy.exchange.Exchange;
import dev.sluice.proxy.exchange.LocalReply;
import dev.sluice.proxy.exchange.RouteStage;
import dev.sluice.proxy.stream.ErrorCode;
import dev.sluice.proxy.stream.ProxyError;
import dev.sluice.proxy.stream.RequestHead;
import dev.sluice.proxy.stream.headers.Headers;

/** Answers preflights, and has the responses of allowed origins edited. */
public final class CorsStage implements RouteStage {
    private static final byte[] NO_BODY = {};

    private final CorsDecider decider;
    private final RouteStage next;

    /** For one route. */
    public CorsStage(CorsPlan plan, RouteStage next) {
        this.decider = new CorsDecider(plan);
        this.next = next;
    }

    /** Whether {@code request} is a preflight that {@code plan} answers, its origin allowed or not. */
    public static boolean answers(CorsPlan plan, RequestHead request) {
        return switch (new CorsDecider(plan).decide(request)) {
            case PREFLIGHT, FOREIGN_PREFLIGHT -> true;
            case NONE, ALLOWED -> false;
        };
    }

    @Override
    public void handle(Exchange exchange) {
        switch (decider.decide(exchange.request())) {
            case NONE -> next.handle(exchange);
            case ALLOWED -> {
                CharSequence origin = exchange.request().headers().get(CorsDecider.ORIGIN);
                if (origin != null) {
                    exchange.lastResponseEdit((ended, head) -> {
                        ProxyError error = ended.error();
                        // Envoy's fault filter stands before its CORS filter (spec/istio-fields.md §1.9).
                        if (error == null || error.code() != ErrorCode.FAULT_ABORT) {
                            decider.editResponse(origin, head.headers());
                        }
                    });
                }
                next.handle(exchange);
            }
            case PREFLIGHT -> {
                Headers headers = LocalReply.newHeaders(exchange);
                decider.answerPreflight(exchange.request(), headers);
                answer(exchange, headers);
            }
            case FOREIGN_PREFLIGHT -> answer(exchange, LocalReply.newHeaders(exchange));
        }
    }

    private static void answer(Exchange exchange, Headers headers) {
        LocalReply.sendBody(exchange, 200, headers, null, NO_BODY);
    }
}
