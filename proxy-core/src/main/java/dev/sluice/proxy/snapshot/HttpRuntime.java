package dev.sluice.proxy.snapshot;

import dev.sluice.proxy.exchange.ExchangeObserver;
import dev.sluice.proxy.exchange.RouteStage;
import dev.sluice.proxy.routing.Router;

/**
 * What becomes of the requests of one table, as of one configuration. Immutable.
 *
 * @param router the route table, also what {@code explain} asks
 * @param entry first stage of every request; ends in the router
 * @param observer told about every exchange
 */
public record HttpRuntime(Router router, RouteStage entry, ExchangeObserver observer) {}
