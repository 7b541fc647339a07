package dev.sluice.config.validate.route;

import dev.sluice.config.crd.CorsPolicy;
import dev.sluice.config.crd.StringMatch;
import dev.sluice.config.crd.schema.NearestName;
import dev.sluice.config.crd.tree.Quote;
import dev.sluice.config.validate.rule.Place;
import dev.sluice.config.validate.rule.Report;
import dev.sluice.config.validate.rule.ValueRules;
import dev.sluice.config.validate.text.HeaderText;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Cross-origin rules (spec §11.1). */
final class CorsRules {
    private static final List<String> METHODS =
            List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "CONNECT", "OPTIONS", "TRACE", "*");

    private CorsRules() {}

    static void check(@Nullable CorsPolicy policy, Report report) {
        if (policy == null) {
            return;
        }
        if (!policy.allowOrigin().isEmpty()) {
            report.deprecated(Place.of(policy.at()).key("allowOrigin"), "is deprecated; use allowOrigins");
        }
        policy.allowOrigins().forEach(origin -> origin(origin, report));
        for (int i = 0; i < policy.allowMethods().size(); i++) {
            String method = policy.allowMethods().get(i);
            if (!METHODS.contains(method)) {
                String near = NearestName.among(METHODS, method);
                report.error(
                        Place.of(policy.at(), "allowMethods").item(i),
                        Quote.of(method) + " is no method"
                                + (near == null
                                        ? "; must be one of " + String.join(", ", METHODS)
                                        : "; did you mean " + near + "?"));
            }
        }
        names(policy, "allowHeaders", policy.allowHeaders(), report);
        names(policy, "exposeHeaders", policy.exposeHeaders(), report);
        ValueRules.duration(report, policy.at(), "maxAge", policy.maxAge());
        if (policy.maxAge() != null && !ValueRules.isWhole(policy.maxAge(), ChronoUnit.SECONDS)) {
            report.error(Place.of(policy.at(), "maxAge"), "must be whole seconds");
        }
    }

    private static void origin(StringMatch origin, Report report) {
        boolean says = (origin.exact() != null && !origin.exact().isEmpty())
                || (origin.prefix() != null && !origin.prefix().isEmpty())
                || (origin.regex() != null && !origin.regex().isEmpty());
        if (!says) {
            report.error(Place.of(origin.at()), "must have one of exact, prefix and regex, not empty");
        } else if (origin.regex() != null) {
            ValueRules.regex(report, Place.of(origin.at(), "regex"), origin.regex());
        }
    }

    private static void names(CorsPolicy policy, String field, List<String> names, Report report) {
        for (int i = 0; i < names.size(); i++) {
            if (!HeaderText.isToken(names.get(i))) {
                report.error(Place.of(policy.at(), field).item(i), Quote.of(names.get(i)) + " is no name of a header");
            }
        }
    }
}
