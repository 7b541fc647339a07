package dev.sluice.config.plan.policy;

import org.jspecify.annotations.Nullable;

/**
 * Rewrite of path and authority (spec/istio-fields.md §1.4).
 *
 * @param path null when the path stays
 * @param authority {@code rewrite.authority}; null when unset. It beats a route level header, which beats a destination
 *     level one.
 */
public record RewritePlan(@Nullable PathRewrite path, @Nullable String authority) {
    /** How the path changes; the query stays. */
    public sealed interface PathRewrite {
        /** The matched prefix is replaced. */
        record ReplacePrefix(String prefix, String replacement) implements PathRewrite {}

        /** The whole path is replaced. */
        record ReplaceAll(String replacement) implements PathRewrite {}

        /** Every hit of an RE2 search is replaced; {@code \1} to {@code \9} are groups, {@code \0} the whole hit. */
        record ReplaceRegex(String pattern, String substitution) implements PathRewrite {}
    }
}
