package dev.sluice.proxy.stream.headers;

import java.nio.charset.StandardCharsets;

/**
 * Text as the codecs hold it: one char for one byte of the wire. A configured string with characters beyond ASCII meets the
 * wire as UTF-8, so it is brought into this form once, when it is compiled; comparing and sending then need no charset.
 */
public final class WireText {
    private WireText() {}

    /** {@code text} with each character beyond ASCII as the bytes of its UTF-8; the same object when there is none. */
    public static String of(String text) {
        return isAscii(text) ? text : new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    /** Reads {@code wire} as UTF-8, for what looks at characters (regular expressions); malformed bytes become U+FFFD. */
    public static String decoded(CharSequence wire) {
        String text = wire.toString();
        return isAscii(text) ? text : new String(text.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    private static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) > 0x7f) {
                return false;
            }
        }
        return true;
    }
}
