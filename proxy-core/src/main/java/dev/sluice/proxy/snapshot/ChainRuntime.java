package dev.sluice.proxy.snapshot;

import dev.sluice.config.plan.chain.ChainPlan;
import dev.sluice.proxy.tcp.TcpRoute;
import dev.sluice.proxy.tls.ServerTls;
import org.jspecify.annotations.Nullable;

/**
 * One way that a connection of a listener can go, as of one configuration. Immutable.
 *
 * @param plan what was configured
 * @param tls how TLS ends here; null where it does not
 * @param http what becomes of requests; null for a chain that carries bytes
 * @param route of a chain that carries bytes; null for one of HTTP
 */
public record ChainRuntime(
        ChainPlan plan, @Nullable ServerTls tls, @Nullable HttpRuntime http, @Nullable TcpRoute route) {}
