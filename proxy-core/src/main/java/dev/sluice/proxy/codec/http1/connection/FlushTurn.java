package dev.sluice.proxy.codec.http1.connection;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.FastThreadLocal;
import java.util.Arrays;

/**
 * The connections of one event loop that have something to flush: one task for all of them rather than one for each, as a
 * busy loop answers dozens of requests in a turn. Belongs to its loop.
 */
final class FlushTurn implements Runnable {
    private static final FastThreadLocal<FlushTurn> CURRENT = new FastThreadLocal<>();

    private final EventExecutor loop;
    private FlushOnce[] dirty = new FlushOnce[16];
    private FlushOnce[] spare = new FlushOnce[16];
    private int size;

    private FlushTurn(EventExecutor loop) {
        this.loop = loop;
    }

    /** That of {@code loop}, which must be the calling thread's. */
    static FlushTurn of(EventExecutor loop) {
        FlushTurn held = CURRENT.getIfExists();
        if (held == null || held.loop != loop) {
            held = new FlushTurn(loop);
            CURRENT.set(held);
        }
        return held;
    }

    /** Flushes {@code connection} before the loop waits again; it must not be added twice. */
    void add(FlushOnce connection) {
        if (size == dirty.length) {
            dirty = Arrays.copyOf(dirty, size * 2);
        }
        dirty[size++] = connection;
        if (size == 1) {
            loop.execute(this);
        }
    }

    @Override
    public void run() {
        FlushOnce[] now = dirty;
        int count = size;
        // Flushing may make others write.
        dirty = spare;
        spare = now;
        size = 0;
        for (int i = 0; i < count; i++) {
            FlushOnce connection = now[i];
            now[i] = null;
            try {
                connection.run();
            } catch (RuntimeException | OutOfMemoryError e) {
                // The others of this turn are flushed by nobody else.
                connection.failed(e);
            }
        }
    }
}
