package dev.sluice.proxy.routing;

import dev.sluice.proxy.match.AsciiCase;
import java.util.Arrays;
import java.util.Map;

/**
 * Text to number, without regard to the case of A to Z: a request is looked up as it arrived, nothing of it is copied or
 * lower-cased. Open addressing over two arrays. The hash runs from the right to the left, so that one pass over a host meets
 * the hash of each of its suffixes. Keys come from the configuration, so a client cannot make them collide. Immutable.
 */
final class FoldedTable {
    static final int MISSING = -1;

    private final String[] keys;
    private final int[] numbers;
    private final int shift;
    private final int longest;

    /** @param entries keys in lower case, numbers of 0 and above */
    FoldedTable(Map<String, Integer> entries) {
        int bits = 32 - Integer.numberOfLeadingZeros(Math.max(1, entries.size() * 2 - 1));
        this.keys = new String[1 << bits];
        this.numbers = new int[1 << bits];
        this.shift = 32 - bits;
        Arrays.fill(numbers, MISSING);
        int max = 0;
        for (Map.Entry<String, Integer> entry : entries.entrySet()) {
            String key = entry.getKey();
            max = Math.max(max, key.length());
            int slot = slot(hash(key, 0, key.length()));
            while (numbers[slot] != MISSING) {
                slot = (slot + 1) & (keys.length - 1);
            }
            keys[slot] = key;
            numbers[slot] = entry.getValue();
        }
        this.longest = max;
    }

    /** The hash of {@code c} followed by what {@code hash} was made of; 0 is the hash of nothing. */
    static int prepend(char c, int hash) {
        return 31 * hash + AsciiCase.fold(c);
    }

    private static int hash(CharSequence text, int from, int to) {
        int hash = 0;
        for (int i = to - 1; i >= from; i--) {
            hash = prepend(text.charAt(i), hash);
        }
        return hash;
    }

    /** Number of the part of {@code text} between {@code from} and {@code to}, or {@link #MISSING}. */
    int get(CharSequence text, int from, int to) {
        return to - from > longest ? MISSING : get(text, from, to, hash(text, from, to));
    }

    /** As {@link #get(CharSequence, int, int)}, with the hash at hand. */
    int get(CharSequence text, int from, int to, int hash) {
        int slot = slot(hash);
        int number;
        while ((number = numbers[slot]) != MISSING) {
            String key = keys[slot];
            if (key.length() == to - from && AsciiCase.startsWith(text, from, key)) {
                return number;
            }
            slot = (slot + 1) & (keys.length - 1);
        }
        return MISSING;
    }

    private int slot(int hash) {
        return (hash * 0x9E3779B9) >>> shift;
    }
}
