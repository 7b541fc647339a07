package dev.sluice.proxy.balance.hash;

import io.netty.util.AsciiString;
import io.netty.util.concurrent.FastThreadLocal;

/** xxHash64 of text in the codecs' form, one char for one byte of the wire. Makes no garbage for texts of ordinary length. */
final class WireHash {
    private static final int SCRATCH_BYTES = 1024;

    private static final FastThreadLocal<byte[]> SCRATCH = new FastThreadLocal<>() {
        @Override
        protected byte[] initialValue() {
            return new byte[SCRATCH_BYTES];
        }
    };

    private WireHash() {}

    /** Hash of all of {@code text} with seed 0. */
    static long of(CharSequence text) {
        return of(text, 0, text.length(), 0);
    }

    /** Hash of {@code text} from index {@code from} to before {@code to}. */
    static long of(CharSequence text, int from, int to, long seed) {
        if (text instanceof AsciiString ascii) {
            int offset = ascii.arrayOffset();
            return XxHash64.hash(ascii.array(), offset + from, offset + to, seed);
        }
        int length = to - from;
        byte[] bytes = length <= SCRATCH_BYTES ? SCRATCH.get() : new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) text.charAt(from + i);
        }
        return XxHash64.hash(bytes, 0, length, seed);
    }
}
