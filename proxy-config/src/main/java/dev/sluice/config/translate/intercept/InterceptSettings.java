package dev.sluice.config.translate.intercept;

import dev.sluice.config.crd.mesh.MeshConfig;
import dev.sluice.config.crd.mesh.ProxyConfig;
import dev.sluice.config.crd.mesh.ProxyConfig.InterceptionMode;
import dev.sluice.config.plan.CapturePlan;
import dev.sluice.config.plan.DetectionPlan;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What MeshConfig says about {@code --intercept}, with Istio's defaults. A port that is unset or 0 has its default.
 *
 * @param outboundPort where connections of the app are redirected to ({@code proxyListenPort})
 * @param inboundPort where connections to the app are redirected to ({@code proxyInboundListenPort})
 * @param statusPort health and merged metrics ({@code defaultConfig.statusPort})
 * @param readyPort health alone ({@code ENVOY_STATUS_PORT} of {@code defaultConfig.proxyMetadata})
 * @param metricsPort the proxy's own metrics ({@code ENVOY_PROMETHEUS_PORT} of the same)
 * @param transparent whether connections to the app come by TPROXY
 * @param detectionMillis see {@link CapturePlan#detectionMillis()}; the same holds for listeners that are connected to
 */
public record InterceptSettings(
        int outboundPort,
        int inboundPort,
        int statusPort,
        int readyPort,
        int metricsPort,
        boolean transparent,
        long detectionMillis) {
    /**
     * Istio's default is to wait for ever, which no server-first protocol survives on a port that nobody declared. Long
     * enough for a client that sends at all, short against the patience of one that waits for a greeting.
     */
    static final long DETECTION_MILLIS = 1_000;

    private static final int MAX_PORT = 65_535;

    /** The settings of a MeshConfig. */
    public static InterceptSettings of(MeshConfig mesh) {
        ProxyConfig proxy = mesh.defaultConfig();
        Map<String, String> metadata = proxy == null ? Map.of() : proxy.proxyMetadata();
        Duration detection = mesh.protocolDetectionTimeout();
        return new InterceptSettings(
                orDefault(mesh.proxyListenPort(), 15001),
                orDefault(mesh.proxyInboundListenPort(), 15006),
                orDefault(proxy == null ? null : proxy.statusPort(), 15020),
                number(metadata.get("ENVOY_STATUS_PORT"), 15021),
                number(metadata.get("ENVOY_PROMETHEUS_PORT"), 15090),
                proxy != null && proxy.interceptionMode() == InterceptionMode.TPROXY,
                detection == null ? DETECTION_MILLIS : Math.max(0, detection.toMillis()));
    }

    /** How it is told what is spoken on listeners without a declared protocol that are connected to. */
    public DetectionPlan detection() {
        return new DetectionPlan(detectionMillis);
    }

    /** All of its ports. */
    public Set<Integer> ports() {
        // Two of them may be one by mistake, which binding them tells.
        return new HashSet<>(List.of(outboundPort, inboundPort, statusPort, readyPort, metricsPort));
    }

    private static int orDefault(@Nullable Integer written, int otherwise) {
        return written == null || written == 0 ? otherwise : written;
    }

    /** An environment variable of Istio's agent; what is no port leaves the default, as there. */
    private static int number(@Nullable String written, int otherwise) {
        int port = 0;
        for (int i = 0; written != null && i < written.length() && port <= MAX_PORT; i++) {
            char digit = written.charAt(i);
            if (digit < '0' || digit > '9') {
                return otherwise;
            }
            port = port * 10 + (digit - '0');
        }
        return port >= 1 && port <= MAX_PORT ? port : otherwise;
    }
}
