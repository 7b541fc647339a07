package dev.sluice.proxy.balance;

import dev.sluice.proxy.balance.hash.XxHash64;
import dev.sluice.proxy.cluster.Endpoint;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Ketama-style ring, point for point Envoy's (spec/istio-fields.md §12.5), so that a fleet of both agrees on every key.
 * Immutable.
 */
final class RingHash implements EndpointSelector {
    private static final int MAX_RING_SIZE = 8_388_608;

    private final long[] points;
    private final Endpoint[] owners;

    /** @param minimumSize points at least, before rounding up to whole points per endpoint */
    RingHash(List<Endpoint> endpoints, int minimumSize) {
        if (endpoints.isEmpty()) {
            points = new long[0];
            owners = new Endpoint[0];
            return;
        }
        double total = endpoints.stream().mapToLong(Endpoint::weight).sum();
        double least = endpoints.stream().mapToInt(Endpoint::weight).min().orElse(1) / total;
        double scale = Math.min(Math.ceil(least * minimumSize) / least, MAX_RING_SIZE);
        List<Point> ring = new ArrayList<>((int) Math.ceil(scale));
        double target = 0;
        for (Endpoint endpoint : endpoints) {
            target += scale * (endpoint.weight() / total);
            String key = endpoint.hostPort() + "_";
            for (int i = 0; ring.size() < target; i++) {
                ring.add(new Point(XxHash64.hash(key + i), endpoint));
            }
        }
        ring.sort((a, b) -> Long.compareUnsigned(a.hash, b.hash));
        points = new long[ring.size()];
        owners = new Endpoint[ring.size()];
        for (int i = 0; i < points.length; i++) {
            points[i] = ring.get(i).hash;
            owners[i] = ring.get(i).endpoint;
        }
    }

    private record Point(long hash, Endpoint endpoint) {}

    @Override
    public boolean usesHash() {
        return true;
    }

    @Override
    public @Nullable Endpoint pick(long hash, int repick) {
        int size = points.length;
        if (size == 0) {
            return null;
        }
        return owners[(firstAtOrAfter(hash) + repick) % size];
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
