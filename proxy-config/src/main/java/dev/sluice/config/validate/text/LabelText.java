package dev.sluice.config.validate.text;

/** Kubernetes' labels: keys are {@code [prefix/]name}, values empty or of the form of a name. */
public final class LabelText {
    private static final int MAX_NAME = 63;
    private static final int MAX_PREFIX = 253;

    private LabelText() {}

    /** {@code [dns.prefix/]name}, the name at most 63, the prefix at most 253 characters. */
    public static boolean isKey(String text) {
        int slash = text.indexOf('/');
        return isName(text, slash + 1) && (slash < 0 || isPrefix(text.substring(0, slash)));
    }

    /** Empty, or letters, digits, {@code -}, {@code _} and {@code .}, a letter or digit at either end. */
    public static boolean isValue(String text) {
        return text.isEmpty() || isName(text, 0);
    }

    private static boolean isName(String text, int from) {
        if (text.length() == from || text.length() - from > MAX_NAME) {
            return false;
        }
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean inner = i > from && i < text.length() - 1;
            if (!DnsText.isAlphanumeric(c) && !(inner && (c == '-' || c == '_' || c == '.'))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isPrefix(String text) {
        if (text.isEmpty() || text.length() > MAX_PREFIX) {
            return false;
        }
        int from = 0;
        while (from <= text.length()) {
            int dot = text.indexOf('.', from);
            int end = dot < 0 ? text.length() : dot;
            if (!DnsText.isLabel(text.substring(from, end))) {
                return false;
            }
            from = end + 1;
        }
        return true;
    }
}
