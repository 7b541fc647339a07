package dev.sluice.config.crd.tree;

/** Shows text of a file in a message: quoted, shortened, control characters escaped, for a terminal obeys them. */
public final class Quote {
    private static final int MAX = 80;

    private Quote() {}

    /** {@code "text"}. */
    public static String of(String text) {
        return '"' + escaped(text.replace("\\", "\\\\").replace("\"", "\\\"")) + '"';
    }

    /** {@code text} without quotes around it. */
    public static String escaped(String text) {
        return text.length() > MAX ? clean(text.substring(0, MAX)) + "…" : clean(text);
    }

    /** {@code text} of any length, control characters escaped; most has none and is handed back. */
    public static String clean(String text) {
        return text.chars().allMatch(c -> c >= ' ' && c < 0x7f) ? text : escape(text);
    }

    private static String escape(String text) {
        StringBuilder out = new StringBuilder(text.length() + 2);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\n') {
                out.append("\\n");
            } else if (c == '\t') {
                out.append("\\t");
            } else if (Character.isISOControl(c)
                    || Character.getType(c) == Character.FORMAT
                    || Character.isSurrogate(c)
                    || c == '\u2028'
                    || c == '\u2029') {
                out.append(String.format("\\u%04x", (int) c));
            } else {
                out.append(c);
            }
        }
        return out.toString();
    }
}
