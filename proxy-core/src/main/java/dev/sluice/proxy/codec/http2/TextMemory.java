package dev.sluice.proxy.codec.http2;

import io.netty.util.AsciiString;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Texts that were read lately and found to be right, so that one which comes again and again is one object, checked once.
 * Many peers send most fields as literals each time: HAProxy and nginx remember none of them.
 *
 * <p>A fixed number of places; a newer text takes the place of an older one, so a peer that invents texts gains nothing
 * and costs what it did without. Not thread-safe.
 */
final class TextMemory {
    /** Bytes of a text that choose its place; the rest only tells it from others there. */
    private static final int SAMPLES = 8;

    private final @Nullable AsciiString[] places;
    private final int longest;

    /**
     * @param places a power of two
     * @param longest texts above this many bytes are not remembered
     */
    TextMemory(int places, int longest) {
        this.places = new AsciiString[places];
        this.longest = longest;
    }

    /** The text of these bytes; null when it is not remembered. */
    @Nullable
    AsciiString find(byte[] bytes, int start, int length) {
        if (length > longest) {
            return null;
        }
        int place = place(bytes, start, length);
        AsciiString known = places[place];
        if (is(known, bytes, start, length)) {
            return known;
        }
        AsciiString older = places[place ^ 1];
        return is(older, bytes, start, length) ? older : null;
    }

    private static boolean is(@Nullable AsciiString known, byte[] bytes, int start, int length) {
        return known != null && Arrays.equals(known.array(), 0, known.length(), bytes, start, start + length);
    }

    /** Remembers a text, which has its array for itself. */
    void keep(AsciiString text) {
        if (text.length() <= longest) {
            int place = place(text.array(), 0, text.length());
            // A pair of places, so that two texts of a message that meet in one do not take turns.
            places[place ^ 1] = places[place];
            places[place] = text;
        }
    }

    private int place(byte[] bytes, int start, int length) {
        int mixed = length;
        // From the end, where most texts of a kind differ.
        int step = 1 + length / SAMPLES;
        for (int i = start + length - 1; i >= start; i -= step) {
            mixed = 31 * mixed + bytes[i];
        }
        mixed *= 0x9e3779b9;
        return (mixed >>> 16) & (places.length - 1);
    }
}
