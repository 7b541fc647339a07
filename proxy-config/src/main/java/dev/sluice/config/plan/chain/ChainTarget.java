package dev.sluice.config.plan.chain;

import dev.sluice.config.plan.RouteTablePlan;

/** What becomes of the bytes of a chain. */
public sealed interface ChainTarget {
    /**
     * HTTP/1 or HTTP/2 (told by ALPN inside TLS, by the first bytes elsewhere), routed by request.
     *
     * @param routes the chain's own table
     */
    record Http(RouteTablePlan routes) implements ChainTarget {}

    /**
     * Bytes, carried both ways.
     *
     * @param route where to
     */
    record Tcp(TcpRoutePlan route) implements ChainTarget {}
}
