package dev.sluice.proxy.policy.redirect;

import dev.sluice.proxy.exchange.Exchange;
import dev.sluice.proxy.exchange.LocalReply;
import dev.sluice.proxy.exchange.RouteStage;
import dev.sluice.proxy.stream.headers.HeaderNames;
import dev.sluice.proxy.stream.headers.Headers;

/** Answers with a redirect. */
public final class RedirectStage implements RouteStage {
    private static final byte[] NO_BODY = {};

    private final RedirectDecider decider;
    private final int status;

    /** @param status 301, 302, 303, 307 or 308 */
    public RedirectStage(RedirectDecider decider, int status) {
        this.decider = decider;
        this.status = status;
    }

    @Override
    public void handle(Exchange exchange) {
        boolean tls = exchange.downstream().connection().isTls();
        Headers headers = LocalReply.newHeaders(exchange);
        headers.set(HeaderNames.LOCATION, decider.location(exchange.request(), tls));
        LocalReply.sendBody(exchange, status, headers, null, NO_BODY);
    }
}
