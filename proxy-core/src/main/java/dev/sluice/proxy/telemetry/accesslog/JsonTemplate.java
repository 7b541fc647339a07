package dev.sluice.proxy.telemetry.accesslog;

/**
 * Reads a JSON object (RFC 8259) and hands its structure on as it is, its string values unescaped. Small, because this
 * package must not know the JSON library: it is on the path of requests, where no YAML or JSON is read.
 */
final class JsonTemplate {
    /** Takes the pieces in order. */
    interface Visitor {
        /** Braces, keys, commas, numbers and literals. */
        void structure(String json);

        /** A string value, unescaped and without its quotes. */
        void string(String value);
    }

    private static final int MAX_DEPTH = 16;
    private static final String HEX = "0123456789abcdef";

    private final String json;
    private final Visitor visitor;
    private int at;

    private JsonTemplate(String json, Visitor visitor) {
        this.json = json;
        this.visitor = visitor;
    }

    /**
     * Reads all of {@code json}.
     *
     * @throws IllegalArgumentException when it is no JSON object
     */
    static void read(String json, Visitor visitor) {
        JsonTemplate template = new JsonTemplate(json, visitor);
        if (template.next() != '{') {
            throw template.bad("expected a JSON object, because accessLogEncoding is JSON");
        }
        template.object(0);
        if (template.next() != '\0') {
            throw template.bad("nothing may follow the JSON object");
        }
    }

    private void value(int depth) {
        if (depth > MAX_DEPTH) {
            throw bad("nested deeper than " + MAX_DEPTH);
        }
        char c = next();
        switch (c) {
            case '{' -> object(depth);
            case '[' -> array(depth);
            case '"' -> visitor.string(string());
            default -> literal();
        }
    }

    private void object(int depth) {
        open('{');
        if (next() != '}') {
            while (true) {
                if (next() != '"') {
                    throw bad("expected a key");
                }
                visitor.structure("\"" + escape(string()) + "\":");
                expect(':');
                value(depth + 1);
                if (next() == '}') {
                    break;
                }
                expect(',');
                visitor.structure(",");
            }
        }
        open('}');
    }

    private void array(int depth) {
        open('[');
        if (next() != ']') {
            while (true) {
                value(depth + 1);
                if (next() == ']') {
                    break;
                }
                expect(',');
                visitor.structure(",");
            }
        }
        open(']');
    }

    private void literal() {
        int start = at;
        while (at < json.length() && "+-.0123456789abcdefghijklmnopqrstuvwxyzE".indexOf(json.charAt(at)) >= 0) {
            at++;
        }
        String text = json.substring(start, at);
        if (!text.equals("true") && !text.equals("false") && !text.equals("null") && !isNumber(text)) {
            at = start;
            throw bad("expected a value");
        }
        visitor.structure(text);
    }

    private static boolean isNumber(String text) {
        // What Java reads and JSON does not: hexadecimal, NaN, a type suffix, a leading plus or dot, leading zeros.
        String digits = text.startsWith("-") ? text.substring(1) : text;
        boolean start = !digits.isEmpty() && Character.isDigit(digits.charAt(0));
        boolean zeros = digits.length() > 1 && digits.charAt(0) == '0' && Character.isDigit(digits.charAt(1));
        boolean end = start && Character.isDigit(digits.charAt(digits.length() - 1));
        if (!end || zeros || digits.contains(".e") || digits.contains(".E") || digits.indexOf('x') >= 0) {
            return false;
        }
        try {
            return Double.isFinite(Double.parseDouble(text));
        } catch (NumberFormatException e) {
            return false;
        }
    }

    private String string() {
        StringBuilder text = new StringBuilder();
        at++;
        while (true) {
            char c = at < json.length() ? json.charAt(at++) : '\0';
            if (c == '"') {
                return text.toString();
            } else if (c < ' ') {
                throw bad("a string is not closed, or holds a control character");
            } else if (c == '\\') {
                text.append(escape());
            } else {
                text.append(c);
            }
        }
    }

    private char escape() {
        char c = at < json.length() ? json.charAt(at++) : '\0';
        return switch (c) {
            case '"', '\\', '/' -> c;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> unicode();
            default -> throw bad("unknown escape");
        };
    }

    private char unicode() {
        int value = 0;
        for (int i = 0; i < 4; i++) {
            int digit = at < json.length() ? Character.digit(json.charAt(at++), 16) : -1;
            if (digit < 0) {
                throw bad("expected four hexadecimal digits");
            }
            value = value * 16 + digit;
        }
        return (char) value;
    }

    /** What {@code text} is inside of a JSON string. */
    static String escape(String text) {
        StringBuilder escaped = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                escaped.append('\\').append(c);
            } else if (c < ' ' || Character.isSurrogate(c)) {
                escaped.append("\\u")
                        .append(HEX.charAt(c >> 12))
                        .append(HEX.charAt((c >> 8) & 0xf))
                        .append(HEX.charAt((c >> 4) & 0xf))
                        .append(HEX.charAt(c & 0xf));
            } else {
                escaped.append(c);
            }
        }
        return escaped.toString();
    }

    private void open(char bracket) {
        expect(bracket);
        visitor.structure(String.valueOf(bracket));
    }

    private void expect(char wanted) {
        if (next() != wanted) {
            throw bad("expected '" + wanted + "'");
        }
        at++;
    }

    /** The next character that is no white space, not taken; NUL at the end. */
    private char next() {
        while (at < json.length() && " \t\r\n".indexOf(json.charAt(at)) >= 0) {
            at++;
        }
        return at < json.length() ? json.charAt(at) : '\0';
    }

    private IllegalArgumentException bad(String problem) {
        return new IllegalArgumentException("access log format, character " + (at + 1) + ": " + problem);
    }
}
