package dev.sluice.config.plan;

import dev.sluice.config.plan.policy.BalancePlan;
import dev.sluice.config.plan.policy.LimitsPlan;
import dev.sluice.config.plan.policy.OutlierPlan;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One cluster with its policies resolved (spec/istio-fields.md §2.2).
 *
 * @param key its name
 * @param discovery how endpoints come about
 * @param endpoints for {@link Discovery#STATIC} and {@link Discovery#HEADLESS}: members of the subset; for the DNS kinds: the
 *     names to resolve (an IP literal resolves to itself); for {@link Discovery#ORIGINAL_DESTINATION}: none, or one whose
 *     port is taken instead of the dialled one; for {@link Discovery#DYNAMIC_DNS}: one whose port is taken
 * @param protocol spoken upstream
 * @param connect how its connections open
 * @param balance how an endpoint is picked
 * @param limits connection pool settings
 * @param outlier null when unset
 * @param origin where the service is defined
 */
public record ClusterPlan(
        ClusterKey key,
        Discovery discovery,
        List<EndpointPlan> endpoints,
        UpstreamProtocol protocol,
        ConnectPlan connect,
        BalancePlan balance,
        LimitsPlan limits,
        @Nullable OutlierPlan outlier,
        SourceRef origin) {
    public ClusterPlan {
        endpoints = List.copyOf(endpoints);
    }

    /** The same, reached from each client's own address. */
    public ClusterPlan fromClients() {
        return new ClusterPlan(
                key, discovery, endpoints, protocol, connect.fromClients(), balance, limits, outlier, origin);
    }

    /** The same with these endpoints. */
    public ClusterPlan withEndpoints(List<EndpointPlan> others) {
        return new ClusterPlan(key, discovery, others, protocol, connect, balance, limits, outlier, origin);
    }

    /** How endpoints come about (spec/istio-fields.md §4). */
    public enum Discovery {
        /** The listed addresses. */
        STATIC,
        /** The listed addresses, each for itself: a client that dialled one of them means that one. */
        HEADLESS,
        /** STRICT_DNS: every address of every name, resolved again by its time to live; the last good answer is kept. */
        STRICT_DNS,
        /** LOGICAL_DNS: one logical endpoint; each new connection takes the first address of the latest answer. */
        LOGICAL_DNS,
        /** The request's own host, or the server name of its TLS, is resolved. */
        DYNAMIC_DNS,
        /** The address the client dialled; without interception there is none, so no endpoint. */
        ORIGINAL_DESTINATION;

        /** Whether the plan has the endpoints themselves. */
        public boolean isListed() {
            return this == STATIC || this == HEADLESS;
        }

        /** Whether a request says which endpoint is its own, so that there is no choice. */
        public boolean isByRequest() {
            return this == DYNAMIC_DNS || this == ORIGINAL_DESTINATION;
        }
    }

    /** What is spoken upstream. */
    public enum UpstreamProtocol {
        HTTP1,
        HTTP2,
        /** The downstream's version: useClientProtocol, and what goes where it was going. */
        SAME_AS_DOWNSTREAM,
        /**
         * Of a port without protocol: what the app or a client of the app speaks is passed on as it is. At a Gateway HTTP/1.1,
         * for there TLS offers HTTP/2 to every client, whatever is behind it; gRPC, which is nothing without it, is HTTP/2.
         */
        UNDECLARED
    }
}
