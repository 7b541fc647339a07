package dev.sluice.proxy.policy.redirect;

import dev.sluice.config.plan.RouteActionPlan.DirectResponse;
import dev.sluice.proxy.exchange.Exchange;
import dev.sluice.proxy.exchange.LocalReply;
import dev.sluice.proxy.exchange.RouteStage;

/** Answers with what the configuration says (spec/istio-fields.md §1.6). */
public final class DirectResponseStage implements RouteStage {
    private final DirectAnswer answer;

    /** For one route. */
    public DirectResponseStage(DirectResponse plan) {
        this.answer = new DirectAnswer(plan);
    }

    @Override
    public void handle(Exchange exchange) {
        LocalReply.sendBody(
                exchange, answer.status(), LocalReply.newHeaders(exchange), answer.contentType(), answer.body());
    }
}
