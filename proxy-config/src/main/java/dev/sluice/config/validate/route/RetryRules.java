package dev.sluice.config.validate.route;

import dev.sluice.config.crd.HttpRoute.HttpRetry;
import dev.sluice.config.crd.schema.NearestName;
import dev.sluice.config.crd.tree.MapNode;
import dev.sluice.config.crd.tree.Quote;
import dev.sluice.config.validate.rule.Place;
import dev.sluice.config.validate.rule.Report;
import dev.sluice.config.validate.rule.ValueRules;
import dev.sluice.config.validate.text.RetryTerms;
import org.jspecify.annotations.Nullable;

/** Retries (spec §11.1). */
final class RetryRules {
    private RetryRules() {}

    static void check(@Nullable HttpRetry retries, Report report) {
        if (retries == null) {
            return;
        }
        MapNode at = retries.at();
        Integer attempts = retries.attempts();
        ValueRules.notNegative(report, Place.of(at, "attempts"), attempts);
        String setting = attempts == null || attempts == 0 ? setting(retries) : null;
        if (setting != null) {
            report.error(
                    Place.of(at).key(setting),
                    "is set although attempts is 0, which switches retries off; set attempts or remove this");
        }
        ValueRules.limit(report, at, "perTryTimeout", retries.perTryTimeout());
        ValueRules.duration(report, at, "backoff", retries.backoff());
        if (retries.retryOn() != null && !retries.retryOn().isEmpty()) {
            for (String term : RetryTerms.split(retries.retryOn())) {
                term(term, at, report);
            }
        }
    }

    /** The first setting that asks for retries, or null. */
    private static @Nullable String setting(HttpRetry retries) {
        if (retries.perTryTimeout() != null) {
            return "perTryTimeout";
        }
        if (retries.retryOn() != null && !retries.retryOn().isEmpty()) {
            return "retryOn";
        }
        return retries.retryRemoteLocalities() != null ? "retryRemoteLocalities" : null;
    }

    private static void term(String term, MapNode at, Report report) {
        if (RetryTerms.isKnown(term)) {
            return;
        }
        String bare = term.strip();
        String message = Quote.of(term) + " is neither a condition to retry on nor an HTTP status";
        if (RetryTerms.isKnown(bare)) {
            message += "; write it without spaces around it";
        } else {
            String near = NearestName.among(RetryTerms.NAMED, bare);
            message += near == null ? "" : "; did you mean " + Quote.of(near) + "?";
        }
        report.error(Place.of(at, "retryOn"), message);
    }
}
