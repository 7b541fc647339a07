package dev.sluice.config.crd;

import dev.sluice.config.crd.schema.Rules;
import dev.sluice.config.crd.tree.MapNode;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Taking failing endpoints out for a while (spec §2.6). */
public record OutlierDetection(
        MapNode at,
        @Nullable Integer consecutiveErrors,
        @Nullable Boolean splitExternalLocalOriginErrors,
        @Nullable Long consecutiveLocalOriginFailures,
        @Nullable Long consecutiveGatewayErrors,
        @Nullable Long consecutive5xxErrors,
        @Nullable Duration interval,
        @Nullable Duration baseEjectionTime,
        @Nullable Integer maxEjectionPercent,
        @Nullable Integer minHealthPercent,
        List<Long> outlierDetectionHttpErrorCodes) {
    static Rules rules() {
        return new Rules().range("outlierDetectionHttpErrorCodes", 100, 599);
    }
}
