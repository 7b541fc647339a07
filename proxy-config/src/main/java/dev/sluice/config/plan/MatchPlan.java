package dev.sluice.config.plan;

import dev.sluice.config.plan.policy.StringMatchPlan;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One match block; every present condition must hold. Conditions that do not depend on the request (port, gateways,
 * labels) were decided when the plan was compiled and are not here.
 *
 * @param path on the normalised path without query; null takes every path
 * @param ignorePathCase exact and prefix of the path compare without case (regex is unaffected)
 * @param scheme on {@code :scheme}; null when unset
 * @param method on {@code :method}, with case; null when unset
 * @param authority on the raw authority with its port; null when unset
 * @param headers each must be satisfied
 * @param withoutHeaders each must not be satisfied; a missing header counts as the empty string except for presence
 * @param queryParams each must be satisfied by the first occurrence of its key, raw
 */
public record MatchPlan(
        @Nullable ConditionPlan path,
        boolean ignorePathCase,
        @Nullable ConditionPlan scheme,
        @Nullable ConditionPlan method,
        @Nullable ConditionPlan authority,
        List<ConditionPlan> headers,
        List<ConditionPlan> withoutHeaders,
        List<ConditionPlan> queryParams) {
    /** Takes everything. */
    public static final MatchPlan ANY = new MatchPlan(null, false, null, null, null, List.of(), List.of(), List.of());

    public MatchPlan {
        headers = List.copyOf(headers);
        withoutHeaders = List.copyOf(withoutHeaders);
        queryParams = List.copyOf(queryParams);
    }

    /**
     * One condition.
     *
     * @param field what the user wrote, for {@code explain}: {@code uri}, {@code headers[end-user]}, …
     * @param key lower-case header name, query key with case, or the field itself
     * @param value the matcher
     * @param at where it is written
     */
    public record ConditionPlan(String field, String key, StringMatchPlan value, SourceRef at) {}
}
