package dev.sluice.proxy.snapshot;

import dev.sluice.config.plan.ListenerPlan;
import dev.sluice.proxy.exchange.ExchangeObserver;
import dev.sluice.proxy.exchange.RouteStage;
import dev.sluice.proxy.routing.Router;

/**
 * What one listener does with its requests, as of one configuration. Immutable.
 *
 * @param plan what was configured
 * @param router its route table, also what {@code explain} asks
 * @param entry first stage of every request; ends in the router
 * @param observer told about every exchange
 */
public record ListenerRuntime(ListenerPlan plan, Router router, RouteStage entry, ExchangeObserver observer) {}
