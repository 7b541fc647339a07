package dev.sluice.proxy.assembly;

import dev.sluice.proxy.listener.ListenerBinder;
import dev.sluice.proxy.log.Logs;
import dev.sluice.proxy.overload.HeapGauge;
import dev.sluice.proxy.overload.LoopMemory;
import dev.sluice.proxy.overload.MemoryPressure;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.ScheduledFuture;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * What an overloaded process does beyond what each connection does by itself: it accepts no connection while memory is
 * short, has each loop end what holds most, and says so. Looks {@value #PERIOD_MILLIS} ms after {@value #PERIOD_MILLIS} ms,
 * as Envoy's overload manager does; on the event loops.
 */
final class OverloadGuard implements AutoCloseable {
    private static final Logger LOG = Logs.of(OverloadGuard.class);
    private static final int PERIOD_MILLIS = 250;
    private static final int HEAP_PERIODS = 4;
    private static final long MIB = 1024 * 1024;

    private final ListenerBinder listeners;
    private final MemoryPressure pressure;
    private final HeapGauge heap;
    private final List<ScheduledFuture<?>> tasks = new ArrayList<>();
    private boolean shedding;
    private int periods;

    private OverloadGuard(ListenerBinder listeners, MemoryPressure pressure) {
        this.listeners = listeners;
        this.pressure = pressure;
        this.heap = new HeapGauge(pressure);
    }

    /** Guards the loops of {@code group} until it is closed. */
    static OverloadGuard watch(EventLoopGroup group, ListenerBinder listeners, MemoryPressure pressure) {
        OverloadGuard guard = new OverloadGuard(listeners, pressure);
        boolean first = true;
        for (EventExecutor executor : group) {
            EventLoop loop = (EventLoop) executor;
            guard.every(loop, () -> LoopMemory.of(loop).sweep());
            if (first) {
                guard.every(loop, guard::look);
                first = false;
            }
        }
        return guard;
    }

    private void every(EventLoop loop, Runnable task) {
        tasks.add(loop.scheduleWithFixedDelay(task, PERIOD_MILLIS, PERIOD_MILLIS, TimeUnit.MILLISECONDS));
    }

    private void look() {
        if (periods++ % HEAP_PERIODS == 0) {
            heap.poll();
        }
        boolean now = pressure.isShedding();
        if (now || shedding) {
            // Also again and again: a listener may have been bound meanwhile.
            listeners.accepting(!now);
        }
        if (now != shedding) {
            shedding = now;
            tell();
        }
    }

    private void tell() {
        String used = pressure.usedBytes() / MIB + " of " + pressure.maxBytes() / MIB + " MiB of buffers are in use";
        if (shedding) {
            LOG.log(Level.WARNING, "Memory is short: {0}; requests are refused, connections are not accepted", used);
        } else {
            LOG.log(
                    Level.WARNING,
                    "Memory is no longer short: {0}; {1} requests were refused, {2} connections and streams ended",
                    used,
                    pressure.refusedRequests(),
                    pressure.ended());
        }
    }

    @Override
    public void close() {
        tasks.forEach(task -> task.cancel(false));
    }
}
