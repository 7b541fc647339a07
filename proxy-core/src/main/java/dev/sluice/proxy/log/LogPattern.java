package dev.sluice.proxy.log;

import org.jspecify.annotations.Nullable;

/**
 * Messages with places for parameters, written as {@link java.text.MessageFormat} has it: <code>{0}</code> is a place, {@code
 * ''} an apostrophe, and what stands between two apostrophes is told as it is. That class has others generated for its first
 * number, which takes a tenth of a second of whatever event loop has something to tell, and writes 15001 as 15,001. Here a
 * parameter is its {@code toString}, and what is no place of one stays as it is.
 */
final class LogPattern {
    private LogPattern() {}

    /** {@code pattern} itself where there are no parameters. */
    static String fill(String pattern, @Nullable Object... parameters) {
        if (parameters.length == 0) {
            return pattern;
        }
        StringBuilder text = new StringBuilder(pattern.length() + 16 * parameters.length);
        boolean quoted = false;
        for (int at = 0; at < pattern.length(); at++) {
            char c = pattern.charAt(at);
            if (c == '\'') {
                if (at + 1 < pattern.length() && pattern.charAt(at + 1) == '\'') {
                    text.append(c);
                    at++;
                } else {
                    quoted = !quoted;
                }
                continue;
            }
            int end = c == '{' && !quoted ? pattern.indexOf('}', at) : -1;
            int place = end < 0 ? -1 : place(pattern, at + 1, end);
            if (place >= 0 && place < parameters.length) {
                text.append(parameters[place]);
                at = end;
            } else {
                text.append(c);
            }
        }
        return text.toString();
    }

    /** The number of one or two digits from {@code begin} to {@code end}; -1 for anything else. */
    private static int place(String pattern, int begin, int end) {
        int number = 0;
        for (int i = begin; i < end; i++) {
            int digit = pattern.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            number = number * 10 + digit;
        }
        return end - begin == 1 || end - begin == 2 ? number : -1;
    }
}
