package dev.sluice.proxy.policy.redirect;

import dev.sluice.proxy.exchange.Exchange;
import dev.sluice.proxy.exchange.ResponseEdit;
import dev.sluice.proxy.exchange.RouteStage;

/** Has the answer of a route that answers by itself edited as its headers ask. */
public final class AnswerEdits implements RouteStage {
    private final ResponseEdit edit;
    private final RouteStage next;

    /** @param edit the route's response header operations */
    public AnswerEdits(ResponseEdit edit, RouteStage next) {
        this.edit = edit;
        this.next = next;
    }

    @Override
    public void handle(Exchange exchange) {
        exchange.addResponseEdit(edit);
        next.handle(exchange);
    }
}
