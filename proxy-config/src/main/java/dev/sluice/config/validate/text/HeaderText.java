package dev.sluice.config.validate.text;

import dev.sluice.config.crd.tree.Quote;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Names and values of headers as a configuration may write them. */
public final class HeaderText {
    private static final Set<String> PSEUDO = Set.of(":method", ":scheme", ":authority", ":path", ":status");
    private static final String CLAIM = "@request.auth.claims";
    private static final String TOKEN_MARKS = "!#$%&'*+-.^_`|~";

    private HeaderText() {}

    /** A field name: a token (RFC 9110 section 5.6.2). */
    public static boolean isToken(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!DnsText.isAlphanumeric(c) && TOKEN_MARKS.indexOf(c) < 0) {
                return false;
            }
        }
        return !text.isEmpty();
    }

    /** Whether a match may name it: a token, a pseudo header of HTTP/2, or a claim of a JWT. */
    public static boolean isMatchable(String name) {
        return isToken(name) || PSEUDO.contains(name) || isClaim(name);
    }

    /** {@code @request.auth.claims.group} or {@code @request.auth.claims[group][0]}: routing by a claim of a JWT. */
    public static boolean isClaim(String name) {
        if (!name.toLowerCase(Locale.ROOT).startsWith(CLAIM) || name.length() < CLAIM.length() + 2) {
            return false;
        }
        char mark = name.charAt(CLAIM.length());
        return mark == '.' || (mark == '[' && name.endsWith("]"));
    }

    /** Whether the name is the authority's: {@code host} or {@code :authority} in any case. */
    public static boolean isAuthority(String name) {
        return name.equalsIgnoreCase("host") || name.equalsIgnoreCase(":authority");
    }

    /** Why {@code value} cannot be sent as an authority, as the end of a sentence; null when it can. */
    public static @Nullable String authorityProblem(String value) {
        return value.chars().allMatch(c -> c > ' ' && c < 0x7f)
                ? null
                : Quote.of(value) + " holds a character that no authority may hold";
    }

    /** Whether the name is not a header's own: {@code host}, or begins with a colon. */
    public static boolean isInternal(String name) {
        return name.startsWith(":") || name.equalsIgnoreCase("host");
    }

    /**
     * Why a value cannot be set or added, as the end of a sentence; null when it can: no control characters but the tab,
     * {@code %%} for a percent sign, {@code %NAME%} and {@code %NAME(arguments)%} for operators (the grammar of Envoy's
     * header parser).
     */
    public static @Nullable String valueProblem(String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if ((c < ' ' && c != '\t') || c == 0x7f) {
                return Quote.of(value) + " must not contain the control character " + (int) c;
            }
        }
        int at = value.indexOf('%');
        while (at >= 0) {
            int end = operatorEnd(value, at);
            if (end < 0) {
                return Quote.of(value)
                        + " has a % that begins no complete %OPERATOR% or %OPERATOR(...)%; a percent sign is"
                        + " written %%";
            }
            at = value.indexOf('%', end);
        }
        return null;
    }

    /** Behind the escape or operator that begins at {@code from}; -1 when it is malformed. */
    private static int operatorEnd(String value, int from) {
        if (from + 1 >= value.length()) {
            return -1;
        }
        if (value.charAt(from + 1) == '%') {
            return from + 2;
        }
        for (int i = from + 1; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '%') {
                return i + 1;
            }
            if (c == '(') {
                int close = argumentsEnd(value, i + 1);
                return close < 0 ? -1 : percent(value, close);
            }
        }
        return -1;
    }

    /** Behind the closing parenthesis: of a JSON list of strings, or of a plain text; -1 when it is not closed. */
    private static int argumentsEnd(String value, int from) {
        int at = skipSpaces(value, from);
        if (at < value.length() && value.charAt(at) == '[') {
            int end = listEnd(value, at + 1);
            int close = end < 0 ? -1 : skipSpaces(value, end);
            return close >= 0 && close < value.length() && value.charAt(close) == ')' ? close + 1 : -1;
        }
        for (int i = at; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == ')') {
                return i + 1;
            }
            i += c == '\\' ? 1 : 0;
        }
        return -1;
    }

    /** Behind the closing bracket of {@code "a", "b"]}; -1 when there is no such list. */
    private static int listEnd(String value, int from) {
        int at = from;
        while (true) {
            at = skipSpaces(value, at);
            if (at >= value.length() || value.charAt(at) != '"') {
                return -1;
            }
            at++;
            while (at < value.length() && value.charAt(at) != '"') {
                at += value.charAt(at) == '\\' ? 2 : 1;
            }
            at = skipSpaces(value, at + 1);
            if (at >= value.length()) {
                return -1;
            }
            char c = value.charAt(at);
            at++;
            if (c == ']') {
                return at;
            }
            if (c != ',') {
                return -1;
            }
        }
    }

    private static int percent(String value, int from) {
        int at = skipSpaces(value, from);
        return at < value.length() && value.charAt(at) == '%' ? at + 1 : -1;
    }

    private static int skipSpaces(String value, int from) {
        int at = from;
        while (at < value.length() && value.charAt(at) == ' ') {
            at++;
        }
        return at;
    }
}
