package dev.sluice.proxy.intercept.rule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What gets into rules, and what never does. */
class SelectionTest {
    @ParameterizedTest
    @ValueSource(strings = {"0", "65536", "80x", "*,80", "80 -j ACCEPT", "80\n-F", "8000:8010", "-1"})
    void onlyNumbersArePorts(String text) {
        assertThrows(IllegalArgumentException.class, () -> Selection.ports(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "example.com",
                "10.0.0.0/33",
                "10.0.0.0/-1",
                "10.0.0.0/8 -j ACCEPT",
                "fe80::1%eth0",
                "[::1]",
                "10.0.0"
            })
    void onlyAddressesAreRanges(String text) {
        assertThrows(IllegalArgumentException.class, () -> Selection.ranges(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"eth0 -j ACCEPT", "eth0\"", "-j", "a23456789012345678", "eth0;", "+", "eth\n0", "ėth0"})
    void onlyNamesAreInterfaces(String text) {
        assertThrows(IllegalArgumentException.class, () -> Selection.interfaceList(text));
    }

    @Test
    void listsKeepTheirOrderAndLoseRepetitions() {
        assertEquals(List.of(90, 80), Selection.ports(" 90,80,,090 ").items());
        assertEquals(Selection.everything(), Selection.ports(" * "));
        assertEquals(List.of(), Selection.ports("").items());
        assertEquals(List.of("eth+", "eth0.7"), Selection.interfaceList("eth+,eth0.7"));
    }

    @Test
    void rangesAreWrittenAsTheKernelPrintsThem() {
        assertEquals(
                List.of("10.0.0.0/8", "192.168.1.7/32", "fd00::/8", "0.0.0.0/0"),
                Selection.rangeList("10.1.2.3/8,192.168.1.7,FD00:0:0::1/8,0.0.0.0/0").stream()
                        .map(IpRange::toString)
                        .toList());
    }
}
