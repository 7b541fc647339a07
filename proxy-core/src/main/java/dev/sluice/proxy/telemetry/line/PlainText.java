package dev.sluice.proxy.telemetry.line;

import dev.sluice.proxy.stream.headers.ByteWords;
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
    private static final long QUOTES = '"' * ByteWords.ONES;
    private static final long BACKSLASHES = '\\' * ByteWords.ONES;
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

    /** The length of {@code text}, without a call for the kinds that it is of. */
    static int length(CharSequence text) {
        if (text instanceof String string) {
            return string.length();
        }
        return text instanceof WireSpan span ? span.length() : text.length();
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
        System.arraycopy(text, start, to, at, most);
        int done = plainWords(to, at, most, kinds);
        while (done < most && (KINDS[to[at + done] & 0xff] & kinds) != 0) {
            done++;
        }
        return done;
    }

    /** How many of the first characters are plain as far as words of eight tell: the first that is not plain is in the next. */
    private static int plainWords(byte[] text, int at, int most, int kinds) {
        int lowest = (kinds & BLANK) != 0 ? ' ' : '!';
        boolean quotes = (kinds & QUOTE) != 0;
        int done = 0;
        for (; done + ByteWords.BYTES <= most; done += ByteWords.BYTES) {
            long word = ByteWords.at(text, at + done);
            // Where a byte is beyond ASCII what the others say may be wrong, and does not count.
            long plain = ByteWords.atLeast(word, lowest) & ~ByteWords.atLeast(word, 0x7f) & ~word;
            if (!quotes) {
                plain &= ByteWords.atLeast(word ^ QUOTES, 1) & ByteWords.atLeast(word ^ BACKSLASHES, 1);
            }
            if ((plain & ByteWords.HIGH) != ByteWords.HIGH) {
                break;
            }
        }
        return done;
    }
}
