package dev.sluice.config.translate.cluster;

import dev.sluice.config.crd.OutlierDetection;
import dev.sluice.config.plan.policy.OutlierPlan;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Outlier detection with its defaults (spec §2.6). */
final class OutlierTranslator {
    private static final int DEFAULT_CONSECUTIVE = 5;
    private static final int DEFAULT_MAX_EJECTION_PERCENT = 10;
    private static final Duration DEFAULT_INTERVAL = Duration.ofSeconds(10);
    private static final Duration DEFAULT_EJECTION_TIME = Duration.ofSeconds(30);

    private OutlierTranslator() {}

    static @Nullable OutlierPlan outlier(@Nullable OutlierDetection detection, @Nullable MergedRule rule) {
        if (detection == null) {
            return null;
        }
        boolean split = Boolean.TRUE.equals(detection.splitExternalLocalOriginErrors());
        Integer maxEjection = detection.maxEjectionPercent();
        List<Integer> codes = new ArrayList<>();
        for (Long code : detection.outlierDetectionHttpErrorCodes()) {
            codes.add(code.intValue());
        }
        return new OutlierPlan(
                threshold(detection.consecutive5xxErrors(), DEFAULT_CONSECUTIVE),
                threshold(detection.consecutiveGatewayErrors(), 0),
                split,
                split ? localFailures(detection) : 0,
                orDefault(detection.interval(), DEFAULT_INTERVAL),
                orDefault(detection.baseEjectionTime(), DEFAULT_EJECTION_TIME),
                maxEjection == null || maxEjection == 0 ? DEFAULT_MAX_EJECTION_PERCENT : maxEjection,
                Objects.requireNonNullElse(detection.minHealthPercent(), 0),
                codes,
                rule == null ? 0 : SluiceAnnotations.number(rule.annotation(SluiceAnnotations.HALF_OPEN), 1, 100, 0));
    }

    /** 0 is as if it were not there: once errors are split, Istio does not let this detector be switched off. */
    private static int localFailures(OutlierDetection detection) {
        int written = threshold(detection.consecutiveLocalOriginFailures(), 0);
        return written == 0 ? DEFAULT_CONSECUTIVE : written;
    }

    private static int threshold(@Nullable Long value, int unset) {
        return value == null ? unset : (int) Math.min(value, Integer.MAX_VALUE);
    }

    private static Duration orDefault(@Nullable Duration value, Duration unset) {
        return value == null || value.isZero() ? unset : value;
    }
}
