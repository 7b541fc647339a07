package dev.sluice.proxy.telemetry;

import dev.sluice.proxy.exchange.Attempt;
import dev.sluice.proxy.exchange.Destination;
import dev.sluice.proxy.exchange.Exchange;
import dev.sluice.proxy.exchange.ExchangeObserver;
import dev.sluice.proxy.stream.ErrorCode;
import dev.sluice.proxy.stream.ProxyError;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Istio's standard HTTP metrics, named and labelled so that its dashboards read them unchanged. The handles of one set of
 * labels are found by a key of identities and numbers; strings are put together only when a set is seen first.
 *
 * <p>Label sets are bounded: beyond {@value #MAX_SERIES} a request is counted in {@code sluice_metrics_dropped_total}
 * only.
 */
public final class RequestMetrics implements ExchangeObserver {
    private static final int MAX_SERIES = 4096;
    private static final double MILLIS = 1e-6;

    /** Envoy's histogram buckets, which Istio's dashboards expect. */
    private static final double[] BUCKETS = {
        0.5, 1, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000, 300_000, 600_000, 1_800_000,
        3_600_000
    };

    private final MeterRegistry registry;
    private final Reporter reporter;
    private final ProxyLabels own;
    private final Counter overflow;
    private final ConcurrentHashMap<Key, Handles> handles = new ConcurrentHashMap<>();

    /** Which side of a call is counted, Istio's {@code reporter} label. */
    public enum Reporter {
        SOURCE,
        DESTINATION
    }

    /**
     * Labels of the workload this proxy stands beside.
     *
     * @param workload its name
     * @param namespace its namespace
     * @param app label {@code app}
     * @param version label {@code version}
     */
    public record ProxyLabels(String workload, String namespace, String app, String version) {
        /** A workload nothing is known of. */
        public static final ProxyLabels UNKNOWN = new ProxyLabels("unknown", "unknown", "unknown", "unknown");
    }

    private record Key(
            @Nullable Destination destination, int status, @Nullable ErrorCode code, boolean grpc, int grpcStatus) {
        // Destinations are compared by identity: comparing their plans would cost more than the request.
        @Override
        @SuppressWarnings("ReferenceEquality")
        public boolean equals(@Nullable Object other) {
            return other instanceof Key that
                    && destination == that.destination
                    && status == that.status
                    && code == that.code
                    && grpc == that.grpc
                    && grpcStatus == that.grpcStatus;
        }

        @Override
        public int hashCode() {
            int hash = System.identityHashCode(destination) * 31 + status;
            return ((hash * 31 + Objects.hashCode(code)) * 31 + grpcStatus) * 2 + (grpc ? 1 : 0);
        }
    }

    private record Handles(
            Counter requests,
            DistributionSummary durationMillis,
            DistributionSummary requestBytes,
            DistributionSummary responseBytes) {}

    /** Registers in {@code registry}. */
    public RequestMetrics(MeterRegistry registry, Reporter reporter, ProxyLabels own) {
        this.registry = registry;
        this.reporter = reporter;
        this.own = own;
        this.overflow = registry.counter("sluice_metrics_dropped_total");
    }

    /** Forgets handles of destinations that a reload replaced; their series stay in the registry. */
    public void forgetDestinations() {
        handles.clear();
    }

    @Override
    public void onEnd(Exchange exchange) {
        ProxyError error = exchange.error();
        boolean grpc = exchange.isGrpc();
        Key key = new Key(
                exchange.destination(),
                exchange.status(),
                error == null ? null : error.code(),
                grpc,
                grpc ? exchange.grpcStatus() : -1);
        Handles found = handles.get(key);
        if (found == null) {
            if (handles.size() >= MAX_SERIES) {
                overflow.increment();
                return;
            }
            found = handles.computeIfAbsent(key, k -> register(k, exchange));
        }
        found.requests.increment();
        found.durationMillis.record((exchange.endNanos() - exchange.startedNanos()) * MILLIS);
        found.requestBytes.record((double) exchange.requestBytes());
        found.responseBytes.record((double) exchange.responseBytes());
    }

    private Handles register(Key key, Exchange exchange) {
        Tags tags = tags(key, exchange);
        return new Handles(
                registry.counter("istio_requests_total", tags),
                summary("istio_request_duration_milliseconds", tags),
                summary("istio_request_bytes", tags),
                summary("istio_response_bytes", tags));
    }

    private DistributionSummary summary(String name, Tags tags) {
        return DistributionSummary.builder(name)
                .tags(tags)
                .serviceLevelObjectives(BUCKETS)
                .register(registry);
    }

    private Tags tags(Key key, Exchange exchange) {
        boolean inbound = reporter == Reporter.DESTINATION;
        Destination destination = key.destination;
        String host =
                destination == null ? "unknown" : destination.plan().cluster().host();
        String[] labels = host.split("\\.", 3);
        boolean qualified = labels.length == 3 && labels[2].startsWith("svc");
        Attempt attempt = exchange.attempt();
        String app = inbound ? own.app : label(attempt, "app");
        String version = inbound ? own.version : label(attempt, "version");
        String workload = inbound ? own.workload : "unknown";
        String namespace = inbound ? own.namespace : qualified ? labels[1] : "unknown";
        ProxyLabels source = inbound ? ProxyLabels.UNKNOWN : own;
        return Tags.of(
                        "reporter", inbound ? "destination" : "source",
                        "source_workload", source.workload,
                        "source_workload_namespace", source.namespace,
                        "source_principal", "unknown",
                        "source_app", source.app,
                        "source_version", source.version,
                        "source_canonical_service", source.app,
                        "source_canonical_revision", source.version,
                        "source_cluster", "unknown")
                .and(
                        "destination_workload", workload,
                        "destination_workload_namespace", namespace,
                        "destination_principal", "unknown",
                        "destination_app", app,
                        "destination_version", version,
                        "destination_canonical_service", app,
                        "destination_canonical_revision", version,
                        "destination_cluster", "unknown")
                .and(
                        "destination_service", host,
                        "destination_service_name", qualified ? labels[0] : host,
                        "destination_service_namespace", qualified ? labels[1] : "unknown",
                        "request_protocol", key.grpc ? "grpc" : "http",
                        "response_code", Integer.toString(key.status),
                        "grpc_response_status", key.grpcStatus < 0 ? "" : Integer.toString(key.grpcStatus),
                        "response_flags", key.code == null ? "-" : key.code.flag(),
                        "connection_security_policy", inbound ? "none" : "unknown");
    }

    private static String label(@Nullable Attempt attempt, String name) {
        if (attempt == null || attempt.endpoint() == null) {
            return "unknown";
        }
        return attempt.endpoint().labels().getOrDefault(name, "unknown");
    }
}
