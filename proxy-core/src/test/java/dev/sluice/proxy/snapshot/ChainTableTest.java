package dev.sluice.proxy.snapshot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.config.plan.RuleRef;
import dev.sluice.config.plan.SourceRef;
import dev.sluice.config.plan.chain.ChainMatchPlan;
import dev.sluice.config.plan.chain.ChainPlan;
import dev.sluice.config.plan.chain.ChainTarget;
import dev.sluice.config.plan.chain.Cidr;
import dev.sluice.config.plan.chain.TcpRoutePlan;
import dev.sluice.proxy.tcp.TcpRoute;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Which chain takes a connection: port, then range, then server name, exact before the longest wildcard before none. */
class ChainTableTest {
    private static final TcpRoutePlan NOWHERE = new TcpRoutePlan(RuleRef.DEFAULT, List.of());

    private static ChainRuntime chain(String name, ChainMatchPlan match) {
        return new ChainRuntime(
                new ChainPlan(name, match, null, new ChainTarget.Tcp(NOWHERE), SourceRef.NONE),
                null,
                null,
                new TcpRoute(NOWHERE, List.of()));
    }

    private static ChainRuntime tls(String... names) {
        return chain(String.join(",", names), ChainMatchPlan.tls(List.of(names)));
    }

    private static String chosen(ChainTable table, boolean tls, @Nullable String name) {
        ChainRuntime chosen = table.choose(null, tls, name);
        return chosen == null ? "nobody" : chosen.plan().name();
    }

    @Test
    void theExactNameGoesBeforeTheLongestWildcardBeforeNone() {
        ChainTable table = new ChainTable(List.of(tls(), tls("*.example"), tls("*.a.example"), tls("x.a.example")));
        assertEquals("x.a.example", chosen(table, true, "x.a.example"));
        assertEquals("*.a.example", chosen(table, true, "y.a.example"));
        assertEquals("*.a.example", chosen(table, true, "z.y.a.example"));
        assertEquals("*.example", chosen(table, true, "b.example"));
        assertEquals("", chosen(table, true, "example"), "a wildcard stands for a label at least");
        assertEquals("", chosen(table, true, null));
    }

    @Test
    void aStarIsEveryNameThatNoOtherChainHasAndNoneToo() {
        ChainTable table = new ChainTable(List.of(tls("*", "own.example"), tls("*.a.example"), tls("x.example")));
        assertEquals("*,own.example", chosen(table, true, "elsewhere.test"));
        assertEquals("*,own.example", chosen(table, true, "own.example"));
        assertEquals("*,own.example", chosen(table, true, null));
        assertEquals("*.a.example", chosen(table, true, "y.a.example"));
        assertEquals("x.example", chosen(table, true, "x.example"));
        assertEquals("nobody", chosen(table, false, null));
    }

    @Test
    void aChainOfTlsTakesNothingElseAndOneOfAllTakesWhatIsLeft() {
        ChainTable withRest = new ChainTable(List.of(tls("a.example"), chain("rest", ChainMatchPlan.ANY)));
        assertEquals("rest", chosen(withRest, false, null));
        assertEquals("rest", chosen(withRest, true, "b.example"));
        ChainTable without = new ChainTable(List.of(tls("a.example")));
        assertEquals("nobody", chosen(without, false, null));
        assertEquals("nobody", chosen(without, true, "b.example"));
    }

    @Test
    void thePortGoesBeforeTheRangeAndTheLongestRangeFirst() throws UnknownHostException {
        ChainRuntime any = chain("any", ChainMatchPlan.ANY);
        ChainRuntime wide = chain("wide", to("10.0.0.0", 8, 0));
        ChainRuntime narrow = chain("narrow", to("10.1.0.0", 16, 0));
        ChainRuntime port = chain("port", new ChainMatchPlan(List.of(), List.of(), 443, false));
        ChainTable table = new ChainTable(List.of(any, wide, narrow, port));
        assertEquals("port", name(table, "10.1.2.3", 443));
        assertEquals("narrow", name(table, "10.1.2.3", 80));
        assertEquals("wide", name(table, "10.2.2.3", 80));
        assertEquals("any", name(table, "11.2.2.3", 80));
    }

    private static ChainMatchPlan to(String address, int prefix, int port) throws UnknownHostException {
        Cidr range = Cidr.of(InetAddress.getByName(address).getAddress(), prefix);
        return new ChainMatchPlan(List.of(), List.of(range), port, false);
    }

    private static String name(ChainTable table, String address, int port) throws UnknownHostException {
        ChainRuntime chosen = table.choose(new InetSocketAddress(InetAddress.getByName(address), port), false, null);
        return chosen == null ? "nobody" : chosen.plan().name();
    }

    @Test
    void bytesAreNeededWhereNamesDecide() {
        assertTrue(new ChainTable(List.of(tls("a.example"))).needsBytes());
        assertFalse(new ChainTable(List.of(chain("all", ChainMatchPlan.ANY))).needsBytes());
        assertFalse(ChainTable.EMPTY.needsBytes());
    }

    @Provide
    Arbitrary<String> names() {
        return Arbitraries.of("a", "b").list().ofMinSize(1).ofMaxSize(4).map(labels -> String.join(".", labels));
    }

    @Provide
    Arbitrary<List<String>> patterns() {
        Arbitrary<String> one = Arbitraries.oneOf(names(), names().map(name -> "*." + name));
        return one.list().uniqueElements().ofMaxSize(8);
    }

    @Property
    void theChoiceIsThatOfAPlainScan(@ForAll("patterns") List<String> patterns, @ForAll("names") String name) {
        List<ChainRuntime> chains = new ArrayList<>();
        patterns.forEach(pattern -> chains.add(tls(pattern)));
        String best = "nobody";
        for (String pattern : patterns) {
            boolean fits = pattern.equals(name) || (pattern.startsWith("*") && name.endsWith(pattern.substring(1)));
            boolean better = best.equals("nobody")
                    || (best.startsWith("*") && (!pattern.startsWith("*") || pattern.length() > best.length()));
            best = fits && better ? pattern : best;
        }
        assertEquals(best, chosen(new ChainTable(chains), true, name));
    }
}
