package dev.sluice.config.validate.policy;

import dev.sluice.config.crd.OutlierDetection;
import dev.sluice.config.crd.tree.MapNode;
import dev.sluice.config.validate.rule.Codes;
import dev.sluice.config.validate.rule.Place;
import dev.sluice.config.validate.rule.Report;
import dev.sluice.config.validate.rule.ValueRules;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** outlierDetection (spec §11.2). */
final class OutlierRules {
    private static final int DEFAULT_CONSECUTIVE = 5;
    private static final List<Long> GATEWAY_CODES = List.of(502L, 503L, 504L);

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
        Long gateway = outlier.consecutiveGatewayErrors();
        if (gateway != null && gateway > 0) {
            gatewayErrors(outlier, gateway, split, report);
        } else if (isZero(outlier.consecutive5xxErrors()) && !split) {
            report.warning(
                    Codes.NEVER_EJECTS,
                    Place.of(outlier.at(), "consecutive5xxErrors"),
                    "nobody is ever ejected: with 0 here and no other detector set, none is on");
        }
    }

    /** A gateway error is an error as well, so as many in a row of the one are no fewer of the other. */
    private static void gatewayErrors(OutlierDetection outlier, long threshold, boolean split, Report report) {
        Place place = Place.of(outlier.at(), "consecutiveGatewayErrors");
        Long errors = outlier.consecutive5xxErrors();
        long ofErrors = errors == null ? DEFAULT_CONSECUTIVE : errors;
        List<Long> codes = outlier.outlierDetectionHttpErrorCodes();
        if (split && !codes.isEmpty() && GATEWAY_CODES.stream().noneMatch(codes::contains)) {
            report.warning(
                    Codes.NO_EFFECT, place, "has no effect: outlierDetectionHttpErrorCodes has none of 502, 503, 504");
        } else if (ofErrors > 0 && threshold >= ofErrors) {
            report.warning(
                    Codes.NO_EFFECT,
                    place,
                    "has no effect: these errors count for consecutive5xxErrors, too, and " + ofErrors
                            + (errors == null ? ", its default," : "")
                            + " come no later; with consecutive5xxErrors: 0 this one counts alone");
        }
    }

    private static boolean isPositive(@Nullable Long value) {
        return value != null && value > 0;
    }

    private static boolean isZero(@Nullable Long value) {
        return value != null && value == 0;
    }
}
