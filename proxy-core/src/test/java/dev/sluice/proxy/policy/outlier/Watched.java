package dev.sluice.proxy.policy.outlier;

import dev.sluice.config.plan.EndpointPlan;
import dev.sluice.config.plan.policy.OutlierPlan;
import dev.sluice.proxy.cluster.Cluster;
import dev.sluice.proxy.cluster.Endpoint;
import dev.sluice.proxy.cluster.Plans;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A cluster under outlier detection with a clock that tests move; its timers start at 0 s. */
final class Watched {
    final Cluster cluster;
    final OutlierDetector detector;
    private long nowNanos;
    private OutlierPlan plan;

    Watched(int endpoints, OutlierPlan plan) {
        this.plan = plan;
        this.cluster = new Cluster(Plans.cluster().outlier(plan).build());
        this.detector = new OutlierDetector(cluster);
        cluster.replaceEndpoints(members(endpoints), 0);
    }

    /** Istio's defaults, but everybody may be ejected. */
    static OutlierPlan plan() {
        return new OutlierPlan(5, 0, false, 5, Duration.ofSeconds(10), Duration.ofSeconds(30), 100, 0, List.of(), 0);
    }

    static List<EndpointPlan> members(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> Plans.endpoint("10.0.0." + i, 80))
                .toList();
    }

    void reload(OutlierPlan newer) {
        plan = newer;
        cluster.update(Plans.cluster().outlier(newer).build());
    }

    Endpoint endpoint(int index) {
        return cluster.endpoints().all().get(index);
    }

    void answers(int index, int... statuses) {
        for (int status : statuses) {
            detector.answered(plan, endpoint(index), status, nowNanos);
        }
    }

    void unanswered(int index, int times) {
        for (int i = 0; i < times; i++) {
            detector.unanswered(plan, endpoint(index), false, nowNanos);
        }
    }

    void timesOut(int index, int times) {
        for (int i = 0; i < times; i++) {
            detector.unanswered(plan, endpoint(index), true, nowNanos);
        }
    }

    void connects(int index) {
        detector.connected(plan, endpoint(index));
    }

    /** Moves the clock, without a sweep. */
    void at(double seconds) {
        nowNanos = (long) (seconds * TimeUnit.SECONDS.toNanos(1));
    }

    void sweepAt(double seconds) {
        at(seconds);
        detector.sweep(nowNanos);
    }

    /** One letter an endpoint: {@code h}ealthy, {@code E}jected, half-open {@code T}rial. */
    String states() {
        return cluster.endpoints().all().stream()
                .map(endpoint -> switch (endpoint.health()) {
                    case HEALTHY -> "h";
                    case EJECTED -> "E";
                    case HALF_OPEN -> "T";
                })
                .collect(Collectors.joining());
    }
}
