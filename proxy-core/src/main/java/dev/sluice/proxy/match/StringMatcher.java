package dev.sluice.proxy.match;

import com.google.re2j.Pattern;
import dev.sluice.config.plan.policy.StringMatchPlan;
import dev.sluice.proxy.stream.headers.WireText;
import io.netty.util.AsciiString;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A compiled {@link StringMatchPlan}. Values are wire text (one char for one byte); a missing value is the caller's
 * business. Immutable.
 */
public final class StringMatcher implements Predicate<CharSequence> {
    private enum Kind {
        EXACT,
        PREFIX,
        REGEX,
        PRESENT
    }

    private final Kind kind;
    private final boolean ignoreCase;
    /** Expected text of {@link Kind#EXACT} and {@link Kind#PREFIX}, in lower case when case is ignored. */
    private final String text;

    private final @Nullable Pattern pattern;

    private StringMatcher(Kind kind, String text, boolean ignoreCase, @Nullable Pattern pattern) {
        this.kind = kind;
        this.text = ignoreCase ? AsciiCase.fold(text) : text;
        this.ignoreCase = ignoreCase;
        this.pattern = pattern;
    }

    /** Compares with case. */
    public static StringMatcher of(StringMatchPlan plan) {
        return of(plan, false);
    }

    /**
     * @param ignoreCase exact and prefix compare without case, as Envoy does it: A to Z only
     * @throws com.google.re2j.PatternSyntaxException for a regex that validation should have refused
     */
    public static StringMatcher of(StringMatchPlan plan, boolean ignoreCase) {
        if (plan instanceof StringMatchPlan.Exact exact) {
            return new StringMatcher(Kind.EXACT, WireText.of(exact.value()), ignoreCase, null);
        }
        if (plan instanceof StringMatchPlan.Prefix prefix) {
            return new StringMatcher(Kind.PREFIX, WireText.of(prefix.value()), ignoreCase, null);
        }
        if (plan instanceof StringMatchPlan.Regex regex) {
            return new StringMatcher(Kind.REGEX, "", false, Pattern.compile(regex.pattern()));
        }
        return new StringMatcher(Kind.PRESENT, "", false, null);
    }

    /** Whether it only asks that there be a value. */
    public boolean isPresence() {
        return kind == Kind.PRESENT;
    }

    @Override
    public boolean test(CharSequence value) {
        return matches(value);
    }

    /** Whether {@code value} satisfies it. */
    public boolean matches(CharSequence value) {
        if (value instanceof String string) {
            return matches(string, 0, string.length());
        }
        return switch (kind) {
            case EXACT -> ignoreCase ? matches(value.toString()) : AsciiString.contentEquals(text, value);
            case PREFIX ->
                ignoreCase
                        ? AsciiCase.startsWith(value, 0, text)
                        : AsciiString.regionMatches(value, false, 0, text, 0, text.length());
            case REGEX -> full(value);
            case PRESENT -> true;
        };
    }

    /** Whether the part of {@code value} between {@code from} and {@code to} satisfies it; only a regex copies it. */
    public boolean matches(String value, int from, int to) {
        return switch (kind) {
            case EXACT -> to - from == text.length() && startsWith(value, from, to);
            case PREFIX -> startsWith(value, from, to);
            case REGEX -> full(value.substring(from, to));
            case PRESENT -> true;
        };
    }

    private boolean startsWith(String value, int from, int to) {
        if (to - from < text.length()) {
            return false;
        }
        return ignoreCase ? AsciiCase.startsWith(value, from, text) : value.startsWith(text, from);
    }

    private boolean full(CharSequence value) {
        return pattern != null && pattern.matcher(WireText.decoded(value)).matches();
    }
}
