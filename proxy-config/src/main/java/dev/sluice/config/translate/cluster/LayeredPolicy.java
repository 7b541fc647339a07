package dev.sluice.config.translate.cluster;

import dev.sluice.config.crd.ClientTlsSettings;
import dev.sluice.config.crd.ConnectionPoolSettings;
import dev.sluice.config.crd.DestinationRule;
import dev.sluice.config.crd.LoadBalancerSettings;
import dev.sluice.config.crd.LoadBalancerSettings.ConsistentHash;
import dev.sluice.config.crd.OutlierDetection;
import dev.sluice.config.crd.TrafficPolicy;
import dev.sluice.config.crd.TrafficPolicy.PortTrafficPolicy;
import dev.sluice.config.crd.TrafficPolicy.ProxyProtocol;
import dev.sluice.config.crd.TrafficPolicy.RetryBudget;
import dev.sluice.config.crd.TrafficPolicy.TunnelSettings;
import org.jspecify.annotations.Nullable;

/**
 * The blocks that hold for one cluster, layered of host, port and subset (spec §2.2). A block replaces a block as a whole;
 * null is unset.
 *
 * @param owner the rule in which the last layer is written, for notices; null where no rule speaks of the service
 */
record LayeredPolicy(
        @Nullable DestinationRule owner,
        @Nullable LoadBalancerSettings loadBalancer,
        @Nullable ConnectionPoolSettings connectionPool,
        @Nullable OutlierDetection outlierDetection,
        @Nullable ClientTlsSettings tls,
        @Nullable TunnelSettings tunnel,
        @Nullable ProxyProtocol proxyProtocol,
        @Nullable RetryBudget retryBudget) {
    /** Nothing is set. */
    static final LayeredPolicy NONE = new LayeredPolicy(null, null, null, null, null, null, null, null);

    /**
     * The policy of a service port or of a subset of it.
     *
     * @param subset null for the service as a whole
     */
    static LayeredPolicy of(MergedRule rule, MergedRule.@Nullable Owned subset, int port) {
        LayeredPolicy base = host(rule, port);
        TrafficPolicy own = subset == null ? null : subset.subset().trafficPolicy();
        if (subset == null || own == null) {
            return base;
        }
        PortTrafficPolicy ofPort = portLevel(own, port);
        if (ofPort != null) {
            // All four, also those it leaves unset.
            return new LayeredPolicy(
                    subset.owner(),
                    ofPort.loadBalancer(),
                    ofPort.connectionPool(),
                    ofPort.outlierDetection(),
                    ofPort.tls(),
                    base.tunnel,
                    base.proxyProtocol,
                    base.retryBudget);
        }
        return new LayeredPolicy(
                subset.owner(),
                or(own.loadBalancer(), base.loadBalancer),
                or(own.connectionPool(), base.connectionPool),
                or(own.outlierDetection(), base.outlierDetection),
                or(own.tls(), base.tls),
                or(own.tunnel(), base.tunnel),
                or(own.proxyProtocol(), base.proxyProtocol),
                or(own.retryBudget(), base.retryBudget));
    }

    /** The host's policy; that of the port, where it has one, is all there is: the rest of the host's is lost with it. */
    private static LayeredPolicy host(MergedRule rule, int port) {
        TrafficPolicy policy = rule.policy();
        if (policy == null) {
            return new LayeredPolicy(rule.policyOwner(), null, null, null, null, null, null, null);
        }
        PortTrafficPolicy ofPort = portLevel(policy, port);
        if (ofPort != null) {
            return new LayeredPolicy(
                    rule.policyOwner(),
                    ofPort.loadBalancer(),
                    ofPort.connectionPool(),
                    ofPort.outlierDetection(),
                    ofPort.tls(),
                    null,
                    null,
                    null);
        }
        return new LayeredPolicy(
                rule.policyOwner(),
                policy.loadBalancer(),
                policy.connectionPool(),
                policy.outlierDetection(),
                policy.tls(),
                policy.tunnel(),
                policy.proxyProtocol(),
                policy.retryBudget());
    }

    /**
     * Where the hash key of a route's destination comes from; an order of its own: the subset's port, the subset, the
     * host's port (only where the destination names its port), the host.
     */
    static @Nullable ConsistentHash hashOf(
            MergedRule rule, MergedRule.@Nullable Owned subset, int port, boolean explicitPort) {
        TrafficPolicy ofSubset = subset == null ? null : subset.subset().trafficPolicy();
        ConsistentHash found = null;
        if (ofSubset != null) {
            PortTrafficPolicy ofPort = portLevel(ofSubset, port);
            found = or(hash(ofPort == null ? null : ofPort.loadBalancer()), hash(ofSubset.loadBalancer()));
        }
        TrafficPolicy ofHost = rule.policy();
        if (found == null && ofHost != null) {
            PortTrafficPolicy ofPort = explicitPort ? portLevel(ofHost, port) : null;
            found = or(hash(ofPort == null ? null : ofPort.loadBalancer()), hash(ofHost.loadBalancer()));
        }
        return found;
    }

    private static @Nullable ConsistentHash hash(@Nullable LoadBalancerSettings settings) {
        return settings == null ? null : settings.consistentHash();
    }

    private static @Nullable PortTrafficPolicy portLevel(TrafficPolicy policy, int port) {
        for (PortTrafficPolicy setting : policy.portLevelSettings()) {
            if (setting.port() != null
                    && setting.port().number() != null
                    && setting.port().number() == port) {
                return setting;
            }
        }
        return null;
    }

    private static <T> @Nullable T or(@Nullable T first, @Nullable T second) {
        return first == null ? second : first;
    }
}
