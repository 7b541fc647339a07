package dev.sluice.proxy.telemetry;

import dev.sluice.config.plan.ClusterKey;
import dev.sluice.config.plan.chain.TcpRoutePlan.TcpDestination;
import dev.sluice.proxy.cluster.Endpoint;
import dev.sluice.proxy.session.TcpObserver;
import dev.sluice.proxy.session.TcpSession;
import dev.sluice.proxy.stream.ConnectionTls.Principals;
import dev.sluice.proxy.stream.ErrorCode;
import dev.sluice.proxy.stream.ProxyError;
import dev.sluice.proxy.telemetry.RequestMetrics.Reporter;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Istio's standard metrics of connections that carry bytes. A connection counts as opened once it has reached its upstream,
 * its bytes as they flow, and as closed at its end, then with the flags that say why; one that never got there is opened and
 * closed at once.
 *
 * <p>Label sets are bounded as those of requests are. Thread-safe.
 */
public final class StreamMetrics implements TcpObserver {
    /** Each is four counters. */
    private static final int MAX_SERIES = 2048;

    private static final String NO_FLAGS = "-";

    private final MeterRegistry registry;
    private final IstioLabels labels;
    private final Counter overflow;
    private final Map<Series, Handles> handles = new ConcurrentHashMap<>();

    /** What decides the labels. */
    private record Series(
            @Nullable ClusterKey destination,
            Map<String, String> endpointLabels,
            @Nullable ErrorCode code,
            @Nullable Principals principals,
            String flags) {}

    private record Handles(Counter opened, Counter closed, Counter received, Counter sent) {}

    /**
     * Registers in {@code registry}.
     *
     * @param own the workload that this proxy stands beside
     */
    public StreamMetrics(MeterRegistry registry, Reporter reporter, WorkloadLabels own) {
        this.registry = registry;
        this.labels = new IstioLabels(reporter == Reporter.DESTINATION, own);
        this.overflow = RequestMetrics.overflow(registry);
    }

    @Override
    public void onOpen(TcpSession session) {
        Handles found = find(session, null, NO_FLAGS);
        if (found != null) {
            found.opened.increment();
        }
    }

    @Override
    public void onBytes(TcpSession session, long received, long sent) {
        Handles found = find(session, null, NO_FLAGS);
        if (found != null) {
            found.received.increment((double) received);
            found.sent.increment((double) sent);
        }
    }

    @Override
    public void onEnd(TcpSession session) {
        ProxyError error = session.error();
        Handles found = find(session, error == null ? null : error.code(), ResponseFlags.of(session));
        if (found == null) {
            overflow.increment();
            return;
        }
        if (!session.isConnected()) {
            found.opened.increment();
        }
        found.closed.increment();
    }

    private @Nullable Handles find(TcpSession session, @Nullable ErrorCode code, String flags) {
        TcpDestination destination = session.destination();
        Endpoint endpoint = session.endpoint();
        Series series = new Series(
                destination == null ? null : destination.cluster(),
                endpoint == null ? Map.of() : endpoint.labels(),
                code,
                SeriesKey.principals(labels.isInbound() ? session.downstream().tls() : session.upstreamTls()),
                flags);
        Handles found = handles.get(series);
        if (found == null && handles.size() < MAX_SERIES) {
            found = handles.computeIfAbsent(series, this::register);
        }
        return found;
    }

    private Handles register(Series series) {
        Tags tags = labels.ofStream(
                series.destination(), series.endpointLabels(), series.code(), series.principals(), series.flags());
        return new Handles(
                counter("istio_tcp_connections_opened_total", "Connections opened", tags),
                counter("istio_tcp_connections_closed_total", "Connections closed", tags),
                counter("istio_tcp_received_bytes_total", "Bytes from the client", tags),
                counter("istio_tcp_sent_bytes_total", "Bytes to the client", tags));
    }

    private Counter counter(String name, String description, Tags tags) {
        return Counter.builder(name).description(description).tags(tags).register(registry);
    }
}
