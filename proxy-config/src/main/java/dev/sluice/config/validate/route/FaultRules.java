package dev.sluice.config.validate.route;

import dev.sluice.config.crd.HttpRoute.HttpFaultInjection;
import dev.sluice.config.crd.HttpRoute.HttpFaultInjection.Abort;
import dev.sluice.config.crd.HttpRoute.HttpFaultInjection.Delay;
import dev.sluice.config.crd.HttpRoute.Percent;
import dev.sluice.config.crd.schema.NearestName;
import dev.sluice.config.crd.tree.Quote;
import dev.sluice.config.plan.words.GrpcStatusNames;
import dev.sluice.config.validate.rule.Place;
import dev.sluice.config.validate.rule.Report;
import dev.sluice.config.validate.rule.ValueRules;
import org.jspecify.annotations.Nullable;

/** Delays and aborts on purpose (spec §11.1). */
final class FaultRules {
    /** The share is kept in millionths of a request; less than one would be none. */
    private static final double LEAST = 0.0001;

    private FaultRules() {}

    static void check(@Nullable HttpFaultInjection fault, Report report) {
        if (fault == null) {
            return;
        }
        if (fault.delay() == null && fault.abort() == null) {
            report.error(Place.of(fault.at()), "needs a delay, an abort or both");
        }
        if (fault.delay() != null) {
            delay(fault.delay(), report);
        }
        if (fault.abort() != null) {
            abort(fault.abort(), report);
        }
    }

    private static void delay(Delay delay, Report report) {
        percentage(delay.percentage(), report);
        if (delay.percent() != null) {
            report.deprecated(Place.of(delay.at()).key("percent"), "is deprecated; use percentage.value");
        }
        ValueRules.duration(report, delay.at(), "fixedDelay", delay.fixedDelay());
        if (delay.exponentialDelay() != null) {
            report.error(Place.of(delay.at()).key("exponentialDelay"), "is not supported; use fixedDelay");
        }
    }

    private static void abort(Abort abort, Report report) {
        percentage(abort.percentage(), report);
        Integer status = abort.httpStatus();
        String grpc = abort.grpcStatus();
        if (status != null) {
            AnswerRules.status(Place.of(abort.at(), "httpStatus"), status, report);
        } else if (grpc != null) {
            grpc(abort, grpc, report);
        } else if (abort.http2Error() != null) {
            report.error(Place.of(abort.at()).key("http2Error"), "is not supported; use httpStatus or grpcStatus");
        } else {
            report.warning(Place.of(abort.at()), "aborts nothing: it has neither httpStatus nor grpcStatus");
        }
    }

    private static void grpc(Abort abort, String status, Report report) {
        if (!GrpcStatusNames.SNAKE.contains(status)) {
            String near = NearestName.among(GrpcStatusNames.SNAKE, status);
            report.error(
                    Place.of(abort.at(), "grpcStatus"),
                    Quote.of(status) + " is no status of gRPC"
                            + (near == null ? ", such as UNAVAILABLE" : "; did you mean " + near + "?"));
        }
    }

    private static void percentage(@Nullable Percent percent, Report report) {
        if (percent == null || percent.value() == null) {
            return;
        }
        double value = percent.value();
        if (!(value >= 0 && value <= 100) || (value > 0 && value < LEAST)) {
            report.error(
                    Place.of(percent.at(), "value"),
                    "must be 0, or a percentage between 0.0001 and 100, not " + ValueRules.number(value));
        }
    }
}
