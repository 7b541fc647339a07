package dev.sluice.config.validate.route;

import dev.sluice.config.crd.HttpRoute.HttpRewrite;
import dev.sluice.config.crd.HttpRoute.RegexRewrite;
import dev.sluice.config.validate.rule.Place;
import dev.sluice.config.validate.rule.Report;
import dev.sluice.config.validate.rule.ValueRules;
import dev.sluice.config.validate.text.HeaderText;
import dev.sluice.config.validate.text.SubstitutionText;
import org.jspecify.annotations.Nullable;

/** Changes of path and authority (spec §11.1). */
final class RewriteRules {
    private RewriteRules() {}

    static void check(@Nullable HttpRewrite rewrite, Report report) {
        if (rewrite == null) {
            return;
        }
        boolean uri = rewrite.uri() != null && !rewrite.uri().isEmpty();
        boolean authority = rewrite.authority() != null && !rewrite.authority().isEmpty();
        RegexRewrite regex = rewrite.uriRegexRewrite();
        if (uri && regex != null) {
            report.error(Place.of(rewrite.at()).key("uriRegexRewrite"), "uri and uriRegexRewrite exclude one another");
        }
        if (!uri && !authority && regex == null) {
            report.error(Place.of(rewrite.at()), "changes nothing: needs uri, uriRegexRewrite or authority");
        }
        String problem = HeaderText.authorityProblem(rewrite.authority() == null ? "" : rewrite.authority());
        if (problem != null) {
            report.error(Place.of(rewrite.at(), "authority"), problem);
        }
        if (regex != null) {
            regex(regex, report);
        }
    }

    private static void regex(RegexRewrite regex, Report report) {
        boolean replacement = regex.rewrite() != null && !regex.rewrite().isEmpty();
        String match = regex.match();
        if (match == null || match.isEmpty() || !replacement) {
            report.error(Place.of(regex.at()), "needs both match and rewrite, not empty");
        }
        if (match != null && !match.isEmpty()) {
            ValueRules.regex(report, Place.of(regex.at(), "match"), match);
        }
        String problem =
                match == null || !replacement ? null : SubstitutionText.problem(match, String.valueOf(regex.rewrite()));
        if (problem != null) {
            report.error(Place.of(regex.at(), "rewrite"), problem);
        }
    }
}
