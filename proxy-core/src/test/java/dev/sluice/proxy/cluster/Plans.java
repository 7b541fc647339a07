package dev.sluice.proxy.cluster;

import dev.sluice.config.plan.ClusterKey;
import dev.sluice.config.plan.ClusterPlan;
import dev.sluice.config.plan.ClusterPlan.Discovery;
import dev.sluice.config.plan.ClusterPlan.UpstreamProtocol;
import dev.sluice.config.plan.ConnectPlan;
import dev.sluice.config.plan.EndpointPlan;
import dev.sluice.config.plan.SourceRef;
import dev.sluice.config.plan.policy.BalancePlan;
import dev.sluice.config.plan.policy.BalancePlan.Algorithm;
import dev.sluice.config.plan.policy.BalancePlan.LocalityPlan;
import dev.sluice.config.plan.policy.BalancePlan.WarmupPlan;
import dev.sluice.config.plan.policy.LimitsPlan;
import dev.sluice.config.plan.policy.LimitsPlan.KeepAlivePlan;
import dev.sluice.config.plan.policy.LimitsPlan.PingPlan;
import dev.sluice.config.plan.policy.LimitsPlan.RetryBudgetPlan;
import dev.sluice.config.plan.policy.OutlierPlan;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Plans of clusters for tests: start from {@link #cluster()} and change what the test is about. */
public final class Plans {
    private Discovery discovery = Discovery.STATIC;
    private List<EndpointPlan> endpoints = List.of();
    private UpstreamProtocol protocol = UpstreamProtocol.HTTP1;
    private Algorithm algorithm = Algorithm.ROUND_ROBIN;
    private @Nullable LocalityPlan locality;
    private @Nullable WarmupPlan warmup;
    private @Nullable OutlierPlan outlier;
    private int maxConnections = Integer.MAX_VALUE;
    private int maxPending = Integer.MAX_VALUE;
    private int maxRequests = Integer.MAX_VALUE;
    private int maxConnectionsPerEndpoint = Integer.MAX_VALUE;
    private int maxRequestsPerEndpoint = Integer.MAX_VALUE;
    private int maxRequestsPerConnection;
    private int maxStreams = Integer.MAX_VALUE;
    private @Nullable KeepAlivePlan keepAlive;
    private @Nullable PingPlan pings;
    private Duration connectTimeout = Duration.ofSeconds(10);
    private @Nullable Duration idleTimeout = Duration.ofHours(1);
    private @Nullable Duration maxConnectionDuration;
    private @Nullable Duration pendingDeadline;

    private @Nullable RetryBudgetPlan retryBudget;
    private int maxRetries = Integer.MAX_VALUE;

    private Plans() {}

    /** HTTP/1, no limits, no endpoints. */
    public static Plans cluster() {
        return new Plans();
    }

    /** An endpoint of weight 1. */
    public static EndpointPlan endpoint(String address, int port) {
        return weighted(address, port, 1);
    }

    /** An endpoint. */
    public static EndpointPlan weighted(String address, int port, int weight) {
        return new EndpointPlan(address, port, weight, null, Map.of());
    }

    /** An endpoint of weight 1 at a place. */
    public static EndpointPlan in(String locality, String address) {
        return new EndpointPlan(address, 80, 1, locality, Map.of());
    }

    /** {@code 10.0.0.1:80}, {@code 10.0.0.2:80}, …, one of each weight. */
    public static List<Endpoint> endpoints(int... weights) {
        List<Endpoint> endpoints = new ArrayList<>();
        for (int i = 0; i < weights.length; i++) {
            endpoints.add(new Endpoint(weighted("10.0." + (i >> 8) + "." + (i & 255), 80, weights[i]), 0));
        }
        return endpoints;
    }

    public Plans discovery(Discovery value, EndpointPlan... members) {
        this.discovery = value;
        this.endpoints = List.of(members);
        return this;
    }

    public Plans protocol(UpstreamProtocol value) {
        this.protocol = value;
        return this;
    }

    public Plans algorithm(Algorithm value) {
        this.algorithm = value;
        return this;
    }

    public Plans locality(LocalityPlan value) {
        this.locality = value;
        return this;
    }

    public Plans warmup(WarmupPlan value) {
        this.warmup = value;
        return this;
    }

    public Plans minHealthPercent(int value) {
        this.outlier = new OutlierPlan(
                5, 0, false, 5, Duration.ofSeconds(10), Duration.ofSeconds(30), 100, value, List.of(), 0);
        return this;
    }

    public Plans outlier(@Nullable OutlierPlan value) {
        this.outlier = value;
        return this;
    }

    public Plans maxConnections(int value) {
        this.maxConnections = value;
        return this;
    }

    public Plans maxPending(int value) {
        this.maxPending = value;
        return this;
    }

    public Plans maxRequests(int value) {
        this.maxRequests = value;
        return this;
    }

    public Plans maxConnectionsPerEndpoint(int value) {
        this.maxConnectionsPerEndpoint = value;
        return this;
    }

    public Plans maxRequestsPerEndpoint(int value) {
        this.maxRequestsPerEndpoint = value;
        return this;
    }

    public Plans maxRequestsPerConnection(int value) {
        this.maxRequestsPerConnection = value;
        return this;
    }

    public Plans maxStreams(int value) {
        this.maxStreams = value;
        return this;
    }

    public Plans pings(PingPlan value) {
        this.pings = value;
        return this;
    }

    public Plans keepAlive(KeepAlivePlan value) {
        this.keepAlive = value;
        return this;
    }

    public Plans connectTimeout(Duration value) {
        this.connectTimeout = value;
        return this;
    }

    public Plans idleTimeout(@Nullable Duration value) {
        this.idleTimeout = value;
        return this;
    }

    public Plans maxConnectionDuration(Duration value) {
        this.maxConnectionDuration = value;
        return this;
    }

    public Plans maxRetries(int value) {
        this.maxRetries = value;
        return this;
    }

    public Plans retryBudget(double percent, int minimum) {
        this.retryBudget = new RetryBudgetPlan(percent, minimum);
        return this;
    }

    public Plans pendingDeadline(Duration value) {
        this.pendingDeadline = value;
        return this;
    }

    public LimitsPlan limits() {
        return new LimitsPlan(
                maxConnections,
                connectTimeout,
                keepAlive,
                maxConnectionDuration,
                idleTimeout,
                maxPending,
                maxRequests,
                maxRequestsPerConnection,
                maxRetries,
                maxStreams,
                pings,
                retryBudget,
                maxConnectionsPerEndpoint,
                maxRequestsPerEndpoint,
                pendingDeadline);
    }

    public ClusterPlan build() {
        return new ClusterPlan(
                new ClusterKey("svc.example", 80, null),
                discovery,
                endpoints,
                protocol,
                ConnectPlan.PLAIN,
                new BalancePlan(algorithm, 1024, 65537, locality, warmup),
                limits(),
                outlier,
                new SourceRef("test.yaml", 1, 1));
    }
}
