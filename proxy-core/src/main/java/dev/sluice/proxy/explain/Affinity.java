package dev.sluice.proxy.explain;

import dev.sluice.config.plan.ClusterPlan;
import dev.sluice.config.plan.DestinationPlan;
import dev.sluice.config.plan.ListenerPlan;
import dev.sluice.config.plan.ProxyPlan;
import dev.sluice.config.plan.policy.HashPlan;
import dev.sluice.proxy.balance.Balancer;
import dev.sluice.proxy.balance.EarlierTries;
import dev.sluice.proxy.balance.hash.RouteKeys;
import dev.sluice.proxy.cluster.Cluster;
import dev.sluice.proxy.cluster.Endpoint;
import dev.sluice.proxy.exchange.KeyedRequest;
import dev.sluice.proxy.exchange.ResponseEdit;
import dev.sluice.proxy.stream.DownstreamConnection;
import dev.sluice.proxy.stream.RequestHead;
import dev.sluice.proxy.stream.headers.ForwardedFor;
import dev.sluice.proxy.stream.headers.HeaderNames;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where a request belongs on a route that hashes.
 *
 * @param keys what is hashed, in words
 * @param destination that the request's key belongs to; null when the request as asked has no key: it lacks the header, or
 *     the key is the client's address, which a question does not have unless {@code x-forwarded-for} tells it
 * @param endpoint that the key belongs to while all listed endpoints are well; null where they are not listed, or the cluster
 *     does not hash
 */
record Affinity(List<String> keys, @Nullable DestinationPlan destination, @Nullable String endpoint) {
    public Affinity {
        keys = List.copyOf(keys);
    }

    /**
     * Reads the key of {@code request} and follows it; null on a route that does not hash.
     *
     * @param request not edited yet
     */
    static @Nullable Affinity of(
            ProxyPlan plan, ListenerPlan listener, List<DestinationPlan> destinations, RequestHead request) {
        RouteKeys keys = RouteKeys.of(destinations);
        if (keys == null) {
            return null;
        }
        Set<String> words = new LinkedHashSet<>();
        destinations.forEach(destination -> destination.hash().keys().forEach(key -> words.add(words(key))));
        Asked asked = new Asked(request, client(plan, listener, request));
        int chosen = keys.choose(asked);
        if (chosen == RouteKeys.NO_KEY) {
            return new Affinity(List.copyOf(words), null, null);
        }
        DestinationPlan destination = destinations.get(chosen);
        ClusterPlan cluster = plan.clusters().get(destination.cluster());
        return new Affinity(
                List.copyOf(words), destination, cluster == null ? null : endpoint(cluster, asked.hashKey()));
    }

    /** Whom {@code x-forwarded-for} of the question names, where a listener believes it. */
    private static @Nullable String client(ProxyPlan plan, ListenerPlan listener, RequestHead request) {
        int back = listener.kind() == ListenerPlan.Kind.GATEWAY
                ? plan.settings().topology().trustedProxies() - 1
                : 0;
        CharSequence list = request.headers().joined(HeaderNames.X_FORWARDED_FOR);
        InetAddress named = back < 0 || list == null ? null : ForwardedFor.address(list, back);
        return named == null ? null : NetUtil.toAddressString(named);
    }

    private static String words(HashPlan.Key key) {
        if (key instanceof HashPlan.Key.Header header) {
            return "header " + header.name();
        }
        if (key instanceof HashPlan.Key.Cookie cookie) {
            return "cookie " + cookie.name() + (cookie.ttl() == null ? "" : " (made where absent)");
        }
        if (key instanceof HashPlan.Key.QueryParameter query) {
            return "query parameter " + query.name();
        }
        return "source address";
    }

    private static @Nullable String endpoint(ClusterPlan plan, long hash) {
        boolean hashes =
                switch (plan.balance().algorithm()) {
                    case RING_HASH, MAGLEV -> true;
                    case LEAST_REQUEST, ROUND_ROBIN, RANDOM, PASSTHROUGH -> false;
                };
        if (!hashes || !plan.discovery().isListed()) {
            return null;
        }
        Cluster cluster = new Cluster(plan);
        cluster.replaceEndpoints(plan.endpoints(), 0);
        Endpoint endpoint = Balancer.of(cluster).pick(hash, EarlierTries.NONE);
        return endpoint == null ? null : endpoint.hostPort();
    }

    /** A request that came on no connection. */
    private static final class Asked implements KeyedRequest {
        private final RequestHead request;
        private final @Nullable String client;
        private boolean hashed;
        private long hashKey;

        Asked(RequestHead request, @Nullable String client) {
            this.request = request;
            this.client = client;
        }

        @Override
        public RequestHead request() {
            return request;
        }

        @Override
        public @Nullable DownstreamConnection connection() {
            return null;
        }

        @Override
        public @Nullable String clientHost() {
            return client;
        }

        @Override
        public void addHashKey(long hash) {
            hashKey = hashed ? KeyedRequest.combine(hashKey, hash) : hash;
            hashed = true;
        }

        @Override
        public boolean isHashed() {
            return hashed;
        }

        @Override
        public long hashKey() {
            return hashKey;
        }

        @Override
        public void addResponseEdit(ResponseEdit edit) {
            throw new IllegalStateException("without a connection no cookie is made");
        }
    }
}
