package dev.sluice.proxy.overload;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.FastThreadLocal;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What the connections of one event loop share about memory: the pressure that they look at, and the list of those that may
 * be ended for it. Belongs to its loop.
 */
public final class LoopMemory {
    private static final FastThreadLocal<LoopMemory> CURRENT = new FastThreadLocal<>();
    /** The first sweep ends what holds so much, each further one what holds half as much. */
    private static final int FIRST_BYTES = 256 * 1024;

    private static final int LEAST_BYTES = 4 * 1024;
    /** Between two sweeps: a writer that is not stuck has its bytes taken meanwhile. */
    private static final int PAUSE_MILLIS = 20;

    private final EventExecutor loop;
    private final MemoryPressure pressure;
    private @Nullable MemoryHolder oldest;
    private @Nullable MemoryHolder newest;
    private int thresholdBytes = FIRST_BYTES;
    private boolean sweeping;

    private LoopMemory(EventExecutor loop, MemoryPressure pressure) {
        this.loop = loop;
        this.pressure = pressure;
    }

    /** That of {@code loop}, which must be the calling thread's. */
    public static LoopMemory of(EventExecutor loop) {
        LoopMemory held = CURRENT.getIfExists();
        return held != null && held.loop == loop ? held : use(loop, MemoryPressure.process());
    }

    /** Has {@code loop}, the calling thread's, look at {@code pressure}; those who were in its list before are forgotten. */
    public static LoopMemory use(EventExecutor loop, MemoryPressure pressure) {
        LoopMemory memory = new LoopMemory(loop, pressure);
        CURRENT.set(memory);
        return memory;
    }

    /** What its connections look at. */
    public MemoryPressure pressure() {
        return pressure;
    }

    /** Whether a connection may hold kilobytes only. Where that does not suffice any more, {@link #sweep} is soon. */
    public boolean isTight() {
        if (!pressure.isTight()) {
            return false;
        }
        if (!sweeping && pressure.isOverfull()) {
            // Not now: who asks is in the midst of what might be ended.
            sweeping = true;
            ScheduledFuture<?> unused = loop.schedule(this::sweepAgain, PAUSE_MILLIS, TimeUnit.MILLISECONDS);
        }
        return true;
    }

    private void sweepAgain() {
        sweeping = false;
        sweep();
    }

    /**
     * Looks whether memory is so short that something has to be ended for it, and ends what holds
     * most: the oldest first, and no more than it takes. That is what nobody reads, as a rule: while memory is tight, what
     * moves holds little. Envoy resets streams by their size in the same way.
     */
    public void sweep() {
        if (!pressure.isOverfull()) {
            thresholdBytes = FIRST_BYTES;
            return;
        }
        MemoryHolder holder = oldest;
        while (holder != null && !pressure.isRelieved()) {
            // Before it is ended, by which it leaves the list.
            MemoryHolder next = holder.next;
            if (holder.heldBytes() >= thresholdBytes) {
                holder.shed(thresholdBytes, pressure);
            }
            holder = next;
        }
        thresholdBytes = Math.max(LEAST_BYTES, thresholdBytes / 2);
    }

    void add(MemoryHolder holder) {
        holder.previous = newest;
        if (newest == null) {
            oldest = holder;
        } else {
            newest.next = holder;
        }
        newest = holder;
    }

    void remove(MemoryHolder holder) {
        MemoryHolder before = holder.previous;
        MemoryHolder after = holder.next;
        if (before == null) {
            oldest = after;
        } else {
            before.next = after;
        }
        if (after == null) {
            newest = before;
        } else {
            after.previous = before;
        }
        holder.previous = null;
        holder.next = null;
    }
}
