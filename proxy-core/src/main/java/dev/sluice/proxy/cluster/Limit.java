package dev.sluice.proxy.cluster;

import java.util.concurrent.atomic.AtomicLong;

/**
 * An exact limit: what is taken never exceeds the maximum in force, on however many threads and while the maximum changes.
 * A lowered maximum takes nothing back; it only refuses until enough was released.
 *
 * <p>Maximum and use are one word, so that a take is decided against the very maximum that it is counted under: with two
 * fields a reload between the comparison and the count would let one too many in. Thread-safe, without locks.
 */
public final class Limit {
    private static final int MAX_SHIFT = Integer.SIZE;

    // The maximum in the upper half, what is taken in the lower one. Neither is ever negative.
    private final AtomicLong word;

    /** Starts with nothing taken. {@code max} is not negative. */
    public Limit(int max) {
        this.word = new AtomicLong(pack(max, 0));
    }

    /** Takes one if that keeps within the maximum. */
    public boolean tryAcquire() {
        while (true) {
            long now = word.get();
            if (used(now) >= max(now)) {
                return false;
            }
            if (word.compareAndSet(now, now + 1)) {
                return true;
            }
        }
    }

    /** Takes one if fewer than {@code allowed} are taken, whatever the maximum: for a limit that follows something else. */
    public boolean tryAcquireWithin(int allowed) {
        while (true) {
            long now = word.get();
            if (used(now) >= allowed) {
                return false;
            }
            if (word.compareAndSet(now, now + 1)) {
                return true;
            }
        }
    }

    /**
     * Gives one back.
     *
     * @throws IllegalStateException when nothing is taken: a permit was given back twice
     */
    public void release() {
        while (true) {
            long now = word.get();
            if (used(now) == 0) {
                throw new IllegalStateException("Released more permits than were taken, of " + max(now));
            }
            if (word.compareAndSet(now, now - 1)) {
                return;
            }
        }
    }

    /** Taken now. */
    public int used() {
        return used(word.get());
    }

    /** The maximum in force. */
    public int max() {
        return max(word.get());
    }

    /** How many more are taken than the maximum in force, after it was lowered; 0 or less while it is kept. */
    public int exceededBy() {
        long now = word.get();
        return used(now) - max(now);
    }

    /** Changes the maximum. {@code newMax} is not negative. */
    public void max(int newMax) {
        while (true) {
            long now = word.get();
            if (word.compareAndSet(now, pack(newMax, used(now)))) {
                return;
            }
        }
    }

    /** Whether nothing is left now. */
    public boolean isFull() {
        long now = word.get();
        return used(now) >= max(now);
    }

    @Override
    public String toString() {
        long now = word.get();
        return used(now) + " of " + max(now);
    }

    private static long pack(int max, int used) {
        if (max < 0) {
            throw new IllegalArgumentException("A limit cannot be negative: " + max);
        }
        return (long) max << MAX_SHIFT | used;
    }

    private static int used(long word) {
        return (int) word;
    }

    private static int max(long word) {
        return (int) (word >>> MAX_SHIFT);
    }
}
