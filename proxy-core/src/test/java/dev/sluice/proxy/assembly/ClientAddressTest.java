package dev.sluice.proxy.assembly;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.sluice.config.crd.mesh.MeshOverrides;
import dev.sluice.config.translate.scope.ProxyIdentity;
import dev.sluice.proxy.balance.hash.XxHash64;
import dev.sluice.proxy.exchange.ExchangeObserver;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who a request comes from where proxies stand in front: what is hashed, logged and told upstream. */
class ClientAddressTest {
    /** The address of the played client. */
    private static final String PEER = "10.0.0.9";

    private static final String TELLS = "headers: {request: {remove: [x-forwarded-for], set: {"
            + "x-client: '%DOWNSTREAM_REMOTE_ADDRESS%', x-peer: '%DOWNSTREAM_DIRECT_REMOTE_ADDRESS%'}}},";

    private static final String BY_ADDRESS =
            """
            ---
            apiVersion: networking.istio.io/v1
            kind: DestinationRule
            metadata: {name: shop}
            spec:
              host: shop.example.com
              trafficPolicy: {loadBalancer: {consistentHash: {useSourceIp: true}}}
            """;

    private static final String LIST = "192.0.2.10, 192.0.2.1,2001:DB8::0:7";

    private final List<PlayedTry> tries = new ArrayList<>();

    private VirtualProxy gateway(int trusted) {
        return proxy(OneRoute.yaml(TELLS), ProxyIdentity.of("default"), trusted);
    }

    private VirtualProxy proxy(String yaml, ProxyIdentity identity, int trusted) {
        return new VirtualProxy(
                        yaml + BY_ADDRESS,
                        identity,
                        MeshOverrides.parse(List.of("defaultConfig.gatewayTopology.numTrustedProxies=" + trusted)),
                        ExchangeObserver.NONE)
                .server(next -> tries.add(next.open()));
    }

    private void assertClient(String expected, VirtualProxy proxy, String... headers) {
        PlayedClient client = proxy.get("/", headers);
        PlayedTry sent = tries.get(tries.size() - 1);
        String address = expected.indexOf(':') >= 0 ? "[" + expected + "]" : expected;
        assertEquals(expected.equals(PEER) ? PEER + ":51234" : address + ":0", sent.header("x-client"));
        assertEquals(PEER + ":51234", sent.header("x-peer"));
        assertEquals(XxHash64.hash(expected), client.exchange().hashKey());
    }

    @Test
    void aGatewayBelievesNobodyUnlessItIsTold() {
        try (VirtualProxy proxy = gateway(0)) {
            assertClient(PEER, proxy);
            assertClient(PEER, proxy, "x-forwarded-for", LIST);
        }
    }

    @Test
    void aGatewayBehindTrustedProxiesTakesWhomTheFirstOfThemNamed() {
        try (VirtualProxy proxy = gateway(1)) {
            assertClient("2001:db8::7", proxy, "x-forwarded-for", LIST);
            assertClient("192.0.2.1", proxy, "x-forwarded-for", "6.6.6.6", "x-forwarded-for", "192.0.2.1");
        }
        try (VirtualProxy proxy = gateway(3)) {
            assertClient("192.0.2.10", proxy, "x-forwarded-for", LIST);
            assertClient("192.0.2.10", proxy, "x-forwarded-for", "6.6.6.6," + LIST);
        }
    }

    @Test
    void whatDoesNotNameAnAddressLeavesTheConnections() {
        try (VirtualProxy proxy = gateway(2)) {
            assertClient(PEER, proxy);
            assertClient(PEER, proxy, "x-forwarded-for", "192.0.2.1");
            assertClient(PEER, proxy, "x-forwarded-for", "unknown, 192.0.2.1");
        }
    }

    @Test
    void aGatewayTellsItsUpstreamsWhoTheClientIs() {
        String name = "x-envoy-external-address";
        try (VirtualProxy proxy = gateway(0)) {
            proxy.get("/", "x-forwarded-for", LIST, name, "6.6.6.6");
            assertEquals(PEER, tries.get(0).header(name));
        }
        try (VirtualProxy proxy = gateway(2)) {
            proxy.get("/", "x-forwarded-for", LIST, name, "6.6.6.6");
            assertEquals("192.0.2.1", tries.get(1).header(name));
            proxy.get("/", "x-forwarded-for", "192.0.2.1");
            assertEquals(PEER, tries.get(2).header(name));
        }
    }

    @Test
    void aSidecarLeavesToItsAppWhomAGatewayNamed() {
        String name = "x-envoy-external-address";
        try (VirtualProxy proxy = proxy(OneRoute.ofMesh(TELLS), OneRoute.WITH_OUTBOUND, 0)) {
            proxy.get("/", name, "192.0.2.1");
            assertEquals("192.0.2.1", tries.get(0).header(name));
            proxy.get("/");
            assertNull(tries.get(1).header(name));
        }
    }

    @Test
    void aTrustedProxyAlsoTellsTheScheme() {
        try (VirtualProxy proxy = gateway(1)) {
            proxy.get("/", "x-forwarded-proto", "https");
            assertEquals("https", tries.get(0).header("x-forwarded-proto"));
        }
        try (VirtualProxy proxy = gateway(0)) {
            proxy.get("/", "x-forwarded-proto", "https");
            assertEquals("http", tries.get(1).header("x-forwarded-proto"));
        }
    }

    @Test
    void aSidecarTakesWhomTheLastEntryNames() {
        try (VirtualProxy proxy = proxy(OneRoute.ofMesh(TELLS), OneRoute.WITH_OUTBOUND, 2)) {
            assertClient("2001:db8::7", proxy, "x-forwarded-for", LIST);
            assertClient(PEER, proxy, "x-forwarded-for", "192.0.2.10, unknown");
            assertClient(PEER, proxy);
        }
    }
}
