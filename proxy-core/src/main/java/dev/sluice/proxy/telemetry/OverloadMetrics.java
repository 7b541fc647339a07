package dev.sluice.proxy.telemetry;

import dev.sluice.proxy.overload.MemoryPressure;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.ToDoubleFunction;

/** How short memory is, and what was refused or ended for it. */
public final class OverloadMetrics {
    private OverloadMetrics() {}

    /** Registers the meters of {@code pressure}, which are read on each scrape. */
    public static void watch(MeterRegistry registry, MemoryPressure pressure) {
        gauge(registry, pressure, "sluice_buffer_bytes", "Memory for buffers in use", MemoryPressure::usedBytes);
        gauge(registry, pressure, "sluice_buffer_limit_bytes", "Memory for buffers, at most", MemoryPressure::maxBytes);
        gauge(
                registry,
                pressure,
                "sluice_overload_active",
                "1 while requests are refused because memory is short",
                p -> p.isShedding() ? 1 : 0);
        counter(registry, pressure, "requests_refused", "Requests answered 503", MemoryPressure::refusedRequests);
        counter(registry, pressure, "ended", "Streams and connections ended for what they held", MemoryPressure::ended);
        counter(registry, pressure, "exhausted", "Times there was no memory at all", MemoryPressure::timesExhausted);
    }

    private static void gauge(
            MeterRegistry registry,
            MemoryPressure pressure,
            String name,
            String description,
            ToDoubleFunction<MemoryPressure> value) {
        Gauge.builder(name, pressure, value).description(description).register(registry);
    }

    private static void counter(
            MeterRegistry registry,
            MemoryPressure pressure,
            String name,
            String description,
            ToDoubleFunction<MemoryPressure> value) {
        FunctionCounter.builder("sluice_overload_" + name + "_total", pressure, value)
                .description(description)
                .register(registry);
    }
}
