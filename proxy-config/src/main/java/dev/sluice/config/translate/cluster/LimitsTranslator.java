package dev.sluice.config.translate.cluster;

import dev.sluice.config.crd.ConnectionPoolSettings;
import dev.sluice.config.crd.ConnectionPoolSettings.Http2KeepAlive;
import dev.sluice.config.crd.ConnectionPoolSettings.HttpSettings;
import dev.sluice.config.crd.ConnectionPoolSettings.TcpKeepalive;
import dev.sluice.config.crd.ConnectionPoolSettings.TcpSettings;
import dev.sluice.config.crd.TrafficPolicy.RetryBudget;
import dev.sluice.config.plan.policy.LimitsPlan;
import dev.sluice.config.plan.policy.LimitsPlan.KeepAlivePlan;
import dev.sluice.config.plan.policy.LimitsPlan.PingPlan;
import dev.sluice.config.plan.policy.LimitsPlan.RetryBudgetPlan;
import dev.sluice.config.translate.scope.Mesh;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Connection pool settings with their defaults (spec §2.5); 0 is "not set" for every count. */
final class LimitsTranslator {
    private static final int UNLIMITED = Integer.MAX_VALUE;
    private static final double DEFAULT_BUDGET_PERCENT = 20;
    private static final long DEFAULT_BUDGET_CONCURRENCY = 3;

    private final Mesh mesh;
    private final @Nullable KeepAlivePlan ofMesh;

    public LimitsTranslator(Mesh mesh) {
        this.mesh = mesh;
        this.ofMesh = keepAlivePlan(mesh.tcpKeepalive());
    }

    /** Limits of a cluster that no DestinationRule speaks of. */
    public LimitsPlan limits(@Nullable ConnectionPoolSettings pool) {
        return limits(pool, null, null);
    }

    /** @param rule whose annotations set the limits of single endpoints */
    LimitsPlan limits(@Nullable ConnectionPoolSettings pool, @Nullable RetryBudget budget, @Nullable MergedRule rule) {
        TcpSettings tcp = pool == null ? null : pool.tcp();
        HttpSettings http = pool == null ? null : pool.http();
        return new LimitsPlan(
                limit(tcp == null ? null : tcp.maxConnections()),
                connectTimeout(tcp),
                keepAlive(tcp == null ? null : tcp.tcpKeepalive()),
                tcp == null ? null : positive(tcp.maxConnectionDuration()),
                idleTimeout(tcp, http),
                limit(http == null ? null : http.http1MaxPendingRequests()),
                limit(http == null ? null : http.http2MaxRequests()),
                http == null || http.maxRequestsPerConnection() == null ? 0 : http.maxRequestsPerConnection(),
                limit(http == null ? null : http.maxRetries()),
                limit(http == null ? null : http.maxConcurrentStreams()),
                pings(http == null ? null : http.http2KeepAlive()),
                budget == null ? null : budget(budget),
                perEndpoint(rule, SluiceAnnotations.MAX_CONNECTIONS_PER_ENDPOINT),
                perEndpoint(rule, SluiceAnnotations.MAX_REQUESTS_PER_ENDPOINT),
                rule == null ? null : SluiceAnnotations.duration(rule.annotation(SluiceAnnotations.PENDING_DEADLINE)));
    }

    private static int limit(@Nullable Integer value) {
        return value == null || value <= 0 ? UNLIMITED : value;
    }

    private static int perEndpoint(@Nullable MergedRule rule, String annotation) {
        return rule == null
                ? UNLIMITED
                : SluiceAnnotations.number(rule.annotation(annotation), 1, UNLIMITED, UNLIMITED);
    }

    private Duration connectTimeout(@Nullable TcpSettings tcp) {
        Duration own = tcp == null ? null : positive(tcp.connectTimeout());
        return own == null ? mesh.connectTimeout() : own;
    }

    /** That of HTTP, else that of TCP, where 0 means never; an hour if neither is set. */
    private static @Nullable Duration idleTimeout(@Nullable TcpSettings tcp, @Nullable HttpSettings http) {
        Duration own = http == null ? null : http.idleTimeout();
        if (own == null) {
            own = tcp == null ? null : tcp.idleTimeout();
        }
        return own == null ? LimitsPlan.DEFAULT.idleTimeout() : positive(own);
    }

    /** What the settings leave unset is what the mesh says. */
    private @Nullable KeepAlivePlan keepAlive(@Nullable TcpKeepalive own) {
        KeepAlivePlan plan = keepAlivePlan(own);
        if (plan == null || ofMesh == null) {
            return plan == null ? ofMesh : plan;
        }
        return new KeepAlivePlan(
                plan.probes() == null ? ofMesh.probes() : plan.probes(),
                plan.time() == null ? ofMesh.time() : plan.time(),
                plan.interval() == null ? ofMesh.interval() : plan.interval());
    }

    private static @Nullable KeepAlivePlan keepAlivePlan(@Nullable TcpKeepalive written) {
        if (written == null) {
            return null;
        }
        Long probes = written.probes();
        return new KeepAlivePlan(
                probes == null || probes <= 0 ? null : (int) Math.min(probes, Integer.MAX_VALUE),
                positive(written.time()),
                positive(written.interval()));
    }

    private static @Nullable PingPlan pings(@Nullable Http2KeepAlive written) {
        Duration interval = written == null ? null : positive(written.interval());
        Duration timeout = written == null ? null : positive(written.timeout());
        return interval == null || timeout == null ? null : new PingPlan(interval, timeout);
    }

    private static RetryBudgetPlan budget(RetryBudget budget) {
        Long concurrency = budget.minRetryConcurrency();
        return new RetryBudgetPlan(budget.percent() == null ? DEFAULT_BUDGET_PERCENT : budget.percent(), (int) Math.min(
                concurrency == null || concurrency == 0 ? DEFAULT_BUDGET_CONCURRENCY : concurrency, UNLIMITED));
    }

    private static @Nullable Duration positive(@Nullable Duration duration) {
        return duration == null || duration.isZero() || duration.isNegative() ? null : duration;
    }
}
