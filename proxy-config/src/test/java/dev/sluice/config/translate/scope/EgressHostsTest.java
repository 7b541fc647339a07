package dev.sluice.config.translate.scope;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EgressHostsTest {
    @ParameterizedTest
    @CsvSource({
        "*/*,                       any, a.test,   true",
        "./*,                       own, a.test,   true",
        "./*,                       any, a.test,   false",
        "any/a.test,                any, a.test,   true",
        "any/a.test,                any, b.test,   false",
        "any/*.test,                any, a.b.test, true",
        "any/*.Test,                any, a.test,   true",
        "~/*,                       own, a.test,   false",
        "*/* ~any/a.test,           any, a.test,   false",
        "*/* ~any/a.test,           own, a.test,   true",
        "*/* ~/a.test,              own, a.test,   false",
        "*/* ~./*.test,             own, a.test,   false",
        "*/* ~./*.test,             any, a.test,   true",
        "~any/a.test,               any, b.test,   false",
        "*/a.test,                  any, *.test,   false",
        "*/*.test,                  any, *.a.test, true",
    })
    void servicesAreLetInByNamespaceAndName(String hosts, String namespace, String host, boolean in) {
        assertEquals(in, hosts(hosts).importsService(namespace, host));
    }

    @ParameterizedTest
    @CsvSource({
        "*/a.test,           any, *.test,          true",
        "*/*.test,           any, a.test,          true",
        "*/a.test,           any, b.test,          false",
        "./*,                any, a.test,          false",
        "*/a.test,           any, b.test a.test,   true",
        "*/* ~any/a.test,    any, a.test,          false",
        "*/* ~any/a.test,    any, *.test,          true",
        "*/* ~any/*.test,    any, *.a.test,        false",
    })
    void rulesAreLetInWhereTheyHaveNamesInCommon(String hosts, String namespace, String of, boolean in) {
        assertEquals(in, hosts(hosts).importsRules(namespace, List.of(of.split(" ", -1))));
    }

    private static EgressHosts hosts(String hosts) {
        return new EgressHosts(List.of(hosts.split(" ", -1)), "own");
    }
}
