package dev.sluice.proxy.codec.http2;

import io.netty.util.AsciiString;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The fields that we had the peer remember (RFC 7541 section 2.3.2), found by what they are. Most connections have few, so
 * each takes its room by itself. Not thread-safe; belongs to its connection.
 */
final class SentTable {
    /** What is used of a peer's table at most, in the bytes of {@link Field#size}, however much it offers. */
    static final int MOST = HpackTable.DEFAULT_CAPACITY;

    private static final int BUCKETS = 32;
    private static final int MASK = BUCKETS - 1;
    private static final Entry[] NONE = {};

    /** The latest field of each bucket of hashes; none until the first comes. */
    private @Nullable Entry[] fields = NONE;
    /** The same by names, where only the latest is found. */
    private @Nullable Entry[] names = NONE;

    private @Nullable Entry oldest;
    private @Nullable Entry newest;
    /** How many were ever added; may overflow. */
    private int added;

    private int count;
    private int size;
    private int capacity = MOST;

    /** A remembered field. */
    private static final class Entry {
        final AsciiString name;
        final CharSequence value;
        final int hash;
        /** As {@link Field#size} counts. */
        final int bytes;
        /** How many were added before it. */
        final int number;
        /** The one added before it in its bucket. */
        @Nullable
        Entry earlier;
        /** The one added after it. */
        @Nullable
        Entry later;

        Entry(AsciiString name, CharSequence value, int hash, int bytes, int number, @Nullable Entry earlier) {
            this.name = name;
            this.value = value;
            this.hash = hash;
            this.bytes = bytes;
            this.number = number;
            this.earlier = earlier;
        }
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
        for (Entry entry = fields[hash & MASK]; entry != null; entry = entry.earlier) {
            if (entry.hash == hash && isSame(entry.value, value) && name.equals(entry.name)) {
                return added - entry.number;
            }
        }
        return 0;
    }

    /** The index of a field with that name; 0 when none is found. */
    int findName(AsciiString name) {
        if (count == 0) {
            return 0;
        }
        Entry entry = names[name.hashCode() & MASK];
        return entry != null && name.equals(entry.name) ? added - entry.number : 0;
    }

    /** Remembers a field that is not there and is not larger than the whole table. */
    void add(int hash, AsciiString name, CharSequence value, int bytes) {
        if (fields.length == 0) {
            fields = new Entry[BUCKETS];
            names = new Entry[BUCKETS];
        }
        shrinkTo(capacity - bytes);
        Entry entry = new Entry(name, value, hash, bytes, added, fields[hash & MASK]);
        fields[hash & MASK] = entry;
        names[name.hashCode() & MASK] = entry;
        if (newest == null) {
            oldest = entry;
        } else {
            newest.later = entry;
        }
        newest = entry;
        added++;
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
        for (Entry entry = oldest; entry != null && size > bytes; entry = oldest) {
            unlink(entry);
            oldest = entry.later;
            // Or, once it is old garbage, it would make all that came after it old as well.
            entry.later = null;
            count--;
            size -= entry.bytes;
        }
        if (oldest == null) {
            newest = null;
        }
    }

    /** Takes the oldest of all, so the last one of its bucket, out of where it is found. */
    private void unlink(Entry entry) {
        int name = entry.name.hashCode() & MASK;
        if (names[name] == entry) {
            names[name] = null;
        }
        int bucket = entry.hash & MASK;
        Entry later = fields[bucket];
        if (later == entry) {
            fields[bucket] = null;
            return;
        }
        while (later != null && later.earlier != entry) {
            later = later.earlier;
        }
        if (later != null) {
            later.earlier = null;
        }
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
