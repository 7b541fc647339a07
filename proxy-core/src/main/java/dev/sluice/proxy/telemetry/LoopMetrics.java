package dev.sluice.proxy.telemetry;

import dev.sluice.proxy.loop.Blocks;
import dev.sluice.proxy.loop.LoopWatchdog;
import dev.sluice.proxy.loop.TurnClock;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

/** How often, and for how long, event loops were blocked. */
public final class LoopMetrics {
    private static final double MILLIS = 1e-6;

    private LoopMetrics() {}

    /** Registers the meters of each loop, which are read on each scrape. */
    public static void watch(MeterRegistry registry, LoopWatchdog watchdog) {
        for (TurnClock loop : watchdog.clocks()) {
            watch(registry, loop.blocks(), Integer.toString(loop.number()));
        }
    }

    private static void watch(MeterRegistry registry, Blocks blocks, String loop) {
        FunctionCounter.builder("sluice_event_loop_blocked_total", blocks, Blocks::count)
                .description("Turns of an event loop of more than " + TurnClock.LIMIT_MILLIS + " ms")
                .tag("loop", loop)
                .register(registry);
        FunctionCounter.builder("sluice_event_loop_blocked_milliseconds_total", blocks, b -> b.totalNanos() * MILLIS)
                .description("What those turns lasted together")
                .tag("loop", loop)
                .register(registry);
        Gauge.builder("sluice_event_loop_blocked_longest_milliseconds", blocks, b -> b.longestNanos() * MILLIS)
                .description("The longest of them within this minute and the one before it; 0 for none")
                .tag("loop", loop)
                .register(registry);
    }
}
