package dev.sluice.proxy.policy.retry;

import java.util.random.RandomGenerator;

/**
 * Full-jitter back-off as Envoy draws it (spec/istio-fields.md §12.8): the n-th interval is min(2 × previous, 10 × base)
 * and the delay is uniform in [0, interval). Pure.
 */
final class BackOff {
    private static final int CAP_FACTOR = 10;

    private BackOff() {}

    /** Upper bound, exclusive, of the delay before the {@code retry}-th retry (from 1), in milliseconds. */
    static long intervalMillis(long baseMillis, int retry) {
        long cap = CAP_FACTOR * baseMillis;
        long interval = baseMillis;
        for (int i = 1; i < retry; i++) {
            if (interval * 2 >= cap) {
                return cap;
            }
            interval *= 2;
        }
        return interval;
    }

    /** Delay before the {@code retry}-th retry (from 1), in milliseconds; 0 is possible. */
    static long delayMillis(long baseMillis, int retry, RandomGenerator random) {
        long interval = intervalMillis(baseMillis, retry);
        return interval <= 0 ? 0 : random.nextLong(interval);
    }
}
