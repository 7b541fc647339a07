package dev.sluice.proxy.routing;

import dev.sluice.proxy.stream.RequestHead;

/**
 * All buckets of an index: sets of rules that a request may satisfy. A bucket is one number, for most hold one rule: that
 * rule, or where a sorted list begins, or a {@link Split} of a crowded one. Immutable.
 */
final class Buckets {
    /** No rule; also what a {@link FoldedTable} of buckets says of a key that it lacks. */
    static final int EMPTY = FoldedTable.MISSING;

    private static final int RULE = 0;
    private static final int LIST = 1;
    private static final int SPLIT = 2;
    private static final int KIND_BITS = 2;

    /** Sorted lists one after the other, each ended by a negative number; starts with one, so that no list is at 0. */
    private final int[] lists;

    private final Split[] splits;

    /** Of an index that has none. */
    static final Buckets NONE = new Buckets(new int[] {EMPTY}, new Split[0]);

    Buckets(int[] lists, Split[] splits) {
        this.lists = lists;
        this.splits = splits;
    }

    static int ofRule(int rule) {
        return rule << KIND_BITS | RULE;
    }

    static int ofList(int start) {
        return start << KIND_BITS | LIST;
    }

    static int ofSplit(int number) {
        return number << KIND_BITS | SPLIT;
    }

    /** What {@link Candidates#next} reads. */
    int[] lists() {
        return lists;
    }

    /** Adds the rules of {@code bucket} that {@code head} may satisfy. */
    void collect(int bucket, RequestHead head, int pathEnd, Candidates into) {
        if (bucket == EMPTY) {
            return;
        }
        int place = bucket >>> KIND_BITS;
        switch (bucket & ((1 << KIND_BITS) - 1)) {
            case RULE -> into.push(place, Candidates.NO_FOLLOWER);
            case LIST -> into.push(lists[place], place + 1);
            default -> splits[place].collect(head, pathEnd, this, into);
        }
    }
}
