package dev.sluice.proxy.telemetry.accesslog;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A piece of a format string: text as it is, or a command operator {@code %NAME(ARGUMENTS):LENGTH%}. */
sealed interface FormatPart {
    /** Text between operators; {@code %%} has become {@code %}. */
    record Text(String text) implements FormatPart {}

    /**
     * A command operator.
     *
     * @param name upper-case letters, digits and underscores
     * @param arguments what the parentheses hold; null without parentheses
     * @param maxLength of the value in characters; {@link Integer#MAX_VALUE} when not given
     */
    record Operator(String name, @Nullable String arguments, int maxLength) implements FormatPart {}

    /**
     * Splits a format.
     *
     * @throws IllegalArgumentException says what is wrong and at which character
     */
    static List<FormatPart> parse(String format) {
        return new Parser(format, false).parts();
    }

    /** The same for a format that was told to be wrong: a percent sign that begins no operator is text. */
    static List<FormatPart> parseLeniently(String format) {
        return new Parser(format, true).parts();
    }

    /** Envoy's grammar: {@code %([A-Z0-9_]+)(\([^)]*\))?(:[0-9]+)?%}. */
    final class Parser {
        private static final int MAX_LENGTH_DIGITS = 9;

        private final String format;
        private final boolean lenient;
        private final List<FormatPart> parts = new ArrayList<>();
        private final StringBuilder text = new StringBuilder();
        private int at;

        private Parser(String format, boolean lenient) {
            this.format = format;
            this.lenient = lenient;
        }

        private List<FormatPart> parts() {
            while (at < format.length()) {
                char c = format.charAt(at);
                if (c != '%') {
                    text.append(c);
                    at++;
                } else if (format.startsWith("%%", at)) {
                    text.append('%');
                    at += 2;
                } else {
                    part();
                }
            }
            endText();
            return parts;
        }

        private void part() {
            int start = at;
            try {
                Operator operator = operator();
                endText();
                parts.add(operator);
            } catch (IllegalArgumentException e) {
                if (!lenient) {
                    throw e;
                }
                text.append('%');
                at = start + 1;
            }
        }

        private void endText() {
            if (!text.isEmpty()) {
                parts.add(new Text(text.toString()));
                text.setLength(0);
            }
        }

        private Operator operator() {
            int start = at++;
            String name = name();
            if (name.isEmpty()) {
                throw bad(start, "expected an operator such as %PROTOCOL%, or %% for a percent sign");
            }
            String arguments = null;
            if (peek() == '(') {
                int close = format.indexOf(')', at);
                if (close < 0) {
                    throw bad(start, "'(' is not closed");
                }
                arguments = format.substring(at + 1, close);
                at = close + 1;
            }
            int maxLength = Integer.MAX_VALUE;
            if (peek() == ':') {
                at++;
                maxLength = length(start);
            }
            if (peek() != '%') {
                throw bad(start, "expected '%' at the end of the operator " + name);
            }
            at++;
            return new Operator(name, arguments, maxLength);
        }

        private String name() {
            int start = at;
            while (isNameChar(peek())) {
                at++;
            }
            return format.substring(start, at);
        }

        private int length(int start) {
            int first = at;
            while (peek() >= '0' && peek() <= '9') {
                at++;
            }
            if (at == first || at - first > MAX_LENGTH_DIGITS) {
                throw bad(start, "expected a length of 1 to " + MAX_LENGTH_DIGITS + " digits after ':'");
            }
            return Integer.parseInt(format, first, at, 10);
        }

        private static boolean isNameChar(char c) {
            return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
        }

        private char peek() {
            return at < format.length() ? format.charAt(at) : '\0';
        }

        private IllegalArgumentException bad(int where, String problem) {
            return new IllegalArgumentException("access log format, character " + (where + 1) + ": " + problem);
        }
    }
}
