package dev.sluice.proxy.policy.breaker;

import dev.sluice.proxy.cluster.Cluster;
import dev.sluice.proxy.exchange.Attempt;
import dev.sluice.proxy.exchange.AttemptStage;

/**
 * Takes one of the cluster's http2MaxRequests permits for the length of the attempt; 503 BREAKER_OPEN when none is left.
 * Where who waits for a connection does not count, the pool takes it with the connection ({@link
 * Cluster#admitsAtConnection}).
 */
public final class AdmissionStage implements AttemptStage {
    private final Cluster cluster;
    private final AttemptStage next;

    /** For one cluster. */
    public AdmissionStage(Cluster cluster, AttemptStage next) {
        this.cluster = cluster;
        this.next = next;
    }

    @Override
    public void handle(Attempt attempt) {
        if (cluster.admitsAtConnection() || attempt.tryAdmit(cluster)) {
            next.handle(attempt);
        } else {
            cluster.counters().requestRefused();
            attempt.fail(Attempt.REQUESTS_FULL);
        }
    }
}
