package dev.sluice.proxy.telemetry.line;

import dev.sluice.proxy.stream.headers.WireSpan;
import io.netty.util.AsciiString;

/**
 * Copies the part of a value that needs no escape, which is nearly always all of it. A loop for each kind of text that
 * values come in: asked through {@link CharSequence}, every character would be a call that no compiler can inline. Pure.
 */
final class PlainText {
    private static final int ALWAYS = 1;
    private static final int BLANK = 2;
    private static final int QUOTE = 4;
    private static final byte[] KINDS = new byte[256];

    static {
        for (int c = '!'; c <= '~'; c++) {
            KINDS[c] = ALWAYS;
        }
        KINDS[' '] = BLANK;
        KINDS['"'] = QUOTE;
        KINDS['\\'] = QUOTE;
    }

    private PlainText() {}

    /**
     * Which characters stay as they are.
     *
     * @param blanks whether blanks do
     * @param quotes whether quotes and backslashes do
     */
    static int kinds(boolean blanks, boolean quotes) {
        return ALWAYS | (blanks ? BLANK : 0) | (quotes ? QUOTE : 0);
    }

    /**
     * Copies the first characters of {@code text}, {@code most} of them or up to the first one that is not of {@code
     * kinds}.
     *
     * @return how many were copied
     */
    static int copy(CharSequence text, int most, int kinds, byte[] to, int at) {
        if (text instanceof String string) {
            return copy(string, most, kinds, to, at);
        }
        if (text instanceof WireSpan span) {
            return copy(span.array(), span.arrayOffset(), most, kinds, to, at);
        }
        if (text instanceof AsciiString ascii) {
            return copy(ascii.array(), ascii.arrayOffset(), most, kinds, to, at);
        }
        return 0;
    }

    private static int copy(String text, int most, int kinds, byte[] to, int at) {
        int done = 0;
        while (done < most) {
            char c = text.charAt(done);
            if (c > 0xff || (KINDS[c] & kinds) == 0) {
                break;
            }
            to[at + done] = (byte) c;
            done++;
        }
        return done;
    }

    private static int copy(byte[] text, int start, int most, int kinds, byte[] to, int at) {
        int done = 0;
        while (done < most) {
            byte c = text[start + done];
            if ((KINDS[c & 0xff] & kinds) == 0) {
                break;
            }
            to[at + done] = c;
            done++;
        }
        return done;
    }
}
