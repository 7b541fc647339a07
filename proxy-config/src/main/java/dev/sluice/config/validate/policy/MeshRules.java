package dev.sluice.config.validate.policy;

import dev.sluice.config.crd.mesh.MeshConfig;
import dev.sluice.config.crd.tree.MapNode;
import dev.sluice.config.validate.rule.Place;
import dev.sluice.config.validate.rule.Report;
import dev.sluice.config.validate.rule.ValueRules;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** MeshConfig, as far as its settings are served (Istio's {@code ValidateMeshConfig}). */
public final class MeshRules {
    private static final Duration LONGEST_CONNECT = Duration.ofHours(1);

    private MeshRules() {}

    /** Tells what is wrong with {@code config}; nothing for null. */
    public static void check(@Nullable MeshConfig config, Report report) {
        if (config == null) {
            return;
        }
        MapNode at = config.at();
        Duration connect = config.connectTimeout();
        ValueRules.duration(report, at, "connectTimeout", connect);
        if (connect != null && connect.compareTo(LONGEST_CONNECT) > 0) {
            report.error(Place.of(at, "connectTimeout"), "must be at most 1h, not " + ValueRules.shown(connect));
        }
        Duration detection = config.protocolDetectionTimeout();
        if (detection != null && !detection.isZero()) {
            // 0s waits for ever
            ValueRules.duration(report, at, "protocolDetectionTimeout", detection);
        }
        // Whether there is outlierDetection is each DestinationRule's to say.
        LocalityRules.locality(config.localityLbSetting(), true, report);
    }
}
