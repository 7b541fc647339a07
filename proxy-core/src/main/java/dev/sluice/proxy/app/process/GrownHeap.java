package dev.sluice.proxy.app.process;

import io.netty.util.concurrent.GlobalEventExecutor;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Gives back what the heap has grown by and no longer needs. The serial collector lets the old generation grow up to the
 * heap's limit before it looks at what is in it, and only then a heap shrinks: without this a process would stay as large as
 * loading its configuration made it, and HTTP/2, of which some garbage outlives the young generation, would make any process
 * as large as it may be. Everything stops for the length of one full collection (10 ms for a small configuration, 60 to 90
 * for 10,000 VirtualServices), so the heap has to have grown enough to be worth it, and stops by {@link #watch} take at most
 * a {@value #REST}th of the time. Any thread.
 */
final class GrownHeap {
    /** After a load: less is not worth a stop, for one load in several where each leaves little. */
    private static final long LOAD_BYTES = 32 * 1024 * 1024;
    /** While it serves: less than this share of what it was is not worth it. */
    private static final int CREEP_SHARE = 8;

    private static final int PERIOD_SECONDS = 5;
    private static final int REST = 200;

    /** The heap and the time, as the virtual machine has them or a test. */
    interface Machine {
        /** What the heap takes of the system, used or not. */
        long heapBytes();

        /** Full; returns when it is done. */
        void collect();

        long nanoTime();
    }

    private final Machine machine;
    private final long creepBytes;
    /** Where a collection by {@link #poll} takes place: nothing that waits is begun on an event loop. */
    private final Executor elsewhere;

    private final AtomicBoolean collecting = new AtomicBoolean();
    /** How large it was after the last collection. */
    private volatile long settledBytes;

    private volatile long restEndsNanos;

    /**
     * As it is at the start of a process.
     *
     * @param creepBytes less growth than this is never worth a stop while it serves; 0 when nothing is, for a collector that
     *     looks after its heap by itself
     */
    GrownHeap(long creepBytes) {
        this(creepBytes, new ThisMachine(), GlobalEventExecutor.INSTANCE);
    }

    GrownHeap(long creepBytes, Machine machine, Executor elsewhere) {
        this.creepBytes = creepBytes;
        this.machine = machine;
        this.elsewhere = elsewhere;
        this.settledBytes = machine.heapBytes();
        this.restEndsNanos = machine.nanoTime();
    }

    /** Looks from now on every {@value #PERIOD_SECONDS} s, until {@code timer} ends. */
    void watch(ScheduledExecutorService timer) {
        if (creepBytes == 0) {
            return;
        }
        var unused = timer.scheduleWithFixedDelay(this::poll, PERIOD_SECONDS, PERIOD_SECONDS, TimeUnit.SECONDS);
    }

    /** The trees of a large configuration are garbage: takes the time, where that is worth it. */
    void released() {
        if (machine.heapBytes() - settledBytes >= LOAD_BYTES && collecting.compareAndSet(false, true)) {
            collect();
        }
    }

    /** Looks whether it has grown meanwhile. Never blocks. */
    void poll() {
        long bytes = machine.heapBytes();
        long settled = settledBytes;
        if (bytes - settled >= Math.max(creepBytes, settled / CREEP_SHARE)
                && machine.nanoTime() - restEndsNanos >= 0
                && collecting.compareAndSet(false, true)) {
            elsewhere.execute(this::collect);
        }
    }

    private void collect() {
        try {
            long begunNanos = machine.nanoTime();
            machine.collect();
            long endNanos = machine.nanoTime();
            settledBytes = machine.heapBytes();
            restEndsNanos = endNanos + REST * (endNanos - begunNanos);
        } finally {
            collecting.set(false);
        }
    }

    private static final class ThisMachine implements Machine {
        private final Runtime runtime = Runtime.getRuntime();

        @Override
        public long heapBytes() {
            return runtime.totalMemory();
        }

        @Override
        public void collect() {
            System.gc();
        }

        @Override
        public long nanoTime() {
            return System.nanoTime();
        }
    }
}
