package dev.sluice.proxy.loop;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Turns of one event loop that were too long, each counted once. Thread-safe by a lock, which nobody meets who was not slow
 * already.
 */
public final class Blocks {
    private static final long WINDOW_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final LongSupplier nanos;
    private long count;
    private long totalNanos;
    private long windowNanos;
    private long longest;
    private long longestBefore;
    private long untold;
    private long untoldLongest;

    Blocks(LongSupplier nanos) {
        this.nanos = nanos;
        this.windowNanos = nanos.getAsLong();
    }

    synchronized void add(long tookNanos) {
        turnWindow();
        count++;
        totalNanos += tookNanos;
        longest = Math.max(longest, tookNanos);
        untold++;
        untoldLongest = Math.max(untoldLongest, tookNanos);
    }

    /** How many there were. */
    public synchronized long count() {
        return count;
    }

    /** What they lasted together. */
    public synchronized long totalNanos() {
        return totalNanos;
    }

    /** The longest of the minute that passes and the one before it; 0 for none. */
    public synchronized long longestNanos() {
        turnWindow();
        return Math.max(longest, longestBefore);
    }

    /**
     * What was added since this was last asked.
     *
     * @param count how many
     * @param longestNanos 0 for none
     */
    record Untold(long count, long longestNanos) {}

    synchronized Untold takeUntold() {
        Untold taken = new Untold(untold, untoldLongest);
        untold = 0;
        untoldLongest = 0;
        return taken;
    }

    synchronized boolean hasUntold() {
        return untold > 0;
    }

    private void turnWindow() {
        long passed = nanos.getAsLong() - windowNanos;
        if (passed >= WINDOW_NANOS) {
            longestBefore = passed < 2 * WINDOW_NANOS ? longest : 0;
            longest = 0;
            windowNanos += passed - passed % WINDOW_NANOS;
        }
    }
}
