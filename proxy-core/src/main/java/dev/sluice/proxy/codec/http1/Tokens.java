package dev.sluice.proxy.codec.http1;

/** Classes of bytes in a head (RFC 9110 section 5.6.2, RFC 3986). */
final class Tokens {
    private static final boolean[] TOKEN = new boolean[128];

    static {
        for (char c = '0'; c <= '9'; c++) {
            TOKEN[c] = true;
        }
        for (char c = 'a'; c <= 'z'; c++) {
            TOKEN[c] = true;
            TOKEN[c - 'a' + 'A'] = true;
        }
        for (char c : "!#$%&'*+-.^_`|~".toCharArray()) {
            TOKEN[c] = true;
        }
    }

    private Tokens() {}

    /** May be part of a method or a header's name. */
    static boolean isTokenChar(int c) {
        return c >= 0 && c < 128 && TOKEN[c];
    }

    /**
     * May be part of a request target: anything visible in ASCII but the fragment's mark. Some characters that RFC 3986
     * wants escaped pass, as browsers send them; none of them has a meaning in a request line.
     */
    static boolean isTargetChar(int c) {
        return c > ' ' && c < 0x7f && c != '#';
    }

    static boolean isDigit(int c) {
        return c >= '0' && c <= '9';
    }
}
