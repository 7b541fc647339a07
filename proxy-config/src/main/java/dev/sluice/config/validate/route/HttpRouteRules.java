package dev.sluice.config.validate.route;

import dev.sluice.config.crd.HttpRoute;
import dev.sluice.config.crd.HttpRoute.Headers;
import dev.sluice.config.crd.HttpRoute.HttpMirrorPolicy;
import dev.sluice.config.crd.HttpRoute.HttpRouteDestination;
import dev.sluice.config.crd.HttpRoute.Percent;
import dev.sluice.config.crd.tree.MapNode;
import dev.sluice.config.validate.rule.Place;
import dev.sluice.config.validate.rule.Report;
import dev.sluice.config.validate.rule.TargetRules;
import dev.sluice.config.validate.rule.ValueRules;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A rule of {@code http} (spec §11.1): which parts go together, then each part. */
final class HttpRouteRules {
    private HttpRouteRules() {}

    /** @param delegate whether the rule is a delegate's, to be merged into that of a root */
    static void check(HttpRoute route, boolean delegate, Report report) {
        kinds(route, delegate, report);
        MatchRules.check(route.match(), report);
        HeaderRules.check(route.headers(), report);
        HeaderRules.authority(route, report);
        CorsRules.check(route.corsPolicy(), report);
        FaultRules.check(route.fault(), report);
        mirrors(route, report);
        AnswerRules.redirect(route, report);
        AnswerRules.directResponse(route.directResponse(), report);
        RetryRules.check(route.retries(), report);
        RewriteRules.check(route.rewrite(), report);
        ValueRules.limit(report, route.at(), "timeout", route.timeout());
        destinations(route, report);
    }

    /** What a rule does with a request: exactly one of route, redirect, directResponse and delegate. */
    private static void kinds(HttpRoute route, boolean delegate, Report report) {
        MapNode at = route.at();
        if (route.mirror() != null && !route.mirrors().isEmpty()) {
            report.error(Place.of(at).key("mirrors"), "mirror and mirrors exclude one another; use mirrors");
        }
        if (route.delegate() != null && !delegate) {
            exclude(route, "delegate", List.of("redirect", "route"), report);
            return;
        }
        if (route.delegate() != null) {
            report.error(
                    Place.of(at).key("delegate"),
                    "a VirtualService without hosts is a delegate itself, and delegates do not delegate");
        }
        if (route.redirect() != null) {
            exclude(route, "redirect", List.of("route", "fault", "rewrite", "directResponse"), report);
        } else if (route.directResponse() != null) {
            exclude(route, "directResponse", List.of("route", "fault", "rewrite"), report);
        } else if (ValueRules.none(at, "route")) {
            report.error(Place.of(at), "needs one of route, redirect and directResponse");
        }
    }

    private static void exclude(HttpRoute route, String kind, List<String> others, Report report) {
        for (String other : others) {
            boolean there = other.equals("route")
                    ? !ValueRules.none(route.at(), other)
                    : route.at().has(other);
            if (there) {
                report.error(
                        Place.of(route.at()).key(other),
                        "must not stand beside " + kind + ", which answers without it");
            }
        }
    }

    private static void mirrors(HttpRoute route, Report report) {
        MapNode at = route.at();
        Long percent = route.mirrorPercent();
        if (percent != null) {
            if (percent > 100) {
                report.error(Place.of(at, "mirrorPercent"), "must be a percentage between 0 and 100, not " + percent);
            }
            report.deprecated(Place.of(at).key("mirrorPercent"), "is deprecated; use mirrorPercentage");
        }
        percentage(route.mirrorPercentage(), report);
        if (route.mirror() != null) {
            TargetRules.check(route.mirror(), report);
        }
        for (HttpMirrorPolicy mirror : route.mirrors()) {
            if (mirror.destination() != null) {
                TargetRules.check(mirror.destination(), report);
            }
            percentage(mirror.percentage(), report);
        }
    }

    private static void percentage(@Nullable Percent percent, Report report) {
        if (percent != null && percent.value() != null) {
            ValueRules.percent(report, Place.of(percent.at(), "value"), percent.value());
        }
    }

    private static void destinations(HttpRoute route, Report report) {
        long sum = 0;
        for (HttpRouteDestination destination : route.route()) {
            if (destination.destination() != null) {
                TargetRules.check(destination.destination(), report);
            }
            Headers headers = destination.headers();
            HeaderRules.check(headers, report);
            sum += TargetRules.weight(destination.at(), destination.weight(), report);
        }
        TargetRules.sum(route.at(), route.route().size(), sum, report);
    }
}
