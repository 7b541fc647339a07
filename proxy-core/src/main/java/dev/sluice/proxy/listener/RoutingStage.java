package dev.sluice.proxy.listener;

import dev.sluice.proxy.exchange.Exchange;
import dev.sluice.proxy.exchange.RouteStage;
import dev.sluice.proxy.routing.Route;
import dev.sluice.proxy.routing.Router;
import dev.sluice.proxy.routing.Routing;
import dev.sluice.proxy.routing.Unrouted;
import dev.sluice.proxy.stream.ErrorCode;
import dev.sluice.proxy.stream.ProxyError;

/** Asks the router and goes on with the stages of the route, or answers that there is none. */
public final class RoutingStage implements RouteStage {
    private static final ProxyError NO_HOST = ProxyError.proxy(ErrorCode.NO_ROUTE, "no virtual host takes this host");
    private static final ProxyError NO_ROUTE = ProxyError.proxy(ErrorCode.NO_ROUTE, "no rule takes this request");
    private static final ProxyError BAD_PATH =
            ProxyError.downstream(ErrorCode.BAD_REQUEST, "the path cannot be normalised");
    private static final ProxyError BLACK_HOLE =
            ProxyError.proxy(ErrorCode.BLACK_HOLE, "outboundTrafficPolicy is REGISTRY_ONLY and the host is unknown");

    private final Router router;
    private final RouteStage passThrough;
    private final RouteStage toHttps;

    /**
     * @param passThrough takes requests to unknown hosts where the table allows them
     * @param toHttps answers requests of hosts that are for https only
     */
    public RoutingStage(Router router, RouteStage passThrough, RouteStage toHttps) {
        this.router = router;
        this.passThrough = passThrough;
        this.toHttps = toHttps;
    }

    @Override
    public void handle(Exchange exchange) {
        Routing routing = router.route(exchange.request(), null);
        if (routing instanceof Route route) {
            exchange.routed(route.plan(), route.choose(exchange));
            route.stages().handle(exchange);
        } else {
            unrouted(exchange, (Unrouted) routing);
        }
    }

    private void unrouted(Exchange exchange, Unrouted reason) {
        switch (reason) {
            case NO_ROUTE -> exchange.fail(NO_ROUTE);
            case BAD_PATH -> exchange.fail(BAD_PATH);
            case HTTPS_REDIRECT -> toHttps.handle(exchange);
            case NO_VIRTUAL_HOST -> {
                switch (router.unknownHost()) {
                    case NOT_FOUND -> exchange.fail(NO_HOST);
                    case BLACK_HOLE -> exchange.fail(BLACK_HOLE);
                    case PASS_THROUGH -> passThrough.handle(exchange);
                }
            }
        }
    }
}
