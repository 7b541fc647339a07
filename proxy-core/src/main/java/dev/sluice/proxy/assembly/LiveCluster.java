package dev.sluice.proxy.assembly;

import dev.sluice.config.plan.ClusterPlan;
import dev.sluice.proxy.balance.BalanceStage;
import dev.sluice.proxy.balance.Balancer;
import dev.sluice.proxy.balance.NamedStage;
import dev.sluice.proxy.cluster.Cluster;
import dev.sluice.proxy.exchange.AttemptStage;
import dev.sluice.proxy.policy.breaker.AdmissionStage;
import dev.sluice.proxy.policy.outlier.OutlierDetector;
import dev.sluice.proxy.policy.outlier.OutlierStage;
import dev.sluice.proxy.policy.outlier.OutlierSweep;
import dev.sluice.proxy.tcp.TcpCluster;
import dev.sluice.proxy.upstream.names.ClusterNames;
import dev.sluice.proxy.upstream.names.DnsResolver;
import dev.sluice.proxy.upstream.names.EndpointSource;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A cluster with the machinery behind it. Lives over reloads; changed by the configuration thread only. */
final class LiveCluster {
    private final Cluster cluster;
    private final AttemptStage attempts;
    private final OutlierDetector outliers;
    private final ClusterEnd end;
    private final @Nullable TcpCluster streams;
    private final @Nullable ClusterNames names;
    private @Nullable EndpointSource endpoints;
    private @Nullable OutlierSweep sweep;

    private LiveCluster(
            Cluster cluster,
            ClusterEnd end,
            OutlierDetector outliers,
            AttemptStage attempts,
            @Nullable TcpCluster streams,
            @Nullable ClusterNames names) {
        this.cluster = cluster;
        this.end = end;
        this.outliers = outliers;
        this.attempts = attempts;
        this.streams = streams;
        this.names = names;
    }

    /**
     * A new cluster whose endpoints are found as its plan says.
     *
     * @param surroundings what all clusters share
     */
    static LiveCluster start(ClusterPlan plan, Surroundings surroundings) {
        Cluster cluster = new Cluster(plan);
        ClusterNames names = plan.discovery() == ClusterPlan.Discovery.DYNAMIC_DNS
                ? new ClusterNames(cluster, surroundings.dns, surroundings.unnamed)
                : null;
        LiveCluster live = join(cluster, surroundings.ends.apply(cluster), surroundings.refused, names);
        live.sweep = OutlierSweep.start(live.cluster, live.outliers, surroundings.timers);
        live.endpoints = EndpointSource.start(live.cluster, surroundings.dns);
        return live;
    }

    /**
     * What all clusters share.
     *
     * @param ends makes what reaches the endpoints
     * @param timers runs the sweeps of outlier detection
     * @param refused addresses that must not be reached by dialling them
     * @param unnamed addresses that no name a client asks for may stand for
     */
    record Surroundings(
            Function<Cluster, ClusterEnd> ends,
            DnsResolver dns,
            ScheduledExecutorService timers,
            Predicate<InetSocketAddress> refused,
            Predicate<InetSocketAddress> unnamed) {}

    /** Joins {@code cluster}, whose endpoints are another's matter, with its stages, top-down. */
    static LiveCluster join(Cluster cluster, ClusterEnd end) {
        return join(cluster, end, address -> true, null);
    }

    private static LiveCluster join(
            Cluster cluster, ClusterEnd end, Predicate<InetSocketAddress> refused, @Nullable ClusterNames names) {
        OutlierDetector outliers = new OutlierDetector(cluster);
        AttemptStage watched = new OutlierStage(cluster, outliers, end.stage());
        Balancer balancer = Balancer.of(cluster, refused);
        BalanceStage picked = new BalanceStage(cluster, balancer, watched);
        AttemptStage balance = names == null ? picked : new NamedStage(cluster, balancer, names, picked);
        ClusterEnd.Sockets sockets = end.sockets();
        return new LiveCluster(
                cluster,
                end,
                outliers,
                new AdmissionStage(cluster, balance),
                sockets == null
                        ? null
                        : new TcpCluster(cluster, balancer, outliers, sockets.permits(), sockets.dialer(), names),
                names);
    }

    Cluster cluster() {
        return cluster;
    }

    /** What an attempt goes through: admission, balance, outlier detection, pool. */
    AttemptStage attempts() {
        return attempts;
    }

    /** What a connection of bytes goes through; null where there are no sockets behind. */
    @Nullable
    TcpCluster streams() {
        return streams;
    }

    /** Completes once its endpoints were looked for. */
    CompletionStage<Void> ready() {
        return endpoints == null ? CompletableFuture.completedStage(null) : endpoints.ready();
    }

    /** Whether it can go on as {@code newer}: how endpoints are found by name is built in. */
    boolean canBecome(ClusterPlan newer) {
        return (newer.discovery() == ClusterPlan.Discovery.DYNAMIC_DNS) == (names != null);
    }

    void update(ClusterPlan newer) {
        if (!newer.equals(cluster.plan())) {
            cluster.update(newer);
            if (endpoints != null) {
                endpoints.reload();
            }
        }
    }

    /**
     * No configuration in force names it. Its connections finish their streams and close, and nothing is looked up any more;
     * exchanges that hold it are served all the same, by the endpoints that it has now.
     */
    void close() {
        if (endpoints != null) {
            endpoints.close();
        }
        if (sweep != null) {
            sweep.close();
        }
        if (names != null) {
            names.close();
        }
        end.close().run();
    }
}
