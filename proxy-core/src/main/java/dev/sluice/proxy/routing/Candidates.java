package dev.sluice.proxy.routing;

import java.util.Arrays;

/**
 * Merges sorted lists of rule numbers, lowest first, as far as it is asked. One per event loop, reused. Not thread-safe.
 */
final class Candidates {
    private int[][] lists = new int[16][];
    private int[] positions = new int[16];
    private int count;

    void clear() {
        count = 0;
    }

    /** Adds a list in ascending order. */
    void add(int[] rules) {
        if (rules.length == 0) {
            return;
        }
        if (count == lists.length) {
            lists = Arrays.copyOf(lists, count * 2);
            positions = Arrays.copyOf(positions, count * 2);
        }
        lists[count] = rules;
        positions[count] = 0;
        count++;
    }

    /** The next rule number; -1 when there is none. A rule is in one list only. */
    int next() {
        int best = Integer.MAX_VALUE;
        int from = -1;
        for (int i = 0; i < count; i++) {
            int position = positions[i];
            if (position < lists[i].length && lists[i][position] < best) {
                best = lists[i][position];
                from = i;
            }
        }
        if (from < 0) {
            return -1;
        }
        positions[from]++;
        return best;
    }
}
