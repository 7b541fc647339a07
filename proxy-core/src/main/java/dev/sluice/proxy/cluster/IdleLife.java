package dev.sluice.proxy.cluster;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How long an endpoint keeps a connection open that carries no request, as far as it has told or shown. A pool that stops
 * using connections before that never writes a request into one that the server is about to close.
 *
 * <p>Told: {@code Keep-Alive: timeout=N} of a response; less a margin, as the server's clock started before ours. Shown:
 * the server closed a connection that was idle; with servers that vary their timeout the next one may go earlier, so a
 * third is taken off, and the shortest time counts. A restart may have taught too short a time: now and then a
 * connection that is past it is left open, unused, to see whether the server closes it ({@link #tryTest}); if it does not,
 * the time was too short.
 *
 * <p>Thread-safe. Times in nanoseconds; {@link Long#MAX_VALUE} is no limit.
 */
public final class IdleLife {
    /** No server times out that fast: it closed for another reason. */
    private static final long SHORTEST_TIMEOUT = TimeUnit.MILLISECONDS.toNanos(100);

    /** What is beyond the default of {@code idleTimeout} needs no limit. */
    private static final long LONGEST = TimeUnit.HOURS.toNanos(1);

    private static final long MAX_MARGIN = TimeUnit.SECONDS.toNanos(1);
    private static final long TEST_INTERVAL = TimeUnit.SECONDS.toNanos(1);
    private static final int TEST_INTERVAL_FACTOR = 10;
    /** Twice the time that was seen: a server whose timeout varies by half does not seem to keep connections longer. */
    private static final int TEST_FACTOR = 3;

    private final AtomicLong shown = new AtomicLong(Long.MAX_VALUE);
    private final AtomicLong nextTest = new AtomicLong();
    private volatile long told = Long.MAX_VALUE;

    /** How long an idle connection may be used; 0 when it must not be used again. */
    public long limitNanos() {
        return Math.min(told, shown.get());
    }

    /** The server told that it keeps an idle connection for {@code seconds}, which is not negative. */
    public void told(int seconds) {
        long nanos = TimeUnit.SECONDS.toNanos(seconds);
        long limit = nanos - Math.min(MAX_MARGIN, nanos / 4);
        if (limit != told) {
            told = limit;
        }
    }

    /** The server closed a connection that had been idle for {@code idleNanos}. */
    public void closedAfter(long idleNanos) {
        if (idleNanos >= SHORTEST_TIMEOUT && idleNanos < LONGEST) {
            shown.accumulateAndGet(limit(idleNanos), Math::min);
        }
    }

    private static long limit(long idleNanos) {
        return idleNanos - idleNanos / 3;
    }

    /**
     * Whether a connection that is past the limit should be left open to see if the limit is right; true for one in a
     * while, and only where the limit was learned by watching.
     *
     * @param nowNanos of any clock, always the same one
     */
    public boolean tryTest(long nowNanos) {
        long limit = shown.get();
        long due = nextTest.get();
        return limit < told
                && (due == 0 || nowNanos - due >= 0)
                && nextTest.compareAndSet(due, nowNanos + Math.max(TEST_INTERVAL, TEST_INTERVAL_FACTOR * limit));
    }

    /** How long a connection is left open for {@link #tryTest}, counted from when it fell idle. */
    public long testNanos() {
        long limit = shown.get();
        return limit == Long.MAX_VALUE ? limit : TEST_FACTOR * limit;
    }

    /** A connection that had been idle for {@code idleNanos} was still open. */
    public void heldOpen(long idleNanos) {
        long limit = idleNanos >= LONGEST ? Long.MAX_VALUE : limit(idleNanos);
        shown.accumulateAndGet(limit, (known, seen) -> known == Long.MAX_VALUE ? known : Math.max(known, seen));
    }
}
