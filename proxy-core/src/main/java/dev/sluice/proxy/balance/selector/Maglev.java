package dev.sluice.proxy.balance.selector;

import dev.sluice.proxy.balance.hash.XxHash64;
import dev.sluice.proxy.cluster.Endpoint;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Maglev table (Eisenbud et al., "Maglev: A Fast and Reliable Software Network Load Balancer", NSDI 2016, §3.4), slot for
 * slot Envoy's (spec/istio-fields.md §12.5). Immutable.
 */
final class Maglev implements EndpointSelector {
    private final Endpoint[] table;

    /** @param tableSize a prime */
    Maglev(List<Share> shares, int tableSize) {
        this.table = shares.isEmpty() ? new Endpoint[0] : fill(shares, tableSize);
    }

    private static Endpoint[] fill(List<Share> shares, int size) {
        List<Candidate> candidates = new ArrayList<>();
        double most = 0;
        for (Share share : shares) {
            Candidate candidate = new Candidate(share.endpoint(), share.part(), size);
            candidates.add(candidate);
            most = Math.max(most, candidate.weight);
        }
        candidates.sort(Comparator.comparing((Candidate candidate) -> candidate.endpoint.hostPort()));
        Endpoint[] table = new Endpoint[size];
        int filled = 0;
        for (int iteration = 1; filled < size; iteration++) {
            for (Candidate candidate : candidates) {
                if (filled == size) {
                    break;
                }
                if (iteration * candidate.weight < candidate.target) {
                    continue;
                }
                candidate.target += most;
                table[candidate.nextFree(table)] = candidate.endpoint;
                filled++;
            }
        }
        return table;
    }

    private static final class Candidate {
        final Endpoint endpoint;
        final double weight;
        double target;
        private final long skip;
        private long slot;

        Candidate(Endpoint endpoint, double weight, int size) {
            this.endpoint = endpoint;
            this.weight = weight;
            String key = endpoint.hostPort();
            this.slot = Long.remainderUnsigned(XxHash64.hash(key), size);
            // A table of one slot is allowed (to Istio 1 is a prime): there is nowhere to skip to.
            this.skip = size == 1 ? 1 : Long.remainderUnsigned(XxHash64.hash(key, 1), size - 1L) + 1;
        }

        int nextFree(Endpoint[] table) {
            while (table[(int) slot] != null) {
                slot = (slot + skip) % table.length;
            }
            int free = (int) slot;
            slot = (slot + skip) % table.length;
            return free;
        }
    }

    @Override
    public boolean usesHash() {
        return true;
    }

    @Override
    public @Nullable Endpoint pick(long hash, int repick) {
        if (table.length == 0) {
            return null;
        }
        return table[(int) Long.remainderUnsigned(hash ^ -(long) repick, table.length)];
    }
}
