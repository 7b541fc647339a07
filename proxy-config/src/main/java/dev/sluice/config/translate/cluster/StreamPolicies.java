package dev.sluice.config.translate.cluster;

import dev.sluice.config.crd.ConnectionPoolSettings;
import dev.sluice.config.crd.DestinationRule;
import dev.sluice.config.crd.TrafficPolicy.TunnelSettings;
import dev.sluice.config.plan.chain.TunnelPlan;
import dev.sluice.config.translate.notice.Notices;
import dev.sluice.config.translate.registry.Service;
import dev.sluice.config.translate.registry.ServicePort;
import dev.sluice.config.translate.scope.Mesh;
import java.time.Duration;
import java.util.Collections;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What DestinationRules say of connections that carry bytes rather than requests (spec §2.5 and §2.8). */
public final class StreamPolicies {
    private final DestinationRules rules;
    private final Mesh mesh;
    private final Notices notices;

    public StreamPolicies(DestinationRules rules, Mesh mesh, Notices notices) {
        this.rules = rules;
        this.mesh = mesh;
        this.notices = notices;
    }

    /**
     * What holds for one destination.
     *
     * @param idleTimeoutMillis 0 for never
     * @param tunnel null for none
     */
    public record Policy(long idleTimeoutMillis, @Nullable TunnelPlan tunnel) {}

    /** Where no DestinationRule says anything. */
    public Policy unset() {
        return new Policy(idleTimeoutMillis(null), null);
    }

    /** @param subset as the destination names it, whether there is one or not; null for none */
    public Policy of(Service service, @Nullable String subset, int port) {
        MergedRule rule = rules.of(service);
        if (rule == null) {
            return unset();
        }
        MergedRule.Owned owned = subset == null ? null : rule.subsets().get(subset);
        LayeredPolicy policy = LayeredPolicy.of(rule, owned, port);
        noticeHttp2(policy, service, service.port(port));
        return new Policy(idleTimeoutMillis(policy.connectionPool()), tunnel(policy.tunnel()));
    }

    /** Istio asks a proxy whose port speaks HTTP/2 for the tunnel in HTTP/2. */
    private void noticeHttp2(LayeredPolicy policy, Service service, @Nullable ServicePort port) {
        DestinationRule owner = policy.owner();
        TunnelSettings tunnel = policy.tunnel();
        if (owner != null && tunnel != null && port != null && port.protocol().isHttp2()) {
            notices.notServed(
                    owner,
                    tunnel.at(),
                    null,
                    "tunnels are asked for in HTTP/1.1, and port " + port.number() + " of " + service.host()
                            + " is declared as HTTP/2");
        }
    }

    /** Names of the subsets of a service, in order. */
    public Set<String> subsets(Service service) {
        MergedRule rule = rules.of(service);
        return rule == null
                ? Set.of()
                : Collections.unmodifiableSet(rule.subsets().keySet());
    }

    /** How long a connection may be silent: as its settings say, else as the mesh does; 0 for as long as it likes. */
    public long idleTimeoutMillis(@Nullable ConnectionPoolSettings pool) {
        Duration own = pool == null || pool.tcp() == null ? null : pool.tcp().idleTimeout();
        return Math.max(0, (own == null ? mesh.streamIdle() : own).toMillis());
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
