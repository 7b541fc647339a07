package dev.sluice.proxy.log;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * When a line of the log is due that a flood could ask for without end: at once, and then not again for {@value #SILENCE_SECONDS} s.
 * Thread-safe; of those that ask at once, one is told yes.
 */
public final class RareLine {
    static final int SILENCE_SECONDS = 10;

    private static final long SILENCE_NANOS = TimeUnit.SECONDS.toNanos(SILENCE_SECONDS);

    private final AtomicLong silentUntilNanos;

    /** Due now. */
    public RareLine() {
        this(System.nanoTime());
    }

    RareLine(long nowNanos) {
        silentUntilNanos = new AtomicLong(nowNanos);
    }

    /** Whether the line is to be written; who is told so has to write it, for the silence begins. */
    public boolean take() {
        return take(System.nanoTime());
    }

    boolean take(long nowNanos) {
        long until = silentUntilNanos.get();
        return nowNanos - until >= 0 && silentUntilNanos.compareAndSet(until, nowNanos + SILENCE_NANOS);
    }
}
