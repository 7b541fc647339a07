package dev.sluice.config.validate.text;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.sluice.config.crd.tree.Quote;
import org.jspecify.annotations.Nullable;

/**
 * Regular expressions of a configuration: RE2 syntax, bounded in length and in the size of the program they compile to.
 *
 * <p>RE2 guarantees linear time, not small memory: {@code ((a{1000}){1000}){1000}} has 23 characters and a thousand
 * million instructions, so the size is estimated before anything is compiled.
 */
public final class RegexText {
    /** Istio's own limit. */
    public static final int MAX_LENGTH = 1024;

    private static final long MAX_PROGRAM = 20_000;
    private static final int MAX_DEPTH = 500;
    private static final int UNBOUNDED = -1;

    private final String text;
    private int at;

    private RegexText(String text) {
        this.text = text;
    }

    /** Why {@code text} cannot be used, as the end of a sentence; null when it can. */
    public static @Nullable String problem(String text) {
        if (text.isEmpty()) {
            return "must not be empty";
        }
        if (text.codePointCount(0, text.length()) > MAX_LENGTH) {
            return "must have at most " + MAX_LENGTH + " characters, not " + text.length();
        }
        if (new RegexText(text).sequence(0) > MAX_PROGRAM) {
            return Quote.of(text) + " is too large: it would compile to more than " + MAX_PROGRAM + " instructions";
        }
        try {
            Pattern.compile(text);
            return null;
        } catch (PatternSyntaxException e) {
            return Quote.of(text) + " is not RE2 syntax: " + Quote.escaped(e.getDescription());
        }
    }

    /** Instructions of what follows up to the end of the group, at least; saturates above the limit. */
    private long sequence(int depth) {
        if (depth > MAX_DEPTH) {
            return MAX_PROGRAM + 1;
        }
        long sum = 1;
        long atom = 0;
        while (at < text.length() && text.charAt(at) != ')') {
            char c = text.charAt(at);
            if (c == '*' || c == '+' || c == '?') {
                at++;
                sum += 2;
            } else if (c == '{' && atom > 0 && repeat() != 0) {
                sum += atom * factor(repeat());
                at = text.indexOf('}', at) + 1;
            } else {
                atom = atom(c, depth);
                sum += atom;
            }
            if (sum > MAX_PROGRAM) {
                return sum;
            }
        }
        return sum;
    }

    private long atom(char c, int depth) {
        at++;
        switch (c) {
            case '(' -> {
                long inner = sequence(depth + 1);
                at++;
                return inner + 2;
            }
            case '[' -> bracket();
            case '\\' -> escape();
            default -> {
                // one character
            }
        }
        return 1;
    }

    /** Stands behind the bracket; goes behind its end. */
    private void bracket() {
        if (at < text.length() && text.charAt(at) == '^') {
            at++;
        }
        boolean first = true;
        while (at < text.length() && (first || text.charAt(at) != ']')) {
            first = false;
            if (text.startsWith("[:", at)) {
                int end = text.indexOf(":]", at + 2);
                at = end < 0 ? at + 1 : end + 2;
            } else {
                at += text.charAt(at) == '\\' ? 2 : 1;
            }
        }
        at++;
    }

    /** Stands behind the backslash; goes behind what it escapes. What is quoted counts as one, for it does not repeat. */
    private void escape() {
        char c = at < text.length() ? text.charAt(at) : 0;
        at++;
        if (c == 'Q') {
            int end = text.indexOf("\\E", at);
            at = end < 0 ? text.length() : end + 2;
        } else if ((c == 'p' || c == 'P' || c == 'x') && at < text.length() && text.charAt(at) == '{') {
            int end = text.indexOf('}', at);
            at = end < 0 ? text.length() : end + 1;
        }
    }

    /** How often {@code {n}}, {@code {n,}} or {@code {n,m}} here repeats at most; 0 where there is no such thing. */
    private int repeat() {
        int end = text.indexOf('}', at);
        if (end < 0) {
            return 0;
        }
        String inside = text.substring(at + 1, end);
        int comma = inside.indexOf(',');
        int least = number(comma < 0 ? inside : inside.substring(0, comma));
        if (least < 0) {
            return 0;
        }
        if (comma < 0 || comma == inside.length() - 1) {
            return least + 1;
        }
        int most = number(inside.substring(comma + 1));
        return most < 0 ? 0 : Math.max(least, most) + 1;
    }

    /** An optional repetition compiles to two instructions each time. */
    private static long factor(int times) {
        return 2L * times;
    }

    private static int number(String digits) {
        if (digits.isEmpty() || digits.length() > 4) {
            return digits.isEmpty() ? UNBOUNDED : 9_999;
        }
        int value = 0;
        for (int i = 0; i < digits.length(); i++) {
            char c = digits.charAt(i);
            if (c < '0' || c > '9') {
                return UNBOUNDED;
            }
            value = value * 10 + (c - '0');
        }
        return value;
    }
}
