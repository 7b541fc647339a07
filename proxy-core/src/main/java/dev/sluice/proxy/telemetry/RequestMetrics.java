package dev.sluice.proxy.telemetry;

import dev.sluice.proxy.exchange.Exchange;
import dev.sluice.proxy.exchange.ExchangeObserver;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.netty.util.concurrent.FastThreadLocal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * Istio's standard HTTP metrics, named and labelled so that its dashboards read them unchanged. The cells of one set of
 * labels are found by a key of identities and numbers; strings are put together only when an event loop sees a key first.
 *
 * <p>Label sets are bounded: beyond {@value #MAX_SERIES} an exchange of a new one is counted in {@code
 * sluice_metrics_dropped_total} only.
 *
 * <p>Thread-safe.
 */
public final class RequestMetrics implements ExchangeObserver {
    /** Distinct label sets; each is three histograms for each event loop. */
    private static final int MAX_SERIES = 2048;

    /** Several keys may have the same labels (endpoints of one version), so this bound, of each event loop, is the larger one. */
    private static final int MAX_KEYS = 16 * 1024;

    /** Stands for a series that there was no room for. */
    private static final RequestCells NO_ROOM = new RequestCells();

    private final RequestTable table;
    private final int maxSeries;
    private final IstioLabels labels;
    private final Counter overflow;
    private final Set<RequestSeries> series = ConcurrentHashMap.newKeySet();
    private final List<View> views = new CopyOnWriteArrayList<>();
    private final FastThreadLocal<View> view = new FastThreadLocal<>() {
        @Override
        protected View initialValue() {
            View added = new View();
            views.add(added);
            return added;
        }
    };

    /** What an event loop found so far. */
    private static final class View {
        final SeriesKey probe = new SeriesKey();
        /** Its own cells, by series. */
        final Map<RequestSeries, RequestCells> own = new HashMap<>();
        /** The same by what decides the labels; a cache, which a reload replaces from another thread. */
        volatile Map<SeriesKey, RequestCells> known = new HashMap<>();
    }

    /** Which side of a call is counted, Istio's {@code reporter} label. */
    public enum Reporter {
        /** Outbound listeners and gateways. */
        SOURCE,
        /** Inbound listeners. */
        DESTINATION
    }

    /**
     * Counts in {@code table}.
     *
     * @param registry counts what there is no room for
     * @param own the workload that this proxy stands beside
     */
    public RequestMetrics(RequestTable table, MeterRegistry registry, Reporter reporter, WorkloadLabels own) {
        this(table, registry, reporter, own, MAX_SERIES);
    }

    RequestMetrics(RequestTable table, MeterRegistry registry, Reporter reporter, WorkloadLabels own, int maxSeries) {
        this.table = table;
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
        views.forEach(held -> held.known = new HashMap<>());
    }

    @Override
    public void onEnd(Exchange exchange) {
        View held = view.get();
        SeriesKey probe = held.probe;
        probe.set(exchange, labels.isInbound());
        Map<SeriesKey, RequestCells> known = held.known;
        RequestCells cells = known.get(probe);
        if (cells == null) {
            cells = find(held);
            if (known.size() >= MAX_KEYS) {
                // A cache only: what is still used comes back with the next request.
                known.clear();
            }
            known.put(probe.copy(), cells);
        }
        if (cells == NO_ROOM) {
            overflow.increment();
            return;
        }
        cells.record(
                exchange.startedMillis(),
                exchange.endNanos() - exchange.startedNanos(),
                exchange.requestBytes(),
                exchange.responseBytes());
    }

    private RequestCells find(View held) {
        RequestSeries found = series(labels.of(held.probe));
        return found == null ? NO_ROOM : held.own.computeIfAbsent(found, RequestSeries::newCells);
    }

    /** Null when there is no room for another series. */
    private @Nullable RequestSeries series(Tags tags) {
        // May go over by as many as there are event loops, which is no harm.
        if (series.size() >= maxSeries) {
            RequestSeries known = table.find(tags);
            return known != null && series.contains(known) ? known : null;
        }
        RequestSeries found = table.series(tags);
        series.add(found);
        return found;
    }
}
