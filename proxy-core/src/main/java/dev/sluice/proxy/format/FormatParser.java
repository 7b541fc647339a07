package dev.sluice.proxy.format;

import dev.sluice.proxy.format.Format.Part;
import dev.sluice.proxy.stream.headers.WireText;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code %NAME%}, {@code %NAME(argument)%} and {@code %NAME(argument):length%}. As in Envoy the argument ends with the
 * first parenthesis after which the operator can end, so that it may hold percent signs itself (START_TIME).
 *
 * <p>What is wrong is refused or, when {@code lenient}, an operator that never has a value; a percent sign that nothing
 * closes is text then.
 */
final class FormatParser {
    private static final int MAX_LENGTH_DIGITS = 6;

    /** Stands for what cannot be read. */
    private static final Operator NOTHING = (source, to) -> false;

    private final String text;
    private final boolean lenient;
    private final List<Part> parts = new ArrayList<>();
    private final StringBuilder literal = new StringBuilder();
    private int at;

    FormatParser(String text, boolean lenient) {
        this.text = text;
        this.lenient = lenient;
    }

    List<Part> parse() {
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c != '%') {
                literal.append(c);
                at++;
            } else if (text.startsWith("%%", at)) {
                literal.append('%');
                at += 2;
            } else {
                endLiteral();
                parts.add(part());
            }
        }
        endLiteral();
        return parts;
    }

    private Part part() {
        int start = at;
        try {
            return new Part("", operator());
        } catch (IllegalArgumentException e) {
            if (!lenient) {
                throw e;
            }
        }
        if (at == start) {
            // malformed: up to where it may have been meant to end
            int close = text.indexOf('%', start + 1);
            at = close < 0 ? text.length() : close + 1;
            return close < 0 ? new Part(WireText.of(text.substring(start)), null) : new Part("", NOTHING);
        }
        return new Part("", NOTHING);
    }

    private void endLiteral() {
        if (literal.length() > 0) {
            parts.add(new Part(WireText.of(literal.toString()), null));
            literal.setLength(0);
        }
    }

    private Operator operator() {
        int nameEnd = at + 1;
        while (nameEnd < text.length() && isNameChar(text.charAt(nameEnd))) {
            nameEnd++;
        }
        String name = text.substring(at + 1, nameEnd);
        String argument = null;
        int end = endAfter(nameEnd);
        if (end < 0 && text.startsWith("(", nameEnd)) {
            int close = nameEnd;
            do {
                close = text.indexOf(')', close + 1);
                end = close < 0 ? -1 : endAfter(close + 1);
            } while (close >= 0 && end < 0);
            argument = close < 0 ? null : text.substring(nameEnd + 1, close);
        }
        if (name.isEmpty() || end < 0) {
            throw new IllegalArgumentException("malformed operator at \"" + text.substring(at) + "\"; a percent sign is"
                    + " written %%, an operator %NAME%, %NAME(argument)% or %NAME(argument):length%");
        }
        at = end;
        Operator operator = compile(name, argument);
        int colon = text.lastIndexOf(':', end - 1);
        boolean cut = colon >= nameEnd && isNumber(colon + 1, end - 1);
        return cut ? operator.cutTo(Integer.parseInt(text.substring(colon + 1, end - 1))) : operator;
    }

    private static Operator compile(String name, @Nullable String argument) {
        Operator operator = Operators.find(name, argument);
        if (operator == null) {
            throw new IllegalArgumentException("unknown operator %" + name + "%");
        }
        return operator;
    }

    /** Index after the {@code %} or {@code :length%} at {@code from}; -1 when neither stands there. */
    private int endAfter(int from) {
        if (text.startsWith("%", from)) {
            return from + 1;
        }
        if (text.startsWith(":", from)) {
            int percent = text.indexOf('%', from);
            if (percent >= 0 && isNumber(from + 1, percent)) {
                return percent + 1;
            }
        }
        return -1;
    }

    private boolean isNumber(int from, int to) {
        if (from >= to || to - from > MAX_LENGTH_DIGITS) {
            return false;
        }
        for (int i = from; i < to; i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return true;
    }

    private static boolean isNameChar(char c) {
        return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    }
}
