package dev.sluice.config.plan.chain;

import dev.sluice.config.plan.ClusterKey;
import dev.sluice.config.plan.RuleRef;
import dev.sluice.config.plan.SourceRef;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where the bytes of a connection go. The destination is drawn once, when the connection comes.
 *
 * @param rule what it was compiled from; its index is the position in the {@code tcp} or {@code tls} list
 * @param destinations with weights above zero; empty where a connection is to be closed
 */
public record TcpRoutePlan(RuleRef rule, List<TcpDestination> destinations) {
    /** Nowhere: connections are closed. */
    public static final TcpRoutePlan NOWHERE = new TcpRoutePlan(RuleRef.DEFAULT, List.of());

    public TcpRoutePlan {
        destinations = List.copyOf(destinations);
    }

    /**
     * One destination, with what its DestinationRule says of connections that carry bytes.
     *
     * @param cluster whether or not such a cluster exists
     * @param weight share among the destinations of the route, above zero
     * @param bySourceIp whether a client's address decides which endpoint it gets (consistentHash.useSourceIp)
     * @param idleTimeoutMillis without a byte either way until both sides are closed; 0 for never
     * @param tunnel what the bytes are wrapped in; null as a rule
     * @param asItCame whether the bytes are TLS of the endpoint's own, to which the cluster's TLS and PROXY header are not added
     * @param at where it is written
     */
    public record TcpDestination(
            ClusterKey cluster,
            int weight,
            boolean bySourceIp,
            long idleTimeoutMillis,
            @Nullable TunnelPlan tunnel,
            boolean asItCame,
            SourceRef at) {
        /** Istio's default: an hour. */
        public static final long DEFAULT_IDLE_TIMEOUT_MILLIS = 3_600_000;

        /** A destination without anything that a DestinationRule might say but an idle timeout. */
        public static TcpDestination plain(ClusterKey cluster, int weight, long idleTimeoutMillis, SourceRef at) {
            return new TcpDestination(cluster, weight, false, idleTimeoutMillis, null, false, at);
        }
    }
}
