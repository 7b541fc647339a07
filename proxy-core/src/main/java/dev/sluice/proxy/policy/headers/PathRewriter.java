package dev.sluice.proxy.policy.headers;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import dev.sluice.config.plan.RewritePlan.PathRewrite;
import org.jspecify.annotations.Nullable;

/** Path rewrites (spec/istio-fields.md §1.4): the query stays. Pure; immutable. */
final class PathRewriter {
    private final PathRewrite plan;
    private final @Nullable Pattern pattern;

    PathRewriter(PathRewrite plan) {
        this.plan = plan;
        this.pattern = plan instanceof PathRewrite.ReplaceRegex regex ? Pattern.compile(regex.pattern()) : null;
    }

    /** The new target; {@code target} itself where the rewrite does not apply or would not give a path. */
    String rewrite(String target) {
        int question = target.indexOf('?');
        String path = question < 0 ? target : target.substring(0, question);
        String rewritten = rewritePath(path);
        // Validated again: a substitution may take the slash away or bring in what no request line may hold.
        if (rewritten.isEmpty() || !isPath(rewritten)) {
            return target;
        }
        return question < 0 ? rewritten : rewritten + target.substring(question);
    }

    private String rewritePath(String path) {
        if (plan instanceof PathRewrite.ReplaceAll all) {
            return all.replacement();
        }
        if (plan instanceof PathRewrite.ReplacePrefix prefix) {
            // The match said the path begins so, perhaps without regard to case.
            int length = prefix.prefix().length();
            return length > path.length() ? path : prefix.replacement() + path.substring(length);
        }
        return substitute(path, ((PathRewrite.ReplaceRegex) plan).substitution());
    }

    private String substitute(String path, String substitution) {
        if (pattern == null) {
            return path;
        }
        Matcher matcher = pattern.matcher(path);
        StringBuilder out = new StringBuilder();
        int from = 0;
        while (matcher.find()) {
            out.append(path, from, matcher.start());
            expand(matcher, substitution, out);
            from = matcher.end();
        }
        return out.append(path, from, path.length()).toString();
    }

    /** RE2's own escapes: {@code \0} to {@code \9} are groups, {@code \\} a backslash. */
    private static void expand(Matcher matcher, String substitution, StringBuilder out) {
        for (int i = 0; i < substitution.length(); i++) {
            char c = substitution.charAt(i);
            if (c != '\\' || i + 1 == substitution.length()) {
                out.append(c);
                continue;
            }
            char next = substitution.charAt(++i);
            if (next >= '0' && next <= '9') {
                int group = next - '0';
                String text = group <= matcher.groupCount() ? matcher.group(group) : null;
                out.append(text == null ? "" : text);
            } else {
                out.append(next);
            }
        }
    }

    private static boolean isPath(String path) {
        if (path.charAt(0) != '/') {
            return false;
        }
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            if (c <= ' ' || c >= 0x7f || c == '#') {
                return false;
            }
        }
        return true;
    }
}
