package dev.sluice.config.translate.route;

import dev.sluice.config.crd.HttpMatchRequest;
import dev.sluice.config.crd.StringMatch;
import dev.sluice.config.plan.MatchPlan;
import dev.sluice.config.plan.MatchPlan.ConditionPlan;
import dev.sluice.config.plan.policy.StringMatchPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The conditions of a match block that depend on the request (spec §1.2). */
public final class MatchTranslator {
    private final Once once;

    MatchTranslator(Once once) {
        this.once = once;
    }

    MatchPlan match(HttpMatchRequest block) {
        // A path is always there, so to ask only for that is to ask for nothing.
        StringMatch uri = block.uri();
        ConditionPlan path = uri == null || value(uri) == null ? null : field("uri", uri);
        return new MatchPlan(
                path,
                path != null
                        && Boolean.TRUE.equals(block.ignoreUriCase())
                        && !(path.value() instanceof StringMatchPlan.Regex),
                field("scheme", block.scheme()),
                field("method", block.method()),
                field("authority", block.authority()),
                headers("headers", block.headers()),
                headers("withoutHeaders", block.withoutHeaders()),
                keyed("queryParams", block.queryParams(), false));
    }

    /**
     * Whether it takes everything that reaches it: no path, {@code prefix: /} or {@code regex: .*}, and nothing else
     * ({@code IsCatchAllRoute} of istio).
     */
    public static boolean isCatchAll(MatchPlan match) {
        ConditionPlan path = match.path();
        boolean anyPath = path == null
                || path.value().equals(new StringMatchPlan.Prefix("/"))
                || path.value().equals(new StringMatchPlan.Regex(".*"));
        return anyPath
                && match.scheme() == null
                && match.method() == null
                && match.authority() == null
                && match.headers().isEmpty()
                && match.withoutHeaders().isEmpty()
                && match.queryParams().isEmpty();
    }

    /** How a text compares; null for a matcher that names no way. */
    static @Nullable StringMatchPlan value(StringMatch match) {
        if (match.exact() != null) {
            return new StringMatchPlan.Exact(match.exact());
        }
        if (match.prefix() != null) {
            return new StringMatchPlan.Prefix(match.prefix());
        }
        return match.regex() == null ? null : new StringMatchPlan.Regex(match.regex());
    }

    /** No way of comparing asks only that the field is there, which keeps the rule from being a catch-all, as in Istio. */
    private @Nullable ConditionPlan field(String field, @Nullable StringMatch match) {
        return match == null
                ? null
                : new ConditionPlan(
                        field,
                        field,
                        once.of(orPresent(value(match))),
                        match.at().ref());
    }

    private static StringMatchPlan orPresent(@Nullable StringMatchPlan value) {
        return value == null ? new StringMatchPlan.Present() : value;
    }

    private List<ConditionPlan> headers(String field, Map<String, StringMatch> matches) {
        return keyed(field, matches, true);
    }

    /** No way of comparing, or the regex {@code *}, asks only that the key is there. */
    private List<ConditionPlan> keyed(String field, Map<String, StringMatch> matches, boolean headers) {
        List<ConditionPlan> conditions = new ArrayList<>(matches.size());
        matches.forEach((key, match) -> {
            // A claim in headers has dropped the block; one that must be missing always is.
            if (headers && BlockFilter.isClaim(key)) {
                return;
            }
            StringMatchPlan value = orPresent(value(match));
            if (value.equals(new StringMatchPlan.Regex("*"))) {
                value = new StringMatchPlan.Present();
            }
            conditions.add(new ConditionPlan(
                    once.of(field + "[" + key + "]"),
                    once.of(headers ? key.toLowerCase(Locale.ROOT) : key),
                    once.of(value),
                    match.at().ref()));
        });
        return conditions;
    }
}
