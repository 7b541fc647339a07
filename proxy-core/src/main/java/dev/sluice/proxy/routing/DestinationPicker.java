package dev.sluice.proxy.routing;

import dev.sluice.proxy.exchange.Destination;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Weighted choice as Envoy makes it (spec/istio-fields.md §12.1): v = R mod Σ weights over the intervals in list order, one
 * draw a request. Immutable.
 */
final class DestinationPicker {
    private final Destination[] destinations;
    private final long[] upperBounds;

    DestinationPicker(List<Destination> destinations) {
        this.destinations = destinations.toArray(new Destination[0]);
        this.upperBounds = new long[this.destinations.length];
        long sum = 0;
        for (int i = 0; i < upperBounds.length; i++) {
            sum += this.destinations[i].plan().weight();
            upperBounds[i] = sum;
        }
    }

    @Nullable
    Destination pick(long randomId) {
        int count = destinations.length;
        if (count <= 1) {
            return count == 0 ? null : destinations[0];
        }
        long value = Long.remainderUnsigned(randomId, upperBounds[count - 1]);
        for (int i = 0; i < count - 1; i++) {
            if (value < upperBounds[i]) {
                return destinations[i];
            }
        }
        return destinations[count - 1];
    }
}
