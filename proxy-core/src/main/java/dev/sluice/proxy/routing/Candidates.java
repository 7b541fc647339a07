package dev.sluice.proxy.routing;

import java.util.Arrays;

/**
 * Merges sorted lists of rule numbers, lowest first, only as far as it is asked: a binary heap with one entry for each list,
 * a rule number in the upper half and the place of its follower in the lower one. Holds numbers only, so nothing of a request
 * outlives it; one per thread, reused. Not thread-safe.
 */
final class Candidates {
    /** Follower of the last rule of a list; the lists themselves end with a negative number. */
    static final int NO_FOLLOWER = 0;

    private long[] heap = new long[16];
    private int size;
    private int last;

    void clear() {
        size = 0;
        last = -1;
    }

    /**
     * Adds a list by its first rule.
     *
     * @param follower index of the next rule in the lists of {@link #next}, or {@link #NO_FOLLOWER}
     */
    void push(int rule, int follower) {
        if (size == heap.length) {
            heap = Arrays.copyOf(heap, size * 2);
        }
        long entry = (long) rule << 32 | follower;
        int at = size++;
        while (at > 0) {
            int parent = (at - 1) >>> 1;
            if (heap[parent] <= entry) {
                break;
            }
            heap[at] = heap[parent];
            at = parent;
        }
        heap[at] = entry;
    }

    /** The lowest rule that was not given yet, -1 when there is none. A rule that is in several lists comes once. */
    int next(int[] lists) {
        while (size > 0) {
            long top = heap[0];
            int rule = (int) (top >>> 32);
            int follower = (int) top;
            if (follower != NO_FOLLOWER && lists[follower] >= 0) {
                replaceTop((long) lists[follower] << 32 | (follower + 1));
            } else {
                long moved = heap[--size];
                if (size > 0) {
                    replaceTop(moved);
                }
            }
            if (rule != last) {
                last = rule;
                return rule;
            }
        }
        return -1;
    }

    private void replaceTop(long entry) {
        int at = 0;
        int child;
        while ((child = 2 * at + 1) < size) {
            if (child + 1 < size && heap[child + 1] < heap[child]) {
                child++;
            }
            if (entry <= heap[child]) {
                break;
            }
            heap[at] = heap[child];
            at = child;
        }
        heap[at] = entry;
    }
}
