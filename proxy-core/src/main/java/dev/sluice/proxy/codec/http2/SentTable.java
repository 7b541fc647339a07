package dev.sluice.proxy.codec.http2;

import io.netty.util.AsciiString;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The fields that we had the peer remember (RFC 7541 section 2.3.2), found by what they are. The room for them is taken with
 * the first. Not thread-safe; belongs to its connection.
 */
final class SentTable {
    /** What is used of a peer's table at most, in the bytes of {@link Field#size}, however much it offers. */
    static final int MOST = HpackTable.DEFAULT_CAPACITY;

    private static final int SLOTS = MOST / Field.OVERHEAD;
    private static final int MASK = SLOTS - 1;

    private @Nullable AsciiString[] names = {};
    private @Nullable CharSequence[] values = {};
    private int[] hashes = {};
    private int[] sizes = {};
    /** Slot, counted from 1, of the entry added before in the same bucket. */
    private int[] earlier = {};
    /** Slot, counted from 1, of the latest entry with a hash. */
    private int[] buckets = {};
    /** The same by names. */
    private int[] latest = {};

    private int newest = -1;
    private int count;
    private int size;
    private int capacity = MOST;

    /**
     * The index of a field, counted behind those of appendix A; 0 when it is not there.
     *
     * @param hash of name and value
     */
    int find(int hash, AsciiString name, CharSequence value) {
        if (count == 0) {
            return 0;
        }
        for (int at = buckets[hash & MASK]; at > 0; at = earlier[at - 1]) {
            int slot = at - 1;
            if (hashes[slot] == hash && isSame(values[slot], value) && name.equals(names[slot])) {
                return index(slot);
            }
        }
        return 0;
    }

    /** The index of a field with that name; 0 when none is found. */
    int findName(AsciiString name) {
        if (count == 0) {
            return 0;
        }
        int slot = latest[name.hashCode() & MASK] - 1;
        // Who leaves the table stays in here, and is not the name's any more.
        return slot >= 0 && name.equals(names[slot]) ? index(slot) : 0;
    }

    /** Remembers a field that is not there and is not larger than the whole table. */
    void add(int hash, AsciiString name, CharSequence value, int bytes) {
        if (names.length == 0) {
            allocate();
        }
        shrinkTo(capacity - bytes);
        int slot = (newest + 1) & MASK;
        newest = slot;
        count++;
        size += bytes;
        names[slot] = name;
        values[slot] = value;
        hashes[slot] = hash;
        sizes[slot] = bytes;
        earlier[slot] = buckets[hash & MASK];
        buckets[hash & MASK] = slot + 1;
        latest[name.hashCode() & MASK] = slot + 1;
    }

    /** Sets how much may be remembered; at most {@link #MOST}. */
    void capacity(int bytes) {
        capacity = bytes;
        shrinkTo(bytes);
    }

    int capacity() {
        return capacity;
    }

    private void allocate() {
        names = new AsciiString[SLOTS];
        values = new CharSequence[SLOTS];
        hashes = new int[SLOTS];
        sizes = new int[SLOTS];
        earlier = new int[SLOTS];
        buckets = new int[SLOTS];
        latest = new int[SLOTS];
    }

    private int index(int slot) {
        return 1 + ((newest - slot) & MASK);
    }

    private void shrinkTo(int bytes) {
        while (count > 0 && size > bytes) {
            int slot = (newest - count + 1) & MASK;
            unlink(slot);
            size -= sizes[slot];
            names[slot] = null;
            values[slot] = null;
            count--;
        }
    }

    /** Takes the oldest entry of all, so the last one of its bucket, out of it. */
    private void unlink(int slot) {
        int bucket = hashes[slot] & MASK;
        int at = buckets[bucket];
        if (at == slot + 1) {
            buckets[bucket] = 0;
            return;
        }
        while (earlier[at - 1] != slot + 1) {
            at = earlier[at - 1];
        }
        earlier[at - 1] = 0;
    }

    private static boolean isSame(@Nullable CharSequence held, CharSequence value) {
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
