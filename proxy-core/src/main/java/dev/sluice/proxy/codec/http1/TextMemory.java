package dev.sluice.proxy.codec.http1;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The text that was read last in one place of a connection's heads. Clients ask one host again and again, and often for one
 * path; then it is the same object. One instance a connection, on its event loop.
 */
final class TextMemory {
    /** Longer ones are not kept: a connection that is idle must not hold what its client sent. */
    private static final int LONGEST = 128;

    private @Nullable String last;

    /** The text of {@code from[start, start + length)}, a character for each byte. */
    String text(byte[] from, int start, int length) {
        String known = last;
        if (known != null && known.length() == length && isText(known, from, start)) {
            return known;
        }
        String read = new String(from, start, length, StandardCharsets.ISO_8859_1);
        last = length <= LONGEST ? read : null;
        return read;
    }

    /** Whether {@code from} holds {@code text} at {@code start}. */
    static boolean isText(String text, byte[] from, int start) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) != (from[start + i] & 0xff)) {
                return false;
            }
        }
        return true;
    }
}
