package dev.sluice.config.plan;

import dev.sluice.config.plan.words.PathNormalization;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Process-wide settings, from MeshConfig, {@code --set} and the command line.
 *
 * @param namespace the workload's namespace
 * @param pathNormalization how a request path is normalised before matching
 * @param accessLogFile MeshConfig.accessLogFile; null when unset (the command line decides)
 * @param accessLogFormat MeshConfig.accessLogFormat; null for the default line
 * @param accessLogJson MeshConfig.accessLogEncoding is JSON
 * @param carryHeaders lower-case names that travel from inbound to outbound by trace id; empty is off
 * @param topology who stands in front of gateways
 * @param idle how long clients may be silent
 * @param caps how many connections they may have
 */
public record ProxySettingsPlan(
        String namespace,
        PathNormalization pathNormalization,
        @Nullable String accessLogFile,
        @Nullable String accessLogFormat,
        boolean accessLogJson,
        List<String> carryHeaders,
        TopologyPlan topology,
        IdlePlan idle,
        ConnectionCapsPlan caps) {
    /** Istio's defaults. */
    public static final ProxySettingsPlan DEFAULTS = new ProxySettingsPlan(
            "default", PathNormalization.BASE, null, null, false, List.of(), TopologyPlan.DEFAULTS, IdlePlan.DEFAULTS);

    /** Clients may have as many connections as there is room for. */
    public ProxySettingsPlan(
            String namespace,
            PathNormalization pathNormalization,
            @Nullable String accessLogFile,
            @Nullable String accessLogFormat,
            boolean accessLogJson,
            List<String> carryHeaders,
            TopologyPlan topology,
            IdlePlan idle) {
        this(
                namespace,
                pathNormalization,
                accessLogFile,
                accessLogFormat,
                accessLogJson,
                carryHeaders,
                topology,
                idle,
                ConnectionCapsPlan.NONE);
    }

    public ProxySettingsPlan {
        carryHeaders = List.copyOf(carryHeaders);
    }
}
