package dev.sluice.proxy.snapshot;

import dev.sluice.config.plan.chain.Cidr;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where the connections of a listener go that were redirected to it, by the dialled address: first by port, then by the
 * longest range that holds the address, in the order of {@link dev.sluice.config.plan.chain.ChainMatchPlan}. Asked once for
 * each connection; its cost does not grow with the number of single addresses. Immutable.
 */
public final class CaptureIndex {
    private final Map<Integer, ByAddress> ports;
    private final @Nullable Ways otherwise;

    private CaptureIndex(Map<Integer, ByAddress> ports, @Nullable Ways otherwise) {
        this.ports = ports;
        this.otherwise = otherwise;
    }

    /** What becomes of a connection to that address; null when nothing does, and it is closed. */
    public @Nullable Ways find(InetSocketAddress dialled) {
        ByAddress of = ports.get(dialled.getPort());
        Ways found = of == null ? null : of.find(dialled.getAddress().getAddress());
        return found == null ? otherwise : found;
    }

    /** The addresses of one port. */
    private static final class ByAddress {
        private final Map<Cidr, Ways> single = new HashMap<>();
        private final List<Range> ranges = new ArrayList<>();
        private @Nullable Ways any;

        private record Range(Cidr of, Ways ways) {}

        @Nullable
        Ways find(byte[] address) {
            Ways one = single.isEmpty() ? null : single.get(Cidr.of(address, -1));
            if (one != null) {
                return one;
            }
            for (Range range : ranges) {
                if (range.of.contains(address)) {
                    return range.ways;
                }
            }
            return any;
        }
    }

    /** Collects ways. Not thread-safe. */
    public static final class Builder {
        private final Map<Integer, ByAddress> ports = new HashMap<>();

        /**
         * @param destination null for every address that no other takes
         * @param port of the dialled address
         */
        public void add(@Nullable Cidr destination, int port, Ways ways) {
            ByAddress of = ports.computeIfAbsent(port, any -> new ByAddress());
            if (destination == null) {
                of.any = ways;
            } else if (destination.prefix() == (destination.v6() ? 128 : 32)) {
                of.single.put(destination, ways);
            } else {
                of.ranges.add(new ByAddress.Range(destination, ways));
            }
        }

        /** @param otherwise for ports, and addresses of ports, that nothing was added for; null to close them */
        public CaptureIndex build(@Nullable Ways otherwise) {
            for (ByAddress of : ports.values()) {
                of.ranges.sort(Comparator.comparingInt((ByAddress.Range range) -> range.of.prefix())
                        .reversed());
            }
            return new CaptureIndex(ports, otherwise);
        }
    }
}
