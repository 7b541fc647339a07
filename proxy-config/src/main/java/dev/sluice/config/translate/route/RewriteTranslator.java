package dev.sluice.config.translate.route;

import dev.sluice.config.crd.HttpRoute.HttpRewrite;
import dev.sluice.config.crd.HttpRoute.RegexRewrite;
import dev.sluice.config.plan.MatchPlan;
import dev.sluice.config.plan.MatchPlan.ConditionPlan;
import dev.sluice.config.plan.policy.RewritePlan;
import dev.sluice.config.plan.policy.RewritePlan.PathRewrite;
import dev.sluice.config.plan.policy.StringMatchPlan;
import org.jspecify.annotations.Nullable;

/** Rewrite of path and authority (spec §1.4). */
final class RewriteTranslator {
    private RewriteTranslator() {}

    static @Nullable RewritePlan rewrite(@Nullable HttpRewrite written, MatchPlan match) {
        if (written == null) {
            return null;
        }
        String authority = written.authority();
        authority = authority == null || authority.isEmpty() ? null : authority;
        PathRewrite path = path(written, match);
        return path == null && authority == null ? null : new RewritePlan(path, authority);
    }

    private static @Nullable PathRewrite path(HttpRewrite written, MatchPlan match) {
        RegexRewrite regex = written.uriRegexRewrite();
        if (regex != null && regex.match() != null && regex.rewrite() != null) {
            return new PathRewrite.ReplaceRegex(regex.match(), regex.rewrite());
        }
        String uri = written.uri();
        if (uri == null || uri.isEmpty()) {
            return null;
        }
        String prefix = matchedPrefix(match);
        return prefix == null ? new PathRewrite.ReplaceAll(uri) : new PathRewrite.ReplacePrefix(prefix, uri);
    }

    /** What a prefix rewrite replaces: the prefix, or {@code /} where no path is asked for; null for exact and regex. */
    static @Nullable String matchedPrefix(MatchPlan match) {
        ConditionPlan path = match.path();
        if (path == null) {
            return "/";
        }
        return path.value() instanceof StringMatchPlan.Prefix prefix ? prefix.value() : null;
    }
}
