package dev.sluice.proxy.snapshot;

import dev.sluice.config.plan.chain.ChainPlan;
import dev.sluice.proxy.tcp.TcpRoute;
import org.jspecify.annotations.Nullable;

/**
 * One chain of a listener, ready to run. Immutable.
 *
 * @param plan what was configured
 * @param route of a chain that carries bytes; null for one of HTTP
 */
public record ChainRuntime(ChainPlan plan, @Nullable TcpRoute route) {}
