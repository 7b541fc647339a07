package dev.sluice.proxy.stream.headers;

import io.netty.util.AsciiString;
import io.netty.util.concurrent.FastThreadLocal;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The header names that were read last on a thread, so that a name that comes with every message is one object with its
 * hash, rather than two new ones and a hash each time. A fixed number of places; a newer name takes that of an older one
 * in the same place, so a peer that invents names gains nothing and costs what it did without.
 */
final class NameMemory {
    private static final int PLACES = 256;
    private static final int LONGEST = 40;

    private static final FastThreadLocal<NameMemory> OF_THREAD = new FastThreadLocal<>() {
        @Override
        protected NameMemory initialValue() {
            return new NameMemory();
        }
    };

    private final @Nullable AsciiString[] places = new AsciiString[PLACES];

    NameMemory() {}

    /** The memory of the thread that asks. */
    static NameMemory ofThread() {
        return OF_THREAD.get();
    }

    /** The name in {@code line}, byte for byte; must not be altered by its array. */
    AsciiString name(byte[] line, int start, int length) {
        if (length == 0 || length > LONGEST) {
            return new AsciiString(line, start, length, true);
        }
        int place = place(line, start, length);
        AsciiString known = places[place];
        if (known != null && Arrays.equals(known.array(), 0, known.length(), line, start, start + length)) {
            return known;
        }
        AsciiString read = new AsciiString(line, start, length, true);
        places[place] = read;
        return read;
    }

    /** Of length and three bytes only: names that meet in a place are told apart by comparing them. */
    private static int place(byte[] line, int start, int length) {
        int mixed = length + 31 * (line[start] + 31 * (line[start + length / 2] + 31 * line[start + length - 1]));
        return (mixed ^ mixed >>> 8) & (PLACES - 1);
    }
}
