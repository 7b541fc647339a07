package dev.sluice.proxy.stream.headers;

import io.netty.util.concurrent.FastThreadLocal;

/**
 * Arrays of headers whose exchange is over, for the next one on the thread: most of what a request would cost in garbage.
 * A bounded number of one size; heads that are larger get arrays of their own. Belongs to its thread.
 */
final class HeaderMemory {
    private static final int BYTES = 2 * 1_024;
    private static final int INTEGERS = 32 * H1Headers.STEP;
    private static final int MOST = 128;

    private static final FastThreadLocal<HeaderMemory> OF_THREAD = new FastThreadLocal<>() {
        @Override
        protected HeaderMemory initialValue() {
            return new HeaderMemory();
        }
    };

    private final byte[][] texts = new byte[MOST][];
    private final int[][] lines = new int[MOST][];
    private final WireSpan span = new WireSpan();
    private int size;

    private HeaderMemory() {}

    /** The memory of the thread that asks. */
    static HeaderMemory ofThread() {
        return OF_THREAD.get();
    }

    /** A view that the next call changes. */
    CharSequence span(byte[] text, int start, int length) {
        return span.on(text, start, length);
    }

    /** An array of text; its pair has to be taken next. */
    byte[] text() {
        return size == 0 ? new byte[BYTES] : texts[size - 1];
    }

    /** The pair of the array that {@link #text} has just given. */
    int[] lines() {
        return size == 0 ? new int[INTEGERS] : lines[--size];
    }

    /** Gives a pair back that nobody will look at any more. */
    void giveBack(byte[] text, int[] ofLines) {
        if (size < MOST && text.length == BYTES && ofLines.length == INTEGERS) {
            texts[size] = text;
            lines[size] = ofLines;
            size++;
        }
    }
}
