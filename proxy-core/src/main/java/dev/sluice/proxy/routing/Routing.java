package dev.sluice.proxy.routing;

/** What the router says about a request: a route, or why there is none. */
public sealed interface Routing permits Route, Unrouted {}
