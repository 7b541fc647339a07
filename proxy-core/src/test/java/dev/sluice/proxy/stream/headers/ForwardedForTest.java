package dev.sluice.proxy.stream.headers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.NotEmpty;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whom a list of addresses names, with Envoy's own examples. */
class ForwardedForTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "192.0.2.10, 192.0.2.1, 10.0.0.1 | 0 | 10.0.0.1",
                "192.0.2.10, 192.0.2.1, 10.0.0.1 | 1 | 192.0.2.1",
                "192.0.2.10, 192.0.2.1, 10.0.0.1 | 2 | 192.0.2.10",
                "192.0.2.10, 192.0.2.1, 10.0.0.1 | 3 | -",
                "192.0.2.10,192.0.2.1 | 1 | 192.0.2.10",
                "34.0.0.1 | 0 | 34.0.0.1",
                "'2001:DB8:0::1' | 0 | 2001:db8::1",
                "',' | 0 | -",
                "', ' | 1 | -",
                "'34.0.0.1, ' | 0 | -",
                "'34.0.0.1,,' | 2 | 34.0.0.1",
                "34.0.0.1:8080 | 0 | -",
                "'[2001:db8::1]:80' | 0 | -",
                "unknown | 0 | -",
                "1.2.3 | 0 | -",
            })
    void entriesAreCountedFromTheEnd(String list, int back, String named) {
        InetAddress address = ForwardedFor.address(list, back);
        if (named == null) {
            assertNull(address);
        } else {
            assertEquals(named, NetUtil.toAddressString(address));
        }
    }

    @Property
    void whateverASenderWritesNothingIsThrown(
            @ForAll @StringLength(max = 60) String list, @ForAll @IntRange(max = 9) int back) {
        InetAddress address = ForwardedFor.address(list, back);
        assertEquals(address, ForwardedFor.address("x, " + list, back));
    }

    @Property
    void eachEntryIsFound(@ForAll @NotEmpty List<@IntRange(max = 255) Integer> ends) {
        List<String> addresses = ends.stream().map(end -> "10.1.2." + end).toList();
        for (int back = 0; back < addresses.size(); back++) {
            InetAddress address = ForwardedFor.address(String.join(", ", addresses), back);
            assertEquals(addresses.get(addresses.size() - 1 - back), NetUtil.toAddressString(address));
        }
    }
}
