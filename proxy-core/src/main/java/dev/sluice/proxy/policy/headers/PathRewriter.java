package dev.sluice.proxy.policy.headers;

import dev.sluice.config.plan.policy.RewritePlan.PathRewrite;
import dev.sluice.proxy.stream.headers.WireText;

/** Makes the new path of a request out of the old one. Immutable. */
@FunctionalInterface
interface PathRewriter {
    /**
     * The new path without query; the same object where nothing is rewritten.
     *
     * @param path without query
     */
    String rewrite(String path);

    /** @throws IllegalArgumentException for a substitution that names a group which the pattern lacks */
    static PathRewriter of(PathRewrite plan) {
        if (plan instanceof PathRewrite.ReplacePrefix prefix) {
            return replacePrefix(WireText.of(prefix.prefix()), WireText.of(prefix.replacement()));
        }
        if (plan instanceof PathRewrite.ReplaceRegex regex) {
            return new RegexSubstitution(regex.pattern(), WireText.of(regex.substitution()));
        }
        String replacement = WireText.of(((PathRewrite.ReplaceAll) plan).replacement());
        // Empty means no rewrite (spec/istio-fields.md §1.4).
        return path -> replacement.isEmpty() ? path : replacement;
    }

    /** The match may have ignored case, so the prefix counts by its length. */
    private static PathRewriter replacePrefix(String prefix, String replacement) {
        // concat: javac's plain code for + takes a builder (pom.xml), so a copy more.
        return path -> replacement.isEmpty() || !path.regionMatches(true, 0, prefix, 0, prefix.length())
                ? path
                : replacement.concat(path.substring(prefix.length()));
    }
}
