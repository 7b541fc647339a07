package dev.sluice.config.validate.route;

import dev.sluice.config.crd.HttpMatchRequest;
import dev.sluice.config.crd.StringMatch;
import dev.sluice.config.crd.tree.MapNode;
import dev.sluice.config.crd.tree.Quote;
import dev.sluice.config.validate.rule.Place;
import dev.sluice.config.validate.rule.Report;
import dev.sluice.config.validate.rule.ValueRules;
import dev.sluice.config.validate.text.HeaderText;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Match blocks of an HTTP rule (spec §11.1). */
final class MatchRules {
    /** In headers to be absent, Istio takes this for "present", though it is no expression. */
    private static final String PRESENT = "*";

    private MatchRules() {}

    static void check(List<HttpMatchRequest> matches, Report report) {
        for (HttpMatchRequest match : matches) {
            MapNode at = match.at();
            names(at, "headers", match.headers(), report);
            names(at, "withoutHeaders", match.withoutHeaders(), report);
            match.headers().values().forEach(matcher -> string(matcher, report));
            match.queryParams().values().forEach(matcher -> string(matcher, report));
            for (StringMatch matcher : match.withoutHeaders().values()) {
                if (!PRESENT.equals(matcher.regex())) {
                    string(matcher, report);
                }
            }
            expression(match.uri(), report);
            string(match.scheme(), report);
            string(match.method(), report);
            string(match.authority(), report);
            ValueRules.optionalPort(report, Place.of(at, "port"), match.port());
            ValueRules.labels(report, at, "sourceLabels", match.sourceLabels());
            ValueRules.gateways(report, at, match.gateways());
            String namespace = match.sourceNamespace();
            if (namespace != null && !namespace.isEmpty()) {
                ValueRules.label(report, Place.of(at, "sourceNamespace"), namespace);
            }
        }
    }

    private static void names(MapNode at, String field, Map<String, StringMatch> headers, Report report) {
        for (String name : headers.keySet()) {
            if (name.isEmpty()) {
                report.error(Place.of(at, field).key(name), "a header's name must not be empty");
            } else if (!HeaderText.isMatchable(name)) {
                report.error(Place.of(at, field).key(name), Quote.of(name) + " is no name of a header");
            }
        }
    }

    /** A prefix and an expression that say something. */
    static void string(@Nullable StringMatch matcher, Report report) {
        if (matcher == null) {
            return;
        }
        String prefix = matcher.prefix();
        if (prefix != null && prefix.isEmpty()) {
            report.error(Place.of(matcher.at(), "prefix"), "must not be empty; leave the condition out instead");
        }
        expression(matcher, report);
    }

    /** An expression that says something; any prefix, for every path begins with the empty one. */
    private static void expression(@Nullable StringMatch matcher, Report report) {
        String regex = matcher == null ? null : matcher.regex();
        if (matcher != null && regex != null) {
            ValueRules.regex(report, Place.of(matcher.at(), "regex"), regex);
        }
    }
}
