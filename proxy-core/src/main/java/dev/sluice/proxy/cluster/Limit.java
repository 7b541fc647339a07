package dev.sluice.proxy.cluster;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * An exact limit: what is taken never exceeds the maximum that was in force when it was taken, on however many threads.
 * A lowered maximum takes nothing back; it only refuses until enough was released.
 *
 * <p>Thread-safe, without locks.
 */
public final class Limit {
    private final AtomicInteger used = new AtomicInteger();
    private volatile int max;

    /** Starts with nothing taken. */
    public Limit(int max) {
        this.max = max;
    }

    /** Takes one if that keeps within the maximum. */
    public boolean tryAcquire() {
        while (true) {
            int now = used.get();
            if (now >= max) {
                return false;
            }
            if (used.compareAndSet(now, now + 1)) {
                return true;
            }
        }
    }

    /** Gives one back. */
    public void release() {
        int left = used.decrementAndGet();
        assert left >= 0 : "released more than was taken";
    }

    /** Taken now. */
    public int used() {
        return used.get();
    }

    /** The maximum in force. */
    public int max() {
        return max;
    }

    /** Changes the maximum. */
    public void max(int newMax) {
        this.max = newMax;
    }

    /** Whether nothing is left now. */
    public boolean isFull() {
        return used.get() >= max;
    }
}
