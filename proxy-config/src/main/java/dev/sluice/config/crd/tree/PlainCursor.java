package dev.sluice.config.crd.tree;

/**
 * A place in plain YAML (see {@link PlainScanner}) that goes on by lines and by scalars.
 */
class PlainCursor {
    /** Where a document ends, as an {@link #indent}. */
    static final int END = -1;

    final String text;
    int at;
    int line = 1;
    private int lineStart;
    /** Column, from 0, of the next line that says something, at whose start {@link #at} is; END where a document ends. */
    int indent;

    /** What {@link #scalar} has read. */
    String value = "";

    /** Its place, from 1. */
    int valueColumn;

    /** Whether it stands without quotes. */
    boolean valuePlain;

    /** The text is not of the kind that is scanned here. */
    static final class NotPlain extends Exception {
        private static final long serialVersionUID = 1;

        NotPlain() {
            super("not plain", null, false, false);
        }
    }

    /** @param text checked by {@link YamlText} */
    PlainCursor(String text) throws NotPlain {
        this.text = text;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean wide = c >= 0x7F && (c < 0xA0 || c == 0x2028 || c == 0x2029 || c == 0xFEFF || c >= 0xD800);
            if (wide || (c < ' ' && c != '\n')) {
                throw new NotPlain();
            }
        }
    }

    /** From the start of a line to the first that says something. */
    final void advance() throws NotPlain {
        while (true) {
            int i = at;
            while (i < text.length() && text.charAt(i) == ' ') {
                i++;
            }
            if (i == text.length()) {
                at = i;
                indent = END;
                return;
            }
            char c = text.charAt(i);
            if (c != '\n' && c != '#') {
                if (i == lineStart && isBoundary(c)) {
                    indent = END;
                    return;
                }
                at = i;
                indent = i - lineStart;
                return;
            }
            at = i;
            endLine();
        }
    }

    /** Whether three dashes begin a document here, at the start of a line; the other marks of YAML are not plain. */
    private boolean isBoundary(char first) throws NotPlain {
        if (first == '%' || text.startsWith("...", at)) {
            throw new NotPlain();
        }
        return first == '-' && text.startsWith("---", at) && isBlank(at + 3);
    }

    /** From behind the last token of a line to the start of the next. */
    final void endLine() throws NotPlain {
        int i = at;
        while (i < text.length() && text.charAt(i) == ' ') {
            i++;
        }
        if (i < text.length() && text.charAt(i) == '#') {
            if (i > lineStart && text.charAt(i - 1) != ' ') {
                throw new NotPlain();
            }
            int end = text.indexOf('\n', i);
            i = end < 0 ? text.length() : end;
        }
        if (i < text.length()) {
            if (text.charAt(i) != '\n') {
                throw new NotPlain();
            }
            i++;
            line++;
            lineStart = i;
        }
        at = i;
    }

    final void skipSpaces() {
        while (at < text.length() && text.charAt(at) == ' ') {
            at++;
        }
    }

    final boolean isBlank(int i) {
        return i >= text.length() || text.charAt(i) == ' ' || text.charAt(i) == '\n';
    }

    /** Whether nothing follows in this line; a comment may. */
    final boolean isLineOver() {
        return at >= text.length() || text.charAt(at) == '\n' || text.charAt(at) == '#';
    }

    final boolean isDash() {
        return at < text.length() && text.charAt(at) == '-' && isBlank(at + 1);
    }

    /** Of {@link #at}, from 1. */
    final int column() {
        return at - lineStart + 1;
    }

    /** Reads a scalar; {@link #at} goes behind it. */
    final void scalar(boolean flow) throws NotPlain {
        valueColumn = column();
        char first = at < text.length() ? text.charAt(at) : '\n';
        valuePlain = first != '"' && first != '\'';
        if (valuePlain) {
            plain(flow, first);
        } else {
            value = first == '"' ? doubleQuoted() : singleQuoted();
        }
    }

    private void plain(boolean flow, char first) throws NotPlain {
        boolean dash = first == '-' && !isBlank(at + 1) && !isFlowMark(text.charAt(at + 1));
        if (!dash && "-?:,[]{}#&*!|>'\"%@`\n ".indexOf(first) >= 0) {
            throw new NotPlain();
        }
        int end = at;
        int i = at;
        for (; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == ' ') {
                continue;
            }
            if (c == '\n'
                    || (c == ':' && (isBlank(i + 1) || (flow && isFlowMark(text.charAt(i + 1)))))
                    || (c == '#' && text.charAt(i - 1) == ' ')
                    || (flow && (c == '?' || isFlowMark(c)))) {
                break;
            }
            end = i + 1;
        }
        value = text.substring(at, end);
        // The blank before a comment is what makes it one.
        at = i < text.length() && text.charAt(i) == '#' ? i - 1 : i;
    }

    private static boolean isFlowMark(char c) {
        return c == ',' || c == '[' || c == ']' || c == '{' || c == '}';
    }

    private String singleQuoted() throws NotPlain {
        StringBuilder doubled = null;
        int from = ++at;
        while (true) {
            int i = inLine(from, '\'');
            if (i + 1 >= text.length() || text.charAt(i + 1) != '\'') {
                String rest = text.substring(from, i);
                at = i + 1;
                return doubled == null ? rest : doubled.append(rest).toString();
            }
            doubled = doubled == null ? new StringBuilder() : doubled;
            doubled.append(text, from, i + 1);
            from = i + 2;
        }
    }

    private String doubleQuoted() throws NotPlain {
        int end = inLine(at + 1, '"');
        String inside = text.substring(at + 1, end);
        if (inside.indexOf('\\') >= 0) {
            throw new NotPlain();
        }
        at = end + 1;
        return inside;
    }

    /** The place of {@code wanted} from {@code from} on, in the same line. */
    private int inLine(int from, char wanted) throws NotPlain {
        int i = from;
        while (i < text.length() && text.charAt(i) != wanted) {
            if (text.charAt(i) == '\n') {
                throw new NotPlain();
            }
            i++;
        }
        if (i == text.length()) {
            throw new NotPlain();
        }
        return i;
    }
}
