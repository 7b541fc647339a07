package dev.sluice.proxy.policy.outlier;

import dev.sluice.config.plan.policy.OutlierPlan;
import dev.sluice.proxy.cluster.Cluster;
import dev.sluice.proxy.cluster.ClusterObserver;
import dev.sluice.proxy.cluster.Endpoint;
import dev.sluice.proxy.cluster.Health;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Takes endpoints that keep failing out of their cluster for a while (Envoy's outlier detection,
 * spec/istio-fields.md §12.6): a counter that reaches its threshold ejects at once, a sweep at every interval brings back.
 * Ejected endpoints go on with what they have in flight.
 *
 * <p>With {@code sluice.dev/half-open} an endpoint comes back {@link Health#HALF_OPEN}: its first good answer makes it
 * healthy, its first bad one ejects it again, whatever the thresholds.
 *
 * <p>Thread-safe. All times are {@link System#nanoTime()}, given by the caller. Settings are those of the cluster's plan at
 * the time of the call, so a reload keeps ejections and counters.
 */
public final class OutlierDetector implements ClusterObserver {
    private static final long LONGEST_EJECTION_NANOS = TimeUnit.SECONDS.toNanos(300);
    private static final int GATEWAY_TIMEOUT = 504;
    private static final int UNAVAILABLE = 503;

    private final Cluster cluster;
    private final Map<Endpoint, EndpointRecord> records = new ConcurrentHashMap<>();

    /** Watches {@code cluster} from now on. */
    public OutlierDetector(Cluster cluster) {
        this.cluster = cluster;
        cluster.observe(this);
    }

    /** A request got a connection to {@code endpoint}, a new one or one that was there. */
    public void connected(OutlierPlan plan, Endpoint endpoint) {
        if (plan.splitLocalOrigin()) {
            EndpointRecord.clear(recordOf(endpoint).localFailures);
        }
    }

    /**
     * {@code endpoint} answered. What nearly always holds: a good answer of an endpoint in good health, for which nobody needs
     * to ask the clock.
     *
     * @return false when it is for {@link #answered} to say more
     */
    public boolean answeredWell(OutlierPlan plan, Endpoint endpoint, int status) {
        if (isError(plan, status) || endpoint.health() == Health.HALF_OPEN) {
            return false;
        }
        recordOf(endpoint).answered();
        return true;
    }

    /**
     * {@code endpoint} answered.
     *
     * @param status of HTTP, or what gRPC's status stands for there
     */
    public void answered(OutlierPlan plan, Endpoint endpoint, int status, long nowNanos) {
        EndpointRecord held = recordOf(endpoint);
        if (!isError(plan, status)) {
            held.answered();
            if (endpoint.health() == Health.HALF_OPEN) {
                cluster.health(endpoint, Health.HEALTHY, nowNanos);
            }
            return;
        }
        failed(plan, endpoint, held, status, nowNanos);
    }

    private void failed(OutlierPlan plan, Endpoint endpoint, EndpointRecord held, int status, long nowNanos) {
        if (status == UNAVAILABLE || status == GATEWAY_TIMEOUT || status == 502) {
            count(endpoint, held.gatewayErrors, plan.consecutiveGatewayErrors(), nowNanos);
        } else {
            EndpointRecord.clear(held.gatewayErrors);
        }
        count(endpoint, held.errors, plan.consecutive5xx(), nowNanos);
        endTrial(endpoint, nowNanos);
    }

    /** {@code endpoint} did not answer: no connection, a reset before its end, or, when {@code timedOut}, not in time. */
    public void unanswered(OutlierPlan plan, Endpoint endpoint, boolean timedOut, long nowNanos) {
        if (!plan.splitLocalOrigin()) {
            // Whatever codes the plan calls errors: those are of answers, and this is none.
            failed(plan, endpoint, recordOf(endpoint), timedOut ? GATEWAY_TIMEOUT : UNAVAILABLE, nowNanos);
            return;
        }
        count(endpoint, recordOf(endpoint).localFailures, plan.consecutiveLocalOriginFailures(), nowNanos);
        endTrial(endpoint, nowNanos);
    }

    /** Brings back whose time is over and forgives those that stayed for an interval. Once an interval. */
    public synchronized void sweep(long nowNanos) {
        OutlierPlan plan = cluster.plan().outlier();
        for (Endpoint endpoint : cluster.endpoints().all()) {
            EndpointRecord held = records.get(endpoint);
            if (held == null) {
                continue;
            }
            if (endpoint.health() == Health.EJECTED) {
                if (plan == null || nowNanos - held.ejectedNanos >= lengthNanos(plan, held)) {
                    comeBack(endpoint, held, plan != null && plan.halfOpenPercent() > 0, nowNanos);
                }
            } else if (plan == null) {
                cluster.health(endpoint, Health.HEALTHY, nowNanos);
            } else if (held.multiplier > 0
                    && nowNanos - held.returnedNanos >= plan.interval().toNanos()) {
                held.multiplier--;
            }
        }
        if (plan == null) {
            records.clear();
        }
    }

    private void comeBack(Endpoint endpoint, EndpointRecord held, boolean onTrial, long nowNanos) {
        held.resetCounters();
        held.returnedNanos = nowNanos;
        cluster.health(endpoint, onTrial ? Health.HALF_OPEN : Health.HEALTHY, nowNanos);
    }

    private void count(Endpoint endpoint, AtomicInteger counter, int threshold, long nowNanos) {
        // Equal, not at least: of loops that fail at once only one ejects, and 0 is never reached.
        if (counter.incrementAndGet() == threshold && eject(endpoint, nowNanos)) {
            counter.set(0);
        }
    }

    private void endTrial(Endpoint endpoint, long nowNanos) {
        if (endpoint.health() == Health.HALF_OPEN) {
            eject(endpoint, nowNanos);
        }
    }

    /** False when it was ejected before, in which case nothing is to be reset; true also when too many others are. */
    private synchronized boolean eject(Endpoint endpoint, long nowNanos) {
        OutlierPlan plan = cluster.plan().outlier();
        if (plan == null || endpoint.isGone() || endpoint.health() == Health.EJECTED) {
            return false;
        }
        List<Endpoint> all = cluster.endpoints().all();
        int ejected = 0;
        for (Endpoint other : all) {
            if (other.health() == Health.EJECTED) {
                ejected++;
            }
        }
        if (100.0 * (ejected + 1) / all.size() <= plan.maxEjectionPercent()) {
            EndpointRecord held = recordOf(endpoint);
            held.ejectedNanos = nowNanos;
            long base = plan.baseEjectionTime().toNanos();
            if (held.multiplier * base < longestNanos(plan) + base) {
                held.multiplier++;
            }
            cluster.health(endpoint, Health.EJECTED, nowNanos);
        }
        return true;
    }

    private EndpointRecord recordOf(Endpoint endpoint) {
        EndpointRecord held = records.get(endpoint);
        return held != null ? held : records.computeIfAbsent(endpoint, added -> new EndpointRecord());
    }

    private static boolean isError(OutlierPlan plan, int status) {
        return plan.errorCodes().isEmpty()
                ? status >= 500 && status < 600
                : plan.errorCodes().contains(status);
    }

    private static long lengthNanos(OutlierPlan plan, EndpointRecord held) {
        return Math.min(plan.baseEjectionTime().toNanos() * held.multiplier, longestNanos(plan));
    }

    private static long longestNanos(OutlierPlan plan) {
        return Math.max(LONGEST_EJECTION_NANOS, plan.baseEjectionTime().toNanos());
    }

    // Called with the cluster's lock held: taking this one's here would be the other order of eject().
    @Override
    public void endpointsChanged(Cluster changed, List<Endpoint> joined, List<Endpoint> left) {
        left.forEach(records::remove);
    }
}
