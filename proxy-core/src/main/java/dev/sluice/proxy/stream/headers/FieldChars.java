package dev.sluice.proxy.stream.headers;

import io.netty.util.AsciiString;

/** Which characters a header's name and its value may hold (RFC 9110 sections 5.1, 5.5 and 5.6.2). */
public final class FieldChars {
    private static final int CHARS = 256;
    private static final boolean[] TOKEN = new boolean[CHARS];
    private static final boolean[] VALUE = new boolean[CHARS];

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
        for (int c = ' '; c < CHARS; c++) {
            VALUE[c] = c != 0x7f;
        }
        VALUE['\t'] = true;
    }

    private FieldChars() {}

    /** May be part of a token: a name, a method. */
    public static boolean isToken(byte octet) {
        return TOKEN[octet & 0xff];
    }

    /** May be part of a token: a name, a method. */
    public static boolean isToken(char c) {
        return c < CHARS && TOKEN[c];
    }

    /** May be part of a value: what is visible, blanks, and what lies beyond ASCII. */
    public static boolean isValue(byte octet) {
        return VALUE[octet & 0xff];
    }

    /** May be part of a value. A character that is no octet may: it is written as a question mark. */
    public static boolean isValue(char c) {
        return c >= CHARS || VALUE[c];
    }

    /** Whether {@code text} has {@code name} at {@code start}, whatever the case; it must be as long, and ASCII. */
    static boolean startsWith(byte[] text, int start, AsciiString name) {
        byte[] other = name.array();
        int offset = name.arrayOffset();
        int length = name.length();
        int i = 0;
        for (; i + ByteWords.BYTES <= length; i += ByteWords.BYTES) {
            if (!ByteWords.sameLetters(ByteWords.at(text, start + i), ByteWords.at(other, offset + i))) {
                return false;
            }
        }
        for (; i < length; i++) {
            byte a = text[start + i];
            byte b = other[offset + i];
            if (a != b && lower(a) != lower(b)) {
                return false;
            }
        }
        return true;
    }

    private static int lower(byte c) {
        return c >= 'A' && c <= 'Z' ? c + 32 : c;
    }
}
