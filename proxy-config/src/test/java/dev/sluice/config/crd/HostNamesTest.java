package dev.sluice.config.crd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HostNamesTest {
    @ParameterizedTest
    @CsvSource({
        "reviews,            prod, reviews.prod.svc.cluster.local",
        "Reviews,            prod, reviews.prod.svc.cluster.local",
        "reviews.other,      prod, reviews.other",
        "Api.Example.COM,    prod, api.example.com",
        "*,                  prod, *",
        "*.example.com,      prod, *.example.com",
        "10.1.2.3,           prod, 10.1.2.3",
        "2001:DB8::1,        prod, 2001:db8::1",
        "::,                 prod, ::",
    })
    void expandsOnlyANameWithoutADot(String host, String namespace, String full) {
        assertEquals(full, HostNames.expand(host, namespace));
    }

    @Test
    void leavesOutAnEmptyNamespaceOrDomain() {
        assertEquals("reviews.prod", HostNames.expand("reviews", "prod", ""));
        assertEquals("reviews.svc.mesh.test", HostNames.expand("reviews", "", "mesh.test"));
        assertEquals("", HostNames.expand("", "prod"));
    }

    @ParameterizedTest
    @CsvSource({
        "edge,                          apps/edge",
        "./edge,                        apps/edge",
        "infra/edge,                    infra/edge",
        "edge.infra,                    infra/edge",
        "edge.infra.svc.cluster.local,  infra/edge",
        "mesh,                          mesh",
    })
    void gatewayReferencesAreOfTheRulesNamespaceUnlessTheySayOtherwise(String reference, String id) {
        assertEquals(id, HostNames.gateway(reference, "apps"));
    }

    @ParameterizedTest
    @CsvSource({
        "a.foo.com,    *.foo.com,    true",
        "a.b.foo.com,  *.foo.com,    true",
        "foo.com,      *.foo.com,    false",
        "foo.com,      *foo.com,     true",
        "xfoo.com,     *foo.com,     true",
        "a-x.foo.com,  *-x.foo.com,  true",
        "a.x.foo.com,  *-x.foo.com,  false",
        "a.foo.com,    a.foo.com,    true",
        "a.foo.com,    b.foo.com,    false",
        "*.foo.com,    a.foo.com,    false",
        "*.a.foo.com,  *.foo.com,    true",
        "*.foo.com,    *.a.foo.com,  false",
        "*.foo.com,    *.foo.com,    true",
        "*.foo.com,    *,            true",
        "anything,     *,            true",
        "*,            *.foo.com,    false",
    })
    void aHostIsPartOfAnother(String narrow, String wide, boolean part) {
        assertEquals(part, HostNames.subsetOf(narrow, wide));
        assertEquals(part, HostNames.covers(wide, narrow));
        if (part) {
            assertTrue(HostNames.matches(narrow, wide));
            assertTrue(HostNames.matches(wide, narrow));
        }
    }

    @Test
    void wildcardsOfDifferentSuffixesDoNotMatch() {
        assertFalse(HostNames.matches("*.foo.com", "*.bar.com"));
        assertFalse(HostNames.matches("*.foo.com", "*.xfoo.com"));
    }

    @Test
    void specificityIsExactThenLongerThenTheAlphabet() {
        List<String> hosts =
                new ArrayList<>(List.of("*", "*.com", "b.com", "*.b.com", "a.com", "*.a.com", "a.very.long.com"));
        hosts.sort(HostNames.MOST_SPECIFIC_FIRST);
        assertEquals(List.of("a.very.long.com", "a.com", "b.com", "*.a.com", "*.b.com", "*.com", "*"), hosts);
    }
}
