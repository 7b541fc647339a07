package dev.sluice.proxy.routing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.config.plan.VirtualHostPlan;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VirtualHostPortsTest {
    private static final VirtualHostTable TABLE = new VirtualHostTable(List.of(
            host("two-80", "two.test:80"),
            host("two-8080", "two.test:8080"),
            host("one", "one.test"),
            host("wild-9090", "*.wild.test:9090"),
            host("wild-deeper", "*.deep.wild.test"),
            host("address", "[fd00::1]:80", "10.0.0.1:80")));

    @ParameterizedTest
    @CsvSource({
        "two.test,                 two-80",
        "two.test:80,              two-80",
        "Two.TEST:8080,            two-8080",
        "two.test:9999,            none",
        "two.test:,                two-80",
        "two.test:x,               none",
        "two.test:99999999999,     none",
        "one.test,                 one",
        "one.test:1234,            one",
        "a.wild.test:9090,         wild-9090",
        "a.wild.test,              none",
        "a.deep.wild.test:9090,    wild-deeper",
        "[fd00::1],                address",
        "[fd00::1]:8080,           none",
        "10.0.0.1,                 address",
    })
    void aDomainWithAPortTakesThatPortOnly(String authority, String expected) {
        VirtualHost found = TABLE.find(authority);
        assertEquals(expected, found == null ? "none" : found.plan().name());
    }

    @Test
    void theSameNameWithoutAPortTakesTheOthers() {
        VirtualHostTable table = new VirtualHostTable(List.of(host("rest", "a.test"), host("special", "a.test:8080")));
        assertEquals("special", name(table, "a.test:8080"));
        assertEquals("rest", name(table, "a.test:80"));
    }

    private static String name(VirtualHostTable table, String authority) {
        VirtualHost found = table.find(authority);
        return found == null ? "none" : found.plan().name();
    }

    private static VirtualHost host(String name, String... domains) {
        return new VirtualHost(new VirtualHostPlan(name, List.of(domains), List.of(), List.of(), false), List.of());
    }
}
