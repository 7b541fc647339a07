package dev.sluice.proxy.balance;

import dev.sluice.proxy.cluster.Endpoint;
import dev.sluice.proxy.cluster.EndpointSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a request goes whose endpoint is full ({@code sluice.dev/max-requests-per-endpoint}): to any other that is usable
 * and has room, so that no request is refused while there is some. Thread-safe.
 */
final class SpareRoom {
    private SpareRoom() {}

    /** Starts a request at an endpoint of {@code set}, the next after {@code full} that has room; null when all are full. */
    static @Nullable Endpoint start(EndpointSet set, Endpoint full) {
        List<Endpoint> usable = set.healthy().isEmpty() ? set.all() : set.healthy();
        int size = usable.size();
        int after = usable.indexOf(full) + 1;
        for (int i = 0; i < size; i++) {
            Endpoint endpoint = usable.get((after + i) % size);
            if (endpoint.started()) {
                return endpoint;
            }
        }
        return null;
    }
}
