package dev.sluice.proxy.codec.http1;

/**
 * The form of {@code Host}, {@code :authority} and an absolute target's authority (RFC 3986 section 3.2; RFC 9110
 * section 4.2.4 forbids user information): a host, an IPv6 or later address in brackets, and an optional port.
 */
public final class Authority {
    private static final boolean[] HOST_CHARS = new boolean[128];

    static {
        for (char c = 'a'; c <= 'z'; c++) {
            HOST_CHARS[c] = true;
        }
        for (char c = 'A'; c <= 'Z'; c++) {
            HOST_CHARS[c] = true;
        }
        for (char c = '0'; c <= '9'; c++) {
            HOST_CHARS[c] = true;
        }
        // Unreserved, percent and sub-delims; without the comma, which is how two Host lines look when joined.
        for (char c : "-._~%!$&'()*+;=".toCharArray()) {
            HOST_CHARS[c] = true;
        }
    }

    private Authority() {}

    /** Whether {@code text} is a non-empty host with an optional port, and nothing else. */
    public static boolean isValid(CharSequence text) {
        int length = text.length();
        if (length == 0) {
            return false;
        }
        int hostEnd = text.charAt(0) == '[' ? endOfBrackets(text) : endOfName(text);
        return hostEnd > 0 && isPort(text, hostEnd);
    }

    private static int endOfName(CharSequence text) {
        int i = 0;
        while (i < text.length()) {
            char c = text.charAt(i);
            if (c == ':') {
                break;
            }
            if (c >= 128 || !HOST_CHARS[c]) {
                return -1;
            }
            i++;
        }
        return i;
    }

    private static int endOfBrackets(CharSequence text) {
        for (int i = 1; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == ']') {
                return i > 1 ? i + 1 : -1;
            }
            if (c != ':' && (c >= 128 || !HOST_CHARS[c])) {
                return -1;
            }
        }
        return -1;
    }

    private static boolean isPort(CharSequence text, int colon) {
        if (colon == text.length()) {
            return true;
        }
        if (text.charAt(colon) != ':' || text.length() - colon > 6) {
            return false;
        }
        for (int i = colon + 1; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') {
                return false;
            }
        }
        return true;
    }
}
