package dev.sluice.config.crd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class HostIndexTest {
    @Property(tries = 2_000)
    void agreesWithAScanOverAllHosts(@ForAll("sets") List<String> hosts, @ForAll("hosts") String asked) {
        HostIndex<Integer> index = new HostIndex<>();
        for (int i = 0; i < hosts.size(); i++) {
            index.add(hosts.get(i), i);
        }
        List<String> covering = hosts.stream()
                .filter(host -> HostNames.covers(host, asked))
                .sorted(HostNames.MOST_SPECIFIC_FIRST)
                .toList();
        assertEquals(covering, found(hosts, sink -> index.forEachCovering(asked, sink)));
        assertEquals(!covering.isEmpty(), index.covers(asked));
        String first = index.firstMatching(asked);
        assertEquals(hosts.stream().anyMatch(host -> HostNames.matches(asked, host)), first != null);
        assertTrue(first == null || (hosts.contains(first) && HostNames.matches(asked, first)));
        assertEquals(covering.stream().findFirst().map(index::get).orElse(List.of()), index.mostSpecific(asked));
        assertEquals(
                hosts.stream()
                        .filter(host -> HostNames.covers(asked, host))
                        .sorted()
                        .toList(),
                found(hosts, sink -> index.forEachCovered(asked, sink)).stream()
                        .sorted()
                        .toList());
        assertEquals(
                hosts.stream()
                        .filter(host -> HostNames.matches(asked, host))
                        .sorted()
                        .toList(),
                found(hosts, sink -> index.forEachMatching(asked, sink)).stream()
                        .sorted()
                        .toList());
        for (int i = 0; i < hosts.size(); i++) {
            int wanted = i;
            Integer value = HostNames.matches(asked, hosts.get(i)) ? wanted : null;
            assertEquals(value, index.findMatching(asked, found -> found == wanted));
        }
    }

    @Test
    void keepsSeveralValuesOfOneHostInTheirOrder() {
        HostIndex<String> index = new HostIndex<>();
        index.add("*.a.com", "first");
        index.add("*.a.com", "second");
        assertEquals(List.of("first", "second"), index.mostSpecific("x.a.com"));
        assertTrue(index.covers("x.a.com"));
        assertFalse(index.covers("a.com"));
        assertEquals(List.of(), index.get("x.a.com"));
    }

    private interface Question {
        void ask(BiConsumer<String, Integer> sink);
    }

    private static List<String> found(List<String> hosts, Question question) {
        List<String> names = new ArrayList<>();
        question.ask((name, i) -> {
            assertEquals(hosts.get(i), name);
            names.add(name);
        });
        return names;
    }

    @Provide
    Arbitrary<List<String>> sets() {
        return hosts().list().ofMaxSize(12);
    }

    @Provide
    Arbitrary<String> hosts() {
        Arbitrary<String> tail =
                Arbitraries.of("a", "b", ".", "ab.").list().ofMaxSize(3).map(parts -> String.join("", parts));
        return tail.flatMap(rest -> Arbitraries.of("*" + rest, "*" + rest, "a" + rest, "b" + rest));
    }
}
