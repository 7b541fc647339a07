package dev.sluice.proxy.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.proxy.tls.PeerNames.Name;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which names of a certificate are the one that is wanted. */
class PeerNamesTest {
    private static boolean matches(int type, String name, String wanted) {
        return PeerNames.anyOf(List.of(new Name(type, name)), List.of("nobody.example", wanted));
    }

    @ParameterizedTest
    @CsvSource({
        "api.shop.example, api.shop.example, true",
        "API.shop.Example, api.SHOP.example, true",
        "api.shop.example, shop.example, false",
        // A star is one whole label, the first.
        "*.shop.example, api.shop.example, true",
        "*.shop.example, shop.example, false",
        "*.shop.example, .shop.example, false",
        "*.shop.example, a.b.shop.example, false",
        "*.shop.example, api.shop.example.org, false",
        "api.*.example, api.shop.example, false",
        "*.*.example, api.shop.example, false",
        // Of names that end in one label too, as private authorities give them.
        "*.internal, api.internal, true",
        "*.internal, internal, false",
        "*, api, false",
        "*, api.internal, false",
        // Or a part of it.
        "api-*.shop.example, api-1.shop.example, true",
        "api-*.shop.example, api-.shop.example, true",
        "api-*.shop.example, web-1.shop.example, false",
        "*-api.shop.example, my-api.shop.example, true",
        "a*i.shop.example, api.shop.example, true",
        "ap*pi.shop.example, api.shop.example, false",
        "a**i.shop.example, api.shop.example, false",
        "xn--*.shop.example, xn--a.shop.example, false",
    })
    void dnsNamesMayHaveAStar(String name, String wanted, boolean expected) {
        assertEquals(expected, matches(PeerNames.DNS, name, wanted));
    }

    @ParameterizedTest
    @CsvSource({
        "spiffe://cluster.local/ns/a/sa/b, spiffe://cluster.local/ns/a/sa/b, true",
        "spiffe://cluster.local/ns/a/sa/b, spiffe://cluster.local/ns/a/sa/B, false",
        "spiffe://cluster.local/ns/a/sa/*, spiffe://cluster.local/ns/a/sa/b, false",
    })
    void urisAreExact(String name, String wanted, boolean expected) {
        assertEquals(expected, matches(PeerNames.URI, name, wanted));
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.1, 10.0.0.1, true",
        "10.0.0.1, 10.0.0.2, false",
        "2001:db8:0:0:0:0:0:1, 2001:db8::1, true",
        "10.0.0.1, api.example, false",
    })
    void addressesAreComparedAsSuch(String name, String wanted, boolean expected) {
        assertEquals(expected, matches(PeerNames.IP, name, wanted));
    }
}
