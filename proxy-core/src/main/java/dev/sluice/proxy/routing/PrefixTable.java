package dev.sluice.proxy.routing;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Buckets by path prefix. A prefix's key is its {@link String#hashCode()}, which is a polynomial and so rolls along the
 * path: one pass over the path probes every length that occurs. The table holds what the configuration says, so a request
 * cannot make it collide. Immutable.
 */
final class PrefixTable {
    private final String[] keys;
    private final Bucket[] buckets;
    private final int mask;
    private final boolean[] lengths;

    PrefixTable(Map<String, Bucket> byPrefix) {
        int capacity = Integer.highestOneBit(Math.max(2, byPrefix.size() * 2)) * 2;
        this.keys = new String[capacity];
        this.buckets = new Bucket[capacity];
        this.mask = capacity - 1;
        int longest = byPrefix.keySet().stream().mapToInt(String::length).max().orElse(-1);
        this.lengths = new boolean[longest + 1];
        byPrefix.forEach((prefix, bucket) -> {
            lengths[prefix.length()] = true;
            int slot = slot(prefix.hashCode());
            while (keys[slot] != null) {
                slot = (slot + 1) & mask;
            }
            keys[slot] = prefix;
            buckets[slot] = bucket;
        });
    }

    boolean isEmpty() {
        return lengths.length == 0;
    }

    /** Adds the rules of every prefix of {@code path}. */
    void collect(String path, RequestFacts request, Candidates into) {
        int end = Math.min(path.length(), lengths.length - 1);
        int hash = 0;
        for (int length = 1; length <= end; length++) {
            hash = 31 * hash + path.charAt(length - 1);
            if (lengths[length]) {
                Bucket bucket = get(path, length, hash);
                if (bucket != null) {
                    bucket.collect(request, into);
                }
            }
        }
    }

    private @Nullable Bucket get(String path, int length, int hash) {
        int slot = slot(hash);
        String key;
        while ((key = keys[slot]) != null) {
            if (key.length() == length && path.startsWith(key)) {
                return buckets[slot];
            }
            slot = (slot + 1) & mask;
        }
        return null;
    }

    private int slot(int hash) {
        int mixed = (hash ^ (hash >>> 16)) * 0x9E3779B9;
        return (mixed >>> 7) & mask;
    }
}
