package dev.sluice.proxy.routing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.config.plan.VirtualHostPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** spec/istio-fields.md §0.3. */
class VirtualHostTableTest {
    private static final int MISSING = -1;

    /** @param domains those of one virtual host, separated by spaces, whose name is its number */
    private static VirtualHostTable table(String... domains) {
        List<VirtualHost> hosts = new ArrayList<>();
        for (String some : domains) {
            String name = Integer.toString(hosts.size());
            hosts.add(new VirtualHost(
                    new VirtualHostPlan(name, List.of(some.split(" ")), List.of(), List.of(), false), List.of()));
        }
        return new VirtualHostTable(hosts);
    }

    private static int find(VirtualHostTable table, String authority) {
        VirtualHost found = table.find(authority);
        return found == null ? MISSING : Integer.parseInt(found.plan().name());
    }

    @Test
    void exactBeatsTheLongestSuffixWhichBeatsTheRest() {
        VirtualHostTable table = table("*", "*.com", "*.foo.com", "a.foo.com", "*-x.foo.com");
        assertEquals(3, find(table, "a.foo.com"));
        assertEquals(2, find(table, "b.foo.com"));
        assertEquals(2, find(table, "a.b.foo.com"));
        assertEquals(4, find(table, "a-x.foo.com"));
        assertEquals(1, find(table, "foo.com"));
        assertEquals(0, find(table, "foo.org"));
    }

    @Test
    void aStarStandsForAtLeastOneCharacter() {
        VirtualHostTable table = table("*.foo.com", "*foo.com");
        assertEquals(MISSING, find(table, "foo.com"));
        assertEquals(1, find(table, ".foo.com"));
        assertEquals(1, find(table, "xfoo.com"));
        assertEquals(0, find(table, "x.foo.com"));
    }

    @Test
    void caseAPortAndATrailingDotDoNotCount() {
        VirtualHostTable table = table("a.foo.com", "*.Foo.com", "b.org.");
        assertEquals(0, find(table, "A.FOO.com"));
        assertEquals(0, find(table, "a.foo.com:8080"));
        assertEquals(0, find(table, "a.foo.com."));
        assertEquals(0, find(table, "A.foo.com.:443"));
        assertEquals(1, find(table, "B.FOO.COM:1"));
        assertEquals(2, find(table, "b.org"));
        assertEquals(MISSING, find(table, "a.foo.com.."));
    }

    @Test
    void theColonsOfAnIpv6LiteralAreNoPort() {
        VirtualHostTable table = table("::1", "[2001:db8::2]", "10.0.0.1");
        assertEquals(0, find(table, "[::1]"));
        assertEquals(0, find(table, "[::1]:8080"));
        assertEquals(1, find(table, "[2001:DB8::2]:443"));
        assertEquals(2, find(table, "10.0.0.1:80"));
        assertEquals(MISSING, find(table, "[::2]:8080"));
    }

    @Test
    void aRequestWithoutHostGoesToTheStarOnly() {
        assertEquals(1, find(table("*.com", "*"), ""));
        assertEquals(MISSING, find(table("*.com", "a"), ""));
        assertEquals(MISSING, find(table("*.com", "a"), ":80"));
        assertEquals(MISSING, find(table("a:80"), ""));
        assertEquals(1, find(table("a:80", "*"), ""));
    }

    /** More of ports in {@link VirtualHostPortsTest}. */
    @Test
    void portsOfWildcardsCountToo() {
        VirtualHostTable table = table("one", "*.x", "*.x:81", "*:82", "[::1]:9080", "*:83 one:83");
        assertEquals(0, find(table, "one:82"));
        assertEquals(5, find(table, "ONE.:83"));
        assertEquals(1, find(table, "a.x:80"));
        assertEquals(1, find(table, "a.x:82"));
        assertEquals(2, find(table, "a.x:81"));
        assertEquals(3, find(table, "b:82"));
        assertEquals(4, find(table, "[::1]:9080"));
        assertEquals(MISSING, find(table, "[::1]"));
    }

    @Test
    void theFirstOfTwoKeepsADomain() {
        VirtualHostTable table = table("a b", "b c", "*.x", "*.x", "*", "*");
        assertEquals(0, find(table, "b"));
        assertEquals(1, find(table, "c"));
        assertEquals(2, find(table, "y.x"));
        assertEquals(4, find(table, "z"));
    }

    @Property
    void choosesAsTheDefinitionSays(@ForAll("domains") List<String> domains, @ForAll("hosts") String host) {
        VirtualHostTable table = table(domains.toArray(new String[0]));
        assertEquals(expected(domains, host), find(table, host + ":8080"));
    }

    private static int expected(List<String> domains, String authority) {
        String host = authority.toLowerCase(Locale.ROOT);
        int best = MISSING;
        int bestLength = -1;
        for (int i = 0; i < domains.size(); i++) {
            String domain = domains.get(i).toLowerCase(Locale.ROOT);
            if (domain.equals(host)) {
                return i;
            }
            String suffix = domain.substring(1);
            boolean covers = domain.equals("*") || (host.length() > suffix.length() && host.endsWith(suffix));
            if (domain.startsWith("*") && covers && suffix.length() > bestLength) {
                best = i;
                bestLength = suffix.length();
            }
        }
        return best;
    }

    @Provide
    Arbitrary<List<String>> domains() {
        return Arbitraries.of("", "*", "*.", "*a")
                .flatMap(start -> hosts().map(host -> start + host))
                .list()
                .ofMaxSize(12);
    }

    @Provide
    Arbitrary<String> hosts() {
        return Arbitraries.of("a", "b", "A", "ab", "ba")
                .list()
                .ofMinSize(1)
                .ofMaxSize(4)
                .map(labels -> String.join(".", labels));
    }
}
