package dev.sluice.proxy.telemetry;

import dev.sluice.proxy.exchange.Exchange;
import dev.sluice.proxy.exchange.ExchangeObserver;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.netty.util.concurrent.FastThreadLocal;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Istio's standard HTTP metrics, named and labelled so that its dashboards read them unchanged. The handles of one set of
 * labels are found by a key of identities and numbers; strings are put together only when a key is seen first.
 *
 * <p>Label sets are bounded: beyond {@value #MAX_SERIES} an exchange of a new one is counted in {@code
 * sluice_metrics_dropped_total} only.
 *
 * <p>Thread-safe.
 */
public final class RequestMetrics implements ExchangeObserver {
    /** Distinct label sets; each is a counter and three histograms. */
    private static final int MAX_SERIES = 2048;

    /** Several keys may have the same labels (endpoints of one version), so this bound is the larger one. */
    private static final int MAX_KEYS = 16 * 1024;

    private static final double MILLIS = 1e-6;

    /** Envoy's histogram buckets, which Istio's dashboards expect. */
    private static final double[] BUCKETS = {
        0.5, 1, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000, 300_000, 600_000, 1_800_000,
        3_600_000
    };

    private final MeterRegistry registry;
    private final int maxSeries;
    private final IstioLabels labels;
    private final Counter overflow;
    private final ConcurrentHashMap<SeriesKey, Handles> handles = new ConcurrentHashMap<>();
    private final Set<Tags> series = ConcurrentHashMap.newKeySet();
    private final FastThreadLocal<SeriesKey> probes = new FastThreadLocal<>() {
        @Override
        protected SeriesKey initialValue() {
            return new SeriesKey();
        }
    };

    /** Which side of a call is counted, Istio's {@code reporter} label. */
    public enum Reporter {
        /** Outbound listeners and gateways. */
        SOURCE,
        /** Inbound listeners. */
        DESTINATION
    }

    private record Handles(
            Counter requests,
            DistributionSummary durationMillis,
            DistributionSummary requestBytes,
            DistributionSummary responseBytes) {}

    /**
     * Registers in {@code registry}.
     *
     * @param own the workload that this proxy stands beside
     */
    public RequestMetrics(MeterRegistry registry, Reporter reporter, WorkloadLabels own) {
        this(registry, reporter, own, MAX_SERIES);
    }

    RequestMetrics(MeterRegistry registry, Reporter reporter, WorkloadLabels own, int maxSeries) {
        this.registry = registry;
        this.maxSeries = maxSeries;
        this.labels = new IstioLabels(reporter == Reporter.DESTINATION, own);
        this.overflow = overflow(registry);
    }

    /** The same counter for whoever asks for it. */
    static Counter overflow(MeterRegistry registry) {
        return Counter.builder("sluice_metrics_dropped_total")
                .description("Exchanges and connections not counted because there are too many sets of labels")
                .register(registry);
    }

    /** Lets go of the destinations of older configurations; their series stay. Called after a reload. */
    public void forgetDestinations() {
        handles.clear();
    }

    @Override
    public void onEnd(Exchange exchange) {
        SeriesKey probe = probes.get();
        probe.set(exchange);
        Handles found = handles.get(probe);
        if (found == null) {
            found = register(probe.copy());
            if (found == null) {
                overflow.increment();
                return;
            }
        }
        found.requests.increment();
        found.durationMillis.record((exchange.endNanos() - exchange.startedNanos()) * MILLIS);
        found.requestBytes.record((double) exchange.requestBytes());
        found.responseBytes.record((double) exchange.responseBytes());
    }

    /** Null when there is no room for another series. */
    private @Nullable Handles register(SeriesKey key) {
        Tags tags = labels.of(key);
        if (!series.contains(tags)) {
            // May go over by as many as there are event loops, which is no harm.
            if (series.size() >= maxSeries) {
                return null;
            }
            series.add(tags);
        }
        if (handles.size() >= MAX_KEYS) {
            // A cache only: what is still used comes back with the next request.
            handles.clear();
        }
        return handles.computeIfAbsent(
                key,
                k -> new Handles(
                        Counter.builder("istio_requests_total")
                                .description("Requests by outcome")
                                .tags(tags)
                                .register(registry),
                        summary("istio_request_duration_milliseconds", "Duration of requests", tags),
                        summary("istio_request_bytes", "Size of request bodies", tags),
                        summary("istio_response_bytes", "Size of response bodies", tags)));
    }

    private DistributionSummary summary(String name, String description, Tags tags) {
        return DistributionSummary.builder(name)
                .description(description)
                .tags(tags)
                .serviceLevelObjectives(BUCKETS)
                .register(registry);
    }
}
