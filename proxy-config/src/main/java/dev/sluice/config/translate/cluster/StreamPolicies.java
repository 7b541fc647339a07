package dev.sluice.config.translate.cluster;

import dev.sluice.config.crd.ConnectionPoolSettings;
import dev.sluice.config.crd.TrafficPolicy.TunnelSettings;
import dev.sluice.config.plan.chain.TcpRoutePlan.TcpDestination;
import dev.sluice.config.plan.chain.TunnelPlan;
import dev.sluice.config.translate.registry.Service;
import java.time.Duration;
import java.util.Collections;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What DestinationRules say of connections that carry bytes rather than requests (spec §2.5 and §2.8). */
public final class StreamPolicies {
    private final DestinationRules rules;

    public StreamPolicies(DestinationRules rules) {
        this.rules = rules;
    }

    /**
     * What holds for one destination.
     *
     * @param idleTimeoutMillis 0 for never
     * @param tunnel null for none
     */
    public record Policy(long idleTimeoutMillis, @Nullable TunnelPlan tunnel) {
        /** Nobody says anything. */
        public static final Policy DEFAULT = new Policy(TcpDestination.DEFAULT_IDLE_TIMEOUT_MILLIS, null);
    }

    /** @param subset as the destination names it, whether there is one or not; null for none */
    public Policy of(Service service, @Nullable String subset, int port) {
        MergedRule rule = rules.of(service);
        if (rule == null) {
            return Policy.DEFAULT;
        }
        MergedRule.Owned owned = subset == null ? null : rule.subsets().get(subset);
        LayeredPolicy policy = LayeredPolicy.of(rule, owned, port);
        return new Policy(idleTimeoutMillis(policy.connectionPool()), tunnel(policy.tunnel()));
    }

    /** Names of the subsets of a service, in order. */
    public Set<String> subsets(Service service) {
        MergedRule rule = rules.of(service);
        return rule == null
                ? Set.of()
                : Collections.unmodifiableSet(rule.subsets().keySet());
    }

    /** How long a connection may be silent; 0 for as long as it likes. */
    public static long idleTimeoutMillis(@Nullable ConnectionPoolSettings pool) {
        Duration own = pool == null || pool.tcp() == null ? null : pool.tcp().idleTimeout();
        return own == null ? TcpDestination.DEFAULT_IDLE_TIMEOUT_MILLIS : Math.max(0, own.toMillis());
    }

    private static @Nullable TunnelPlan tunnel(@Nullable TunnelSettings written) {
        if (written == null || written.targetHost() == null || written.targetPort() == null) {
            return null;
        }
        TunnelPlan.Method method =
                "POST".equals(written.protocol()) ? TunnelPlan.Method.POST : TunnelPlan.Method.CONNECT;
        return new TunnelPlan(method, written.targetHost(), written.targetPort().intValue());
    }
}
