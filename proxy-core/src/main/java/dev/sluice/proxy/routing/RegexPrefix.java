package dev.sluice.proxy.routing;

/**
 * The literal text that every match of an RE2 pattern begins with, as far as it is plain to see: {@code /api/v} of
 * {@code /api/v[0-9]+/.*}. Careful rather than complete: where the pattern is in doubt, the empty string.
 */
final class RegexPrefix {
    private static final String SPECIAL = "\\.+*?()|[]{}^$";

    private RegexPrefix() {}

    /** @param pattern valid RE2, to be matched against a whole input */
    static String of(String pattern) {
        if (hasTopLevelAlternative(pattern)) {
            return "";
        }
        StringBuilder literal = new StringBuilder();
        int at = pattern.startsWith("^") ? 1 : 0;
        while (at < pattern.length()) {
            char c = pattern.charAt(at);
            if (c == '\\' && at + 1 < pattern.length() && isPunctuation(pattern.charAt(at + 1))) {
                at++;
                c = pattern.charAt(at);
            } else if (SPECIAL.indexOf(c) >= 0) {
                break;
            }
            if (c > 0x7f) {
                break;
            }
            at++;
            char after = at < pattern.length() ? pattern.charAt(at) : 0;
            if (after == '*' || after == '?' || after == '{') {
                // The character may be absent.
                break;
            }
            literal.append(c);
            if (after == '+') {
                break;
            }
        }
        return literal.toString();
    }

    /** RE2 takes a backslash before any ASCII punctuation for the character itself; before letters it means much else. */
    private static boolean isPunctuation(char c) {
        return (c >= '!' && c <= '/') || (c >= ':' && c <= '@') || (c >= '[' && c <= '`') || (c >= '{' && c <= '~');
    }

    /** Whether some {@code |} is outside of all parentheses, or what is inside cannot be told for sure. */
    private static boolean hasTopLevelAlternative(String pattern) {
        if (pattern.indexOf('|') < 0) {
            return false;
        }
        if (pattern.contains("\\Q") || pattern.contains("[:")) {
            return true;
        }
        int depth = 0;
        for (int i = 0; i < pattern.length(); i++) {
            switch (pattern.charAt(i)) {
                case '\\' -> i++;
                case '(' -> depth++;
                case ')' -> depth--;
                case '[' -> i = endOfClass(pattern, i);
                case '|' -> {
                    if (depth == 0) {
                        return true;
                    }
                }
                default -> {}
            }
        }
        return false;
    }

    /** Index of the bracket that ends the class which begins at {@code open}; a bracket that comes first is a member. */
    private static int endOfClass(String pattern, int open) {
        int i = open + 1;
        if (i < pattern.length() && pattern.charAt(i) == '^') {
            i++;
        }
        for (int first = i; i < pattern.length(); i++) {
            char c = pattern.charAt(i);
            if (c == '\\') {
                i++;
            } else if (c == ']' && i > first) {
                return i;
            }
        }
        return pattern.length();
    }
}
