package dev.sluice.proxy.routing;

import com.google.re2j.Pattern;
import dev.sluice.config.plan.StringMatchPlan;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A compiled {@link StringMatchPlan}. Immutable. */
abstract class StringMatcher {
    /** Whether {@code value} satisfies it; null is a missing value and satisfies nothing. */
    abstract boolean matches(@Nullable CharSequence value);

    /** Compiles {@code plan}; with {@code ignoreCase}, exact and prefix compare without case (ASCII). */
    static StringMatcher of(StringMatchPlan plan, boolean ignoreCase) {
        if (plan instanceof StringMatchPlan.Exact exact) {
            return ignoreCase ? new ExactIgnoringCase(exact.value()) : new Exact(exact.value());
        }
        if (plan instanceof StringMatchPlan.Prefix prefix) {
            return new Prefix(prefix.value(), ignoreCase);
        }
        if (plan instanceof StringMatchPlan.Regex regex) {
            return new Regex(Pattern.compile(regex.pattern()));
        }
        return new Present();
    }

    private static final class Exact extends StringMatcher {
        private final String expected;

        Exact(String expected) {
            this.expected = expected;
        }

        @Override
        boolean matches(@Nullable CharSequence value) {
            return value != null && expected.contentEquals(value);
        }
    }

    private static final class ExactIgnoringCase extends StringMatcher {
        private final String expected;

        ExactIgnoringCase(String expected) {
            this.expected = expected.toLowerCase(Locale.ROOT);
        }

        @Override
        boolean matches(@Nullable CharSequence value) {
            return value != null && value.length() == expected.length() && startsWith(value, expected, true);
        }
    }

    private static final class Prefix extends StringMatcher {
        private final String expected;
        private final boolean ignoreCase;

        Prefix(String expected, boolean ignoreCase) {
            this.expected = ignoreCase ? expected.toLowerCase(Locale.ROOT) : expected;
            this.ignoreCase = ignoreCase;
        }

        @Override
        boolean matches(@Nullable CharSequence value) {
            return value != null && startsWith(value, expected, ignoreCase);
        }
    }

    private static final class Regex extends StringMatcher {
        private final Pattern pattern;

        Regex(Pattern pattern) {
            this.pattern = pattern;
        }

        @Override
        boolean matches(@Nullable CharSequence value) {
            return value != null && pattern.matcher(value).matches();
        }
    }

    private static final class Present extends StringMatcher {
        @Override
        boolean matches(@Nullable CharSequence value) {
            return value != null;
        }
    }

    private static boolean startsWith(CharSequence value, String prefix, boolean ignoreCase) {
        if (value.length() < prefix.length()) {
            return false;
        }
        for (int i = 0; i < prefix.length(); i++) {
            char c = value.charAt(i);
            if ((ignoreCase ? toLower(c) : c) != prefix.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** ASCII only, as Envoy folds. */
    static char toLower(char c) {
        return c >= 'A' && c <= 'Z' ? (char) (c + ('a' - 'A')) : c;
    }
}
