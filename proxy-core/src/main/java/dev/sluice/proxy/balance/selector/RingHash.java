package dev.sluice.proxy.balance.selector;

import dev.sluice.proxy.balance.hash.XxHash64;
import dev.sluice.proxy.cluster.Endpoint;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Ketama-style ring, point for point Envoy's (spec/istio-fields.md §12.5), so that a fleet of both agrees on every key.
 * Immutable.
 */
final class RingHash implements EndpointSelector {
    private static final int MAX_RING_SIZE = 8_388_608;
    private static final int BYTE_VALUES = 256;

    private final Endpoint[] endpoints;
    /** Points in unsigned order. */
    private final long[] points;
    /** Index of each point's endpoint. */
    private final int[] owners;

    /** @param minimumSize points at least, before rounding up to whole points per endpoint */
    RingHash(List<Share> shares, int minimumSize) {
        this.endpoints = shares.stream().map(Share::endpoint).toArray(Endpoint[]::new);
        double least = shares.stream().mapToDouble(Share::part).min().orElse(1);
        double scale = Math.min(Math.ceil(least * minimumSize) / least, MAX_RING_SIZE);
        // Every endpoint rounds up its last point at most.
        long[] hashes = new long[(int) Math.ceil(scale) + shares.size()];
        int[] indexes = new int[hashes.length];
        double target = 0;
        int count = 0;
        for (int endpoint = 0; endpoint < endpoints.length; endpoint++) {
            target += scale * shares.get(endpoint).part();
            String key = endpoints[endpoint].hostPort() + "_";
            for (int i = 0; count < target; i++) {
                hashes[count] = XxHash64.hash(key + i);
                indexes[count++] = endpoint;
            }
        }
        this.points = Arrays.copyOf(hashes, count);
        this.owners = Arrays.copyOf(indexes, count);
        sort(points, owners);
    }

    /** Radix sort by unsigned value, a byte at a time from the lowest: a ring may have millions of points. */
    private static void sort(long[] points, int[] owners) {
        long[] from = points;
        int[] fromOwners = owners;
        long[] to = new long[points.length];
        int[] toOwners = new int[points.length];
        for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
            int[] starts = new int[BYTE_VALUES + 1];
            for (long point : from) {
                starts[(int) (point >>> shift & 0xff) + 1]++;
            }
            for (int i = 1; i < BYTE_VALUES; i++) {
                starts[i] += starts[i - 1];
            }
            for (int i = 0; i < from.length; i++) {
                int at = starts[(int) (from[i] >>> shift & 0xff)]++;
                to[at] = from[i];
                toOwners[at] = fromOwners[i];
            }
            long[] sorted = to;
            to = from;
            from = sorted;
            int[] sortedOwners = toOwners;
            toOwners = fromOwners;
            fromOwners = sortedOwners;
        }
        // Eight passes: the last one wrote into the arrays that were given.
    }

    @Override
    public boolean usesHash() {
        return true;
    }

    @Override
    public @Nullable Endpoint pick(long hash, int repick) {
        int size = points.length;
        return size == 0 ? null : endpoints[owners[(firstAtOrAfter(hash) + repick) % size]];
    }

    /** Whether a point lies exactly there. */
    boolean hasPoint(long hash) {
        return points.length > 0 && points[firstAtOrAfter(hash)] == hash;
    }

    private int firstAtOrAfter(long hash) {
        int low = 0;
        int high = points.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (Long.compareUnsigned(points[middle], hash) < 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low == points.length ? 0 : low;
    }
}
