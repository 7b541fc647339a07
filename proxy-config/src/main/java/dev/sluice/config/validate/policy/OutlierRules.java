package dev.sluice.config.validate.policy;

import dev.sluice.config.crd.OutlierDetection;
import dev.sluice.config.crd.tree.MapNode;
import dev.sluice.config.validate.rule.Codes;
import dev.sluice.config.validate.rule.Place;
import dev.sluice.config.validate.rule.Report;
import dev.sluice.config.validate.rule.ValueRules;
import org.jspecify.annotations.Nullable;

/** outlierDetection (spec §11.2). */
final class OutlierRules {
    private OutlierRules() {}

    static void check(@Nullable OutlierDetection outlier, Report report) {
        if (outlier == null) {
            return;
        }
        MapNode at = outlier.at();
        ValueRules.duration(report, at, "baseEjectionTime", outlier.baseEjectionTime());
        ValueRules.duration(report, at, "interval", outlier.interval());
        if (outlier.consecutiveErrors() != null && outlier.consecutiveErrors() != 0) {
            report.deprecated(
                    Place.of(at).key("consecutiveErrors"),
                    "is deprecated and not looked at; use consecutive5xxErrors or consecutiveGatewayErrors");
        }
        boolean split = Boolean.TRUE.equals(outlier.splitExternalLocalOriginErrors());
        boolean local = isPositive(outlier.consecutiveLocalOriginFailures());
        if (local && !split) {
            report.error(
                    Place.of(at).key("consecutiveLocalOriginFailures"), "needs splitExternalLocalOriginErrors: true");
        }
        if (outlier.maxEjectionPercent() != null) {
            ValueRules.percent(report, Place.of(at, "maxEjectionPercent"), outlier.maxEjectionPercent());
            if (outlier.maxEjectionPercent() == 0) {
                report.warning(
                        Codes.NEVER_EJECTS,
                        Place.of(at, "maxEjectionPercent"),
                        "0 counts as unset, which is 10: of fewer than ten endpoints none is ever ejected");
            }
        }
        if (outlier.minHealthPercent() != null) {
            ValueRules.percent(report, Place.of(at, "minHealthPercent"), outlier.minHealthPercent());
        }
        detectors(outlier, split, report);
    }

    /** The 5xx detector is on unless it is switched off, the local one where errors are split; the other is asked for. */
    private static void detectors(OutlierDetection outlier, boolean split, Report report) {
        boolean off = isZero(outlier.consecutive5xxErrors())
                && !isPositive(outlier.consecutiveGatewayErrors())
                && (!split || isZero(outlier.consecutiveLocalOriginFailures()));
        if (off) {
            report.warning(
                    Codes.NEVER_EJECTS,
                    Place.of(outlier.at(), "consecutive5xxErrors"),
                    "nobody is ever ejected: with 0 here and no other detector set, none is on");
        }
    }

    private static boolean isPositive(@Nullable Long value) {
        return value != null && value > 0;
    }

    private static boolean isZero(@Nullable Long value) {
        return value != null && value == 0;
    }
}
