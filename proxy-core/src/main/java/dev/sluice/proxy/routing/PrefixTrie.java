package dev.sluice.proxy.routing;

import dev.sluice.proxy.match.AsciiCase;
import dev.sluice.proxy.stream.RequestHead;
import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.SortedMap;

/**
 * Byte trie of path prefixes with compressed edges, without regard to case. Nodes are numbers in breadth-first order, which
 * puts the children of a node side by side: a node costs 13 bytes and its label, whatever the number of prefixes, and one
 * walk down the path meets every prefix of it. Immutable.
 */
final class PrefixTrie {
    /** Labels of all nodes one after the other; those of node i end where those of i + 1 begin. */
    private final byte[] labels;

    private final int[] labelStart;
    /** Children of node i are firstChild[i] until firstChild[i + 1], ordered by the first byte of their label. */
    private final int[] firstChild;

    private final byte[] firstByte;
    private final int[] buckets;

    private PrefixTrie(Builder builder) {
        int nodes = builder.nodes.size();
        this.labels = builder.labels.toByteArray();
        this.labelStart = new int[nodes + 1];
        this.firstChild = new int[nodes + 1];
        this.firstByte = new byte[nodes];
        this.buckets = new int[nodes];
        for (int i = 0; i < nodes; i++) {
            Node node = builder.nodes.get(i);
            labelStart[i] = node.labelStart;
            firstChild[i] = node.firstChild;
            buckets[i] = node.bucket;
            if (i > 0) {
                firstByte[i] = labels[node.labelStart];
            }
        }
        labelStart[nodes] = labels.length;
        firstChild[nodes] = nodes;
    }

    /** @param prefixes not empty, in lower case, each char a byte; with the bucket of the rules that have it */
    static PrefixTrie of(SortedMap<String, Integer> prefixes) {
        return new PrefixTrie(new Builder(prefixes));
    }

    /** Adds the rules of every prefix of the path. */
    void collect(RequestHead head, int pathEnd, Buckets rules, Candidates into) {
        String path = head.path();
        int node = 0;
        int at = 0;
        while (true) {
            if (buckets[node] != Buckets.EMPTY) {
                rules.collect(buckets[node], head, pathEnd, into);
            }
            if (at == pathEnd) {
                return;
            }
            node = child(node, AsciiCase.fold(path.charAt(at)));
            if (node < 0) {
                return;
            }
            int label = labelStart[node];
            int labelEnd = labelStart[node + 1];
            if (labelEnd - label > pathEnd - at) {
                return;
            }
            // The first byte chose the child.
            for (label++, at++; label < labelEnd; label++, at++) {
                if ((labels[label] & 0xff) != AsciiCase.fold(path.charAt(at))) {
                    return;
                }
            }
        }
    }

    private int child(int node, char first) {
        int low = firstChild[node];
        int high = firstChild[node + 1] - 1;
        if (low > high) {
            return -1;
        }
        // Children are often neighbours in the alphabet, numbered services above all: then the first guess is right.
        int guess = low + first - (firstByte[low] & 0xff);
        if (guess >= low && guess <= high && (firstByte[guess] & 0xff) == first) {
            return guess;
        }
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int there = firstByte[middle] & 0xff;
            if (there == first) {
                return middle;
            }
            if (there < first) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return -1;
    }

    /** A node while it is built: the keys {@code from} until {@code to} share their first {@code depth} chars. */
    private static final class Node {
        final int from;
        final int to;
        final int depth;
        final int labelStart;
        int firstChild;
        int bucket = Buckets.EMPTY;

        Node(int from, int to, int depth, int labelStart) {
            this.from = from;
            this.to = to;
            this.depth = depth;
            this.labelStart = labelStart;
        }
    }

    /** Works off a queue: thousands of prefixes that nest must not nest calls. */
    private static final class Builder {
        final List<Node> nodes = new ArrayList<>();
        final ByteArrayOutputStream labels = new ByteArrayOutputStream();
        private final String[] keys;

        Builder(SortedMap<String, Integer> prefixes) {
            this.keys = prefixes.keySet().toArray(new String[0]);
            Integer[] values = prefixes.values().toArray(new Integer[0]);
            Queue<Node> open = new ArrayDeque<>();
            add(open, new Node(0, keys.length, 0, 0));
            Node node;
            while ((node = open.poll()) != null) {
                node.firstChild = nodes.size();
                int from = node.from;
                if (keys[from].length() == node.depth) {
                    node.bucket = values[from];
                    from++;
                }
                while (from < node.to) {
                    int to = endOfGroup(from, node.to, node.depth);
                    int depth = commonLength(keys[from], keys[to - 1]);
                    int labelStart = labels.size();
                    for (int i = node.depth; i < depth; i++) {
                        labels.write(keys[from].charAt(i));
                    }
                    add(open, new Node(from, to, depth, labelStart));
                    from = to;
                }
            }
        }

        private void add(Queue<Node> open, Node node) {
            nodes.add(node);
            open.add(node);
        }

        /** The keys are sorted, so those with the same char at {@code depth} are neighbours. */
        private int endOfGroup(int from, int to, int depth) {
            char c = keys[from].charAt(depth);
            int end = from + 1;
            while (end < to && keys[end].charAt(depth) == c) {
                end++;
            }
            return end;
        }

        private static int commonLength(String a, String b) {
            int length = Math.min(a.length(), b.length());
            int i = 0;
            while (i < length && a.charAt(i) == b.charAt(i)) {
                i++;
            }
            return i;
        }
    }
}
