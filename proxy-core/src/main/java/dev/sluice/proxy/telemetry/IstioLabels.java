package dev.sluice.proxy.telemetry;

import static dev.sluice.proxy.telemetry.WorkloadLabels.NOT_KNOWN;

import dev.sluice.config.plan.ClusterKey;
import dev.sluice.proxy.exchange.Destination;
import dev.sluice.proxy.stream.ConnectionTls.Principals;
import dev.sluice.proxy.stream.ErrorCode;
import io.micrometer.core.instrument.Tags;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The labels of Istio's standard metrics. Every metric has all of its kind; what is not known is {@code unknown}. */
final class IstioLabels {
    /** Istio's name of where requests to hosts that nobody declared go under REGISTRY_ONLY. */
    private static final String BLACK_HOLE = "BlackHoleCluster";

    private final boolean inbound;
    private final WorkloadLabels own;

    /**
     * @param inbound reported by the destination rather than by the source
     * @param own the workload that this proxy stands beside
     */
    IstioLabels(boolean inbound, WorkloadLabels own) {
        this.inbound = inbound;
        this.own = own;
    }

    /** Whether this side is the destination. */
    boolean isInbound() {
        return inbound;
    }

    /** Of a request. */
    Tags of(SeriesKey key) {
        Destination destination = key.destination();
        ClusterKey asked = destination == null ? null : destination.plan().cluster();
        return peers(asked, key.endpointLabels(), key.code(), key.principals())
                .and(
                        "request_protocol",
                        key.isGrpc() ? "grpc" : "http",
                        "response_code",
                        Integer.toString(key.status()),
                        "grpc_response_status",
                        key.grpcStatus() < 0 ? "" : Integer.toString(key.grpcStatus()),
                        "response_flags",
                        key.flags());
    }

    /** Of a connection that carries bytes; {@code asked} null when it came to no destination. */
    Tags ofStream(
            @Nullable ClusterKey asked,
            Map<String, String> endpointLabels,
            @Nullable ErrorCode code,
            @Nullable Principals principals,
            String flags) {
        return peers(asked, endpointLabels, code, principals).and("request_protocol", "tcp", "response_flags", flags);
    }

    /**
     * What both have.
     *
     * @param principals of the client's TLS where it showed a certificate, of a source of its TLS to the upstream
     */
    private Tags peers(
            @Nullable ClusterKey asked,
            Map<String, String> endpointLabels,
            @Nullable ErrorCode code,
            @Nullable Principals principals) {
        Service service = Service.of(asked, code);
        WorkloadLabels source = inbound ? WorkloadLabels.UNKNOWN : own;
        // An endpoint of a Kubernetes service is in the service's namespace.
        String namespace = endpointLabels.isEmpty() ? NOT_KNOWN : service.namespace;
        WorkloadLabels destination = inbound ? own : WorkloadLabels.of(endpointLabels, namespace);
        String self = principals == null ? "" : principals.own();
        String peer = principals == null ? "" : principals.peer();
        return Tags.of("reporter", inbound ? "destination" : "source")
                .and(workload("source", source, inbound ? peer : self))
                .and(workload("destination", destination, inbound ? self : peer))
                .and(
                        "destination_service",
                        service.host,
                        "destination_service_name",
                        service.name,
                        "destination_service_namespace",
                        service.namespace,
                        // Only the destination knows how it was reached.
                        "connection_security_policy",
                        !inbound ? NOT_KNOWN : principals == null ? "none" : "mutual_tls");
    }

    private static Tags workload(String side, WorkloadLabels labels, String principal) {
        return Tags.of(
                side + "_workload", labels.workload(),
                side + "_workload_namespace", labels.namespace(),
                side + "_principal", principal.isEmpty() ? NOT_KNOWN : principal,
                side + "_app", labels.app(),
                side + "_version", labels.version(),
                side + "_canonical_service", labels.canonicalService(),
                side + "_canonical_revision", labels.canonicalRevision(),
                side + "_cluster", NOT_KNOWN);
    }

    /** The service that was asked for; {@code NAME.NAMESPACE.svc.DOMAIN} tells its parts. */
    private record Service(String host, String name, String namespace) {
        static Service of(@Nullable ClusterKey asked, @Nullable ErrorCode code) {
            if (asked == null) {
                String name = code == ErrorCode.BLACK_HOLE ? BLACK_HOLE : NOT_KNOWN;
                return new Service(NOT_KNOWN, name, NOT_KNOWN);
            }
            String host = asked.host();
            int name = host.indexOf('.');
            int namespace = name < 0 ? -1 : host.indexOf('.', name + 1);
            if (namespace < 0 || !host.startsWith(".svc", namespace)) {
                return new Service(host, host, NOT_KNOWN);
            }
            return new Service(host, host.substring(0, name), host.substring(name + 1, namespace));
        }
    }
}
