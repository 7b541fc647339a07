package dev.sluice.proxy.policy.redirect;

import dev.sluice.config.plan.RouteActionPlan.DirectResponse;
import dev.sluice.proxy.exchange.Exchange;
import dev.sluice.proxy.exchange.LocalReply;
import dev.sluice.proxy.exchange.RouteStage;
import dev.sluice.proxy.stream.ErrorCode;
import io.netty.util.AsciiString;

/** Answers with what the configuration says (spec/istio-fields.md §1.6). */
public final class DirectResponseStage implements RouteStage {
    private static final AsciiString TEXT_PLAIN = AsciiString.cached("text/plain");

    private final int status;
    private final byte[] body;

    /** For one route. */
    public DirectResponseStage(DirectResponse plan) {
        this.status = plan.status();
        this.body = plan.body().bytes();
    }

    @Override
    public void handle(Exchange exchange) {
        exchange.note(ErrorCode.DIRECT_RESPONSE);
        LocalReply.sendBody(
                exchange, status, LocalReply.newHeaders(exchange), body.length == 0 ? null : TEXT_PLAIN, body);
    }
}
