package dev.sluice.proxy.telemetry;

import dev.sluice.proxy.telemetry.RequestCells.Figure;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * All series of requests of a process, of both reporters, and how Prometheus reads them. Not made of Micrometer's meters,
 * of which a request would need four: each of them reads the clock, and adds to several atomics where a store will do.
 *
 * <p>Thread-safe.
 */
public final class RequestTable implements MultiCollector {
    private static final double[] BOUNDS = Figure.bounds();

    private final Map<Labels, RequestSeries> all = new ConcurrentHashMap<>();

    /** Has {@code registry} show what is counted in it. */
    public RequestTable(PrometheusMeterRegistry registry) {
        registry.getPrometheusRegistry().register(this);
    }

    /** The series with these labels, a new one where there is none. */
    RequestSeries series(Tags tags) {
        return all.computeIfAbsent(labels(tags), RequestSeries::new);
    }

    /** The series with these labels; null where there is none. */
    @Nullable
    RequestSeries find(Tags tags) {
        return all.get(labels(tags));
    }

    private static Labels labels(Tags tags) {
        List<Tag> pairs = tags.stream().toList();
        return Labels.of(
                pairs.stream().map(Tag::getKey).toList(),
                pairs.stream().map(Tag::getValue).toList());
    }

    @Override
    public MetricSnapshots collect() {
        Collection<RequestSeries> series = all.values();
        if (series.isEmpty()) {
            return MetricSnapshots.of();
        }
        MetricSnapshots.Builder snapshots = MetricSnapshots.builder().metricSnapshot(requests(series));
        figure(snapshots, series, Figure.DURATION, "istio_request_duration_milliseconds", "Duration of requests");
        figure(snapshots, series, Figure.REQUEST_BYTES, "istio_request_bytes", "Size of request bodies");
        figure(snapshots, series, Figure.RESPONSE_BYTES, "istio_response_bytes", "Size of response bodies");
        return snapshots.build();
    }

    private static CounterSnapshot requests(Collection<RequestSeries> series) {
        CounterSnapshot.Builder counter =
                CounterSnapshot.builder().name("istio_requests").help("Requests by outcome");
        for (RequestSeries one : series) {
            long count = LongStream.of(one.buckets(Figure.DURATION)).sum();
            counter.dataPoint(CounterDataPointSnapshot.builder()
                    .labels(one.labels())
                    .value((double) count)
                    .build());
        }
        return counter.build();
    }

    private static void figure(
            MetricSnapshots.Builder to, Collection<RequestSeries> series, Figure figure, String name, String help) {
        HistogramSnapshot.Builder histogram =
                HistogramSnapshot.builder().name(name).help(help);
        GaugeSnapshot.Builder maximum =
                GaugeSnapshot.builder().name(name + "_max").help(help);
        long nowMillis = System.currentTimeMillis();
        for (RequestSeries one : series) {
            histogram.dataPoint(HistogramDataPointSnapshot.builder()
                    .labels(one.labels())
                    .classicHistogramBuckets(ClassicHistogramBuckets.of(BOUNDS, one.buckets(figure)))
                    .sum(one.sum(figure))
                    .build());
            maximum.dataPoint(GaugeDataPointSnapshot.builder()
                    .labels(one.labels())
                    .value(one.maximum(figure, nowMillis))
                    .build());
        }
        to.metricSnapshot(histogram.build()).metricSnapshot(maximum.build());
    }
}
