package dev.sluice.config.crd.mesh;

import dev.sluice.config.crd.schema.Rules;
import dev.sluice.config.crd.tree.MapNode;
import dev.sluice.config.crd.tree.Node;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Istio's ProxyConfig: settings of one proxy, here MeshConfig's {@code defaultConfig}. */
public record ProxyConfig(
        MapNode at,
        @Nullable Integer statusPort,
        @Nullable Integer proxyAdminPort,
        @Nullable InterceptionMode interceptionMode,
        @Nullable Integer concurrency,
        @Nullable Duration drainDuration,
        @Nullable Duration terminationDrainDuration,
        @Nullable Boolean holdApplicationUntilProxyStarts,
        Map<String, String> proxyMetadata,
        Map<String, String> runtimeValues,
        @Nullable GatewayTopology gatewayTopology,
        @Nullable Node proxyHeaders,
        @Nullable Node connectionSettings,
        @Nullable Node tracing) {
    static Rules rules() {
        return new Rules()
                .alsoKnown(
                        "availabilityZone",
                        "binaryPath",
                        "caCertificatesPem",
                        "configPath",
                        "controlPlaneAuthPolicy",
                        "customConfigFile",
                        "discoveryAddress",
                        "discoveryRefreshDelay",
                        "envoyAccessLogService",
                        "envoyMetricsService",
                        "extraStatTags",
                        "fileFlushInterval",
                        "fileFlushMinSizeKb",
                        "image",
                        "meshId",
                        "parentShutdownDuration",
                        "privateKeyProvider",
                        "proxyBootstrapTemplatePath",
                        "proxyStatsMatcher",
                        "readinessProbe",
                        "sds",
                        "serviceCluster",
                        "statNameLength",
                        "statsCompression",
                        "statsEvictionInterval",
                        "statsdUdpAddress",
                        "tracingServiceName",
                        "zipkinAddress")
                .range("statusPort", 0, 65535)
                .range("proxyAdminPort", 0, 65535);
    }

    /** How connections to the app come to the proxy; those of the app are always redirected. */
    public enum InterceptionMode {
        REDIRECT,
        TPROXY,
        NONE
    }

    /** Who stands in front of a gateway. */
    public record GatewayTopology(
            MapNode at,
            @Nullable Long numTrustedProxies,
            @Nullable ForwardClientCertDetails forwardClientCertDetails,
            @Nullable ProxyProtocol proxyProtocol) {}

    /** It says by being there that clients' connections open with a header of the PROXY protocol. */
    public record ProxyProtocol(MapNode at) {}

    /** What becomes of {@code x-forwarded-client-cert}. */
    public enum ForwardClientCertDetails {
        UNDEFINED,
        SANITIZE,
        FORWARD_ONLY,
        APPEND_FORWARD,
        SANITIZE_SET,
        ALWAYS_FORWARD_ONLY
    }
}
