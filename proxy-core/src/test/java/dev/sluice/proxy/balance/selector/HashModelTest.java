package dev.sluice.proxy.balance.selector;

import static org.junit.jupiter.api.Assertions.assertSame;

import dev.sluice.proxy.balance.hash.XxHash64;
import dev.sluice.proxy.cluster.Endpoint;
import dev.sluice.proxy.cluster.Plans;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Ring and table with weights against spec/istio-fields.md §12.5 taken word by word, without any regard to cost. */
class HashModelTest {
    private static final int TABLE = 1009;

    @Property(tries = 30)
    void theRingIsTheOneOfTheDescription(
            @ForAll @Size(min = 1, max = 12) List<@IntRange(min = 1, max = 300) Integer> weights,
            @ForAll @IntRange(min = 1, max = 3000) int minimum) {
        List<Endpoint> endpoints = endpoints(weights);
        double sum = weights.stream().mapToInt(Integer::intValue).sum();
        double min = weights.stream().mapToInt(Integer::intValue).min().orElseThrow() / sum;
        double scale = Math.min(Math.ceil(min * minimum) / min, 8_388_608);
        TreeMap<Long, Endpoint> points = new TreeMap<>(Long::compareUnsigned);
        double current = 0;
        double target = 0;
        for (Endpoint endpoint : endpoints) {
            target += scale * (endpoint.weight() / sum);
            for (int i = 0; current < target; i++, current++) {
                points.put(XxHash64.hash(endpoint.hostPort() + "_" + i), endpoint);
            }
        }
        RingHash ring = new RingHash(Share.of(endpoints), minimum);
        for (int key = 0; key < 2_000; key++) {
            long hash = XxHash64.hash("user-" + key);
            Map.Entry<Long, Endpoint> next = points.ceilingEntry(hash);
            assertSame(next == null ? points.firstEntry().getValue() : next.getValue(), ring.pick(hash, 0));
        }
    }

    @Property(tries = 30)
    void theMaglevTableIsTheOneOfTheDescription(
            @ForAll @Size(min = 1, max = 12) List<@IntRange(min = 1, max = 300) Integer> weights) {
        List<Endpoint> endpoints = new ArrayList<>(endpoints(weights));
        endpoints.sort(Comparator.comparing(Endpoint::hostPort));
        double sum = weights.stream().mapToInt(Integer::intValue).sum();
        double max = weights.stream().mapToInt(Integer::intValue).max().orElseThrow() / sum;
        Endpoint[] table = new Endpoint[TABLE];
        double[] targets = new double[endpoints.size()];
        int filled = 0;
        for (int t = 1; filled < TABLE; t++) {
            for (int i = 0; i < targets.length && filled < TABLE; i++) {
                if (t * (endpoints.get(i).weight() / sum) >= targets[i]) {
                    targets[i] += max;
                    table[free(table, endpoints.get(i).hostPort())] = endpoints.get(i);
                    filled++;
                }
            }
        }
        // In another order, which the table must not depend on.
        endpoints.sort(Comparator.comparingInt(Endpoint::weight));
        Maglev maglev = new Maglev(Share.of(endpoints), TABLE);
        for (int slot = 0; slot < TABLE; slot++) {
            assertSame(table[slot], maglev.pick(slot, 0));
        }
    }

    /** The first free slot of the endpoint's permutation, counted from its beginning. */
    private static int free(Endpoint[] table, String key) {
        long offset = Long.remainderUnsigned(XxHash64.hash(key, 0), TABLE);
        long skip = Long.remainderUnsigned(XxHash64.hash(key, 1), TABLE - 1) + 1;
        for (int j = 0; j < TABLE; j++) {
            int slot = (int) ((offset + skip * j) % TABLE);
            if (table[slot] == null) {
                return slot;
            }
        }
        throw new AssertionError("full");
    }

    private static List<Endpoint> endpoints(List<Integer> weights) {
        return Plans.endpoints(weights.stream().mapToInt(Integer::intValue).toArray());
    }
}
