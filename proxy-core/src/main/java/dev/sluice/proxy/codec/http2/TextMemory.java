package dev.sluice.proxy.codec.http2;

import io.netty.util.AsciiString;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Texts that were read lately and found to be right, so that one which comes again and again is one object, checked once.
 * Many peers send most fields as literals each time: HAProxy and nginx remember none of them.
 *
 * <p>A fixed number of places; a newer text takes the place of the oldest that it meets, so a peer that invents texts gains nothing
 * and costs what it did without. Not thread-safe.
 */
final class TextMemory {
    /** Bytes of a text that choose its place; the rest only tells it from others there. */
    private static final int SAMPLES = 8;

    /** So many texts that meet may stay, the latest ones: a message has a few dozen, and none should drive out another. */
    private static final int WAYS = 4;

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
        int first = place(bytes, start, length);
        for (int i = first; i < first + WAYS; i++) {
            AsciiString known = places[i];
            if (is(known, bytes, start, length)) {
                return known;
            }
        }
        return null;
    }

    private static boolean is(@Nullable AsciiString known, byte[] bytes, int start, int length) {
        return known != null && Arrays.equals(known.array(), 0, known.length(), bytes, start, start + length);
    }

    /** Remembers a text, which has its array for itself. */
    void keep(AsciiString text) {
        if (text.length() <= longest) {
            int first = place(text.array(), 0, text.length());
            System.arraycopy(places, first, places, first + 1, WAYS - 1);
            places[first] = text;
        }
    }

    /** The first of the places that a text may be in. */
    private int place(byte[] bytes, int start, int length) {
        int mixed = length;
        // From the end, where most texts of a kind differ.
        int step = 1 + length / SAMPLES;
        for (int i = start + length - 1; i >= start; i -= step) {
            mixed = 31 * mixed + bytes[i];
        }
        mixed *= 0x9e3779b9;
        return (mixed >>> 16) & (places.length - WAYS);
    }
}
