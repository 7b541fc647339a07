package dev.sluice.proxy.policy.headers;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * RE2's GlobalReplace, which is what uriRegexRewrite means (spec/istio-fields.md §1.4): every hit of a search is replaced;
 * {@code \1} to {@code \9} are groups, {@code \0} the whole hit, {@code \\} a backslash. An empty hit right behind another
 * hit does not count, other than in the JDK. Immutable.
 */
final class RegexSubstitution implements PathRewriter {
    private final Pattern pattern;
    private final List<Piece> pieces = new ArrayList<>();

    /** Either text or a group. */
    private record Piece(@Nullable String text, int group) {}

    RegexSubstitution(String pattern, String substitution) {
        this.pattern = Pattern.compile(pattern);
        StringBuilder text = new StringBuilder();
        int at = 0;
        while (at < substitution.length()) {
            char c = substitution.charAt(at++);
            if (c != '\\') {
                text.append(c);
                continue;
            }
            char next = at < substitution.length() ? substitution.charAt(at++) : 0;
            if (next == '\\') {
                text.append('\\');
            } else if (next >= '0' && next <= '9') {
                pieces.add(new Piece(text.toString(), -1));
                pieces.add(new Piece(null, group(next - '0', substitution)));
                text.setLength(0);
            } else {
                throw new IllegalArgumentException("uriRegexRewrite.rewrite \"" + substitution
                        + "\": a backslash is followed by a digit or another backslash");
            }
        }
        pieces.add(new Piece(text.toString(), -1));
    }

    private int group(int number, String substitution) {
        if (number > pattern.groupCount()) {
            throw new IllegalArgumentException("uriRegexRewrite.rewrite \"" + substitution + "\" names group " + number
                    + ", the pattern has " + pattern.groupCount());
        }
        return number;
    }

    @Override
    public String rewrite(String path) {
        Matcher matcher = pattern.matcher(path);
        StringBuilder result = null;
        int copied = 0;
        while (matcher.find()) {
            if (matcher.start() == matcher.end() && result != null && matcher.start() == copied) {
                continue;
            }
            if (result == null) {
                result = new StringBuilder(path.length() + 16);
            }
            result.append(path, copied, matcher.start());
            substitute(matcher, path, result);
            copied = matcher.end();
        }
        if (result == null) {
            return path;
        }
        String rewritten = result.append(path, copied, path.length()).toString();
        // An empty result means that the rewrite is not applied.
        return rewritten.isEmpty() ? path : rewritten;
    }

    private void substitute(Matcher matcher, String path, StringBuilder to) {
        for (Piece piece : pieces) {
            if (piece.text != null) {
                to.append(piece.text);
            } else if (matcher.start(piece.group) >= 0) {
                to.append(path, matcher.start(piece.group), matcher.end(piece.group));
            }
        }
    }
}
