package dev.sluice.proxy.codec.http1;

/** Classes of bytes in a first line (RFC 3986). */
final class Tokens {
    private static final boolean[] TARGET = new boolean[256];

    static {
        for (int c = ' ' + 1; c < 0x7f; c++) {
            TARGET[c] = c != '#';
        }
    }

    private Tokens() {}

    /**
     * May be part of a request target: anything visible in ASCII but the fragment's mark. Some characters that RFC 3986
     * wants escaped pass, as browsers send them; none of them has a meaning in a request line.
     */
    static boolean isTargetChar(byte octet) {
        return TARGET[octet & 0xff];
    }

    /** As {@link #isTargetChar(byte)}. */
    static boolean isTargetChar(char c) {
        return c < TARGET.length && TARGET[c];
    }

    static boolean isDigit(int c) {
        return c >= '0' && c <= '9';
    }
}
