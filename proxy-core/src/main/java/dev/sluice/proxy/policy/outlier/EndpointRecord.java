package dev.sluice.proxy.policy.outlier;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * What outlier detection remembers of one endpoint: errors in a row, and how often it was ejected.
 *
 * <p>The counters are changed by event loops, without a lock; the rest is guarded by the {@link OutlierDetector}.
 */
final class EndpointRecord {
    /** Answers in a row that are errors. */
    final AtomicInteger errors = new AtomicInteger();

    /** 502, 503 and 504 in a row. */
    final AtomicInteger gatewayErrors = new AtomicInteger();

    /** Connect failures, resets and timeouts in a row, where they are counted apart. */
    final AtomicInteger localFailures = new AtomicInteger();

    /** How many times the base time the next ejection lasts; 0 before the first. */
    int multiplier;

    /** Time of the last ejection. */
    long ejectedNanos;

    /** Time of the last return; counts only while {@link #multiplier} is not 0. */
    long returnedNanos;

    /** Begins again at zero; an endpoint that was just let off owes nothing. */
    void resetCounters() {
        clear(errors);
        clear(gatewayErrors);
        clear(localFailures);
    }

    /** A good answer. Reads first: endpoints in good health must not trade a cache line between loops at every request. */
    void answered() {
        clear(errors);
        clear(gatewayErrors);
    }

    static void clear(AtomicInteger counter) {
        if (counter.get() != 0) {
            counter.set(0);
        }
    }
}
