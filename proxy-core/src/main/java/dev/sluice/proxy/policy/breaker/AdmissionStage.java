package dev.sluice.proxy.policy.breaker;

import dev.sluice.proxy.cluster.Cluster;
import dev.sluice.proxy.exchange.Attempt;
import dev.sluice.proxy.exchange.AttemptEnd;
import dev.sluice.proxy.exchange.AttemptStage;
import dev.sluice.proxy.stream.ErrorCode;
import dev.sluice.proxy.stream.ProxyError;

/** Takes one of the cluster's http2MaxRequests permits for the length of the attempt; 503 BREAKER_OPEN when none is left. */
public final class AdmissionStage implements AttemptStage, AttemptEnd {
    private static final ProxyError FULL = ProxyError.proxy(ErrorCode.BREAKER_OPEN, "http2MaxRequests is reached");

    private final Cluster cluster;
    private final AttemptStage next;

    /** For one cluster. */
    public AdmissionStage(Cluster cluster, AttemptStage next) {
        this.cluster = cluster;
        this.next = next;
    }

    @Override
    public void handle(Attempt attempt) {
        if (!cluster.requests().tryAcquire()) {
            cluster.counters().requestRefused();
            attempt.fail(FULL);
            return;
        }
        attempt.onEnd(this);
        next.handle(attempt);
    }

    @Override
    public void attemptEnded(Attempt attempt) {
        cluster.requests().release();
    }
}
