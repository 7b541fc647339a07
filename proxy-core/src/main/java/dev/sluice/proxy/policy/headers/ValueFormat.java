package dev.sluice.proxy.policy.headers;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A header value with Envoy's command operators ({@code %REQ(x-a?x-b):8%}, {@code %%}), compiled once. What cannot be told
 * evaluates to nothing. Immutable.
 *
 * @see <a href="https://www.envoyproxy.io/docs/envoy/latest/configuration/advanced/substitution_formatter">Envoy's
 *     substitution formatter</a>
 */
final class ValueFormat {
    private final String constant;
    private final List<Part> parts;

    /** A piece of a value. */
    interface Part {
        /** Its text; null when it cannot be told. */
        @Nullable
        String text(FormatContext context);
    }

    private ValueFormat(String constant, List<Part> parts) {
        this.constant = constant;
        this.parts = parts;
    }

    /**
     * Compiles {@code value}.
     *
     * @throws IllegalArgumentException when an operator is malformed or unknown
     */
    static ValueFormat compile(String value) {
        if (value.indexOf('%') < 0) {
            return new ValueFormat(value, List.of());
        }
        List<Part> parts = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        boolean operators = false;
        int at = 0;
        while (at < value.length()) {
            char c = value.charAt(at);
            if (c != '%') {
                text.append(c);
                at++;
            } else if (value.startsWith("%%", at)) {
                text.append('%');
                at += 2;
            } else {
                int end = operatorEnd(value, at);
                literal(text, parts);
                parts.add(Operators.compile(value.substring(at + 1, end)));
                operators = true;
                at = end + 1;
            }
        }
        if (!operators) {
            return new ValueFormat(text.toString(), List.of());
        }
        literal(text, parts);
        return new ValueFormat("", List.copyOf(parts));
    }

    /** The closing percent sign; one inside the parentheses of arguments (a time format) does not count. */
    private static int operatorEnd(String value, int start) {
        int depth = 0;
        for (int i = start + 1; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '(') {
                depth++;
            } else if (c == ')') {
                depth--;
            } else if (c == '%' && depth == 0) {
                return i;
            }
        }
        throw new IllegalArgumentException("'" + value + "' has a % that is not closed; a literal one is written %%");
    }

    private static void literal(StringBuilder text, List<Part> parts) {
        if (text.length() > 0) {
            String fixed = text.toString();
            parts.add(context -> fixed);
            text.setLength(0);
        }
    }

    /** The value; may be empty. */
    String evaluate(FormatContext context) {
        if (parts.isEmpty()) {
            return constant;
        }
        StringBuilder value = new StringBuilder();
        for (Part part : parts) {
            String text = part.text(context);
            if (text != null) {
                value.append(text);
            }
        }
        return value.toString();
    }
}
