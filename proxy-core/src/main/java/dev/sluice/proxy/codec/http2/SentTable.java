package dev.sluice.proxy.codec.http2;

import io.netty.util.AsciiString;
import java.util.Arrays;

/**
 * The fields that we had the peer remember (RFC 7541 section 2.3.2), found by what they are. Each has a number, one more than
 * the one before, and the place of that number in a ring of columns: an object for each would outlive the young generation
 * and make the heap grow for as long as fields come and go, such as {@code date}. The room is taken only as it is used.
 * Not thread-safe; belongs to its connection.
 */
final class SentTable {
    /** What is used of a peer's table at most, in the bytes of {@link Field#size}, however much it offers. */
    static final int MOST = HpackTable.DEFAULT_CAPACITY;

    private static final int LEAST_PLACES = 8;
    private static final int BUCKETS = 32;
    private static final int MASK = BUCKETS - 1;
    private static final AsciiString[] NO_NAMES = {};
    private static final CharSequence[] NO_VALUES = {};
    private static final int[] NO_NUMBERS = {};

    // By place.
    private AsciiString[] names = NO_NAMES;
    private CharSequence[] values = NO_VALUES;
    private int[] hashes = NO_NUMBERS;
    /** The number of the one added before it in its bucket. */
    private int[] earlier = NO_NUMBERS;

    /** The number of the latest field of each bucket of hashes; behind them the same by names. */
    private int[] latest = NO_NUMBERS;

    /** The number of the next. After 2^32 of them they begin anew: a bucket without a field then leads to one of another hash. */
    private int next;

    private int count;
    private int size;
    private int capacity = MOST;

    SentTable() {
        this(1);
    }

    /** @param first number */
    SentTable(int first) {
        next = first;
    }

    /**
     * The index of a field, counted behind those of appendix A; 0 when it is not there.
     *
     * @param hash of name and value
     */
    int find(int hash, AsciiString name, CharSequence value) {
        if (count == 0) {
            return 0;
        }
        int index = next - latest[hash & MASK];
        // Whatever is behind one that is forgotten is so too.
        for (int before = 0; index > before && index <= count; ) {
            int place = place(next - index);
            if (hashes[place] == hash && isSame(values[place], value) && name.equals(names[place])) {
                return index;
            }
            before = index;
            index = next - earlier[place];
        }
        return 0;
    }

    /** The index of a field with that name; 0 when none is found. */
    int findName(AsciiString name) {
        if (count == 0) {
            return 0;
        }
        int index = next - latest[BUCKETS + (name.hashCode() & MASK)];
        return index > 0 && index <= count && name.equals(names[place(next - index)]) ? index : 0;
    }

    /** Remembers a field that is not there and is not larger than the whole table. */
    void add(int hash, AsciiString name, CharSequence value, int bytes) {
        shrinkTo(capacity - bytes);
        if (count == names.length) {
            grow();
        }
        int place = place(next);
        names[place] = name;
        values[place] = value;
        hashes[place] = hash;
        earlier[place] = latest[hash & MASK];
        latest[hash & MASK] = next;
        latest[BUCKETS + (name.hashCode() & MASK)] = next;
        next++;
        count++;
        size += bytes;
    }

    /** Sets how much may be remembered; at most {@link #MOST}. */
    void capacity(int bytes) {
        capacity = bytes;
        shrinkTo(bytes);
    }

    int capacity() {
        return capacity;
    }

    private void shrinkTo(int bytes) {
        while (count > 0 && size > bytes) {
            int oldest = place(next - count);
            size -= Field.OVERHEAD + names[oldest].length() + values[oldest].length();
            count--;
            // A text may be as large as a table; places are many.
            names[oldest] = AsciiString.EMPTY_STRING;
            values[oldest] = AsciiString.EMPTY_STRING;
        }
    }

    private int place(int number) {
        return number & (names.length - 1);
    }

    private void grow() {
        if (names.length == 0) {
            latest = new int[2 * BUCKETS];
        }
        int wider = Math.max(LEAST_PLACES, 2 * names.length);
        AsciiString[] widerNames = new AsciiString[wider];
        CharSequence[] widerValues = new CharSequence[wider];
        int[] widerHashes = new int[wider];
        int[] widerEarlier = new int[wider];
        for (int number = next - count; number != next; number++) {
            int from = place(number);
            int to = number & (wider - 1);
            widerNames[to] = names[from];
            widerValues[to] = values[from];
            widerHashes[to] = hashes[from];
            widerEarlier[to] = earlier[from];
        }
        names = widerNames;
        values = widerValues;
        hashes = widerHashes;
        earlier = widerEarlier;
    }

    private static boolean isSame(CharSequence held, CharSequence value) {
        if (held == value) {
            return true;
        }
        if (held instanceof AsciiString one && value instanceof AsciiString other) {
            return one.length() == other.length()
                    && Arrays.equals(
                            one.array(),
                            one.arrayOffset(),
                            one.arrayOffset() + one.length(),
                            other.array(),
                            other.arrayOffset(),
                            other.arrayOffset() + other.length());
        }
        return AsciiString.contentEquals(held, value);
    }
}
