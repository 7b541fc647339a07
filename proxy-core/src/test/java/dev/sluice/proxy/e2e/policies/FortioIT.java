package dev.sluice.proxy.e2e.policies;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.proxy.cluster.Cluster;
import dev.sluice.proxy.e2e.fixture.CountingServer;
import dev.sluice.proxy.e2e.fixture.Shop;
import dev.sluice.proxy.e2e.fixture.TestProxy;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The load test of a breaker that docs/traffic.md teaches, step by step. */
class FortioIT {
    private static final int LIMIT = 4;
    private static final int CALLS = 2_000;

    private CountingServer server;
    private TestProxy proxy;

    @BeforeEach
    void startServer() throws Exception {
        server = new CountingServer();
    }

    @AfterEach
    void stop() {
        if (proxy != null) {
            proxy.close();
        }
        server.close();
    }

    private void start(String pool) throws Exception {
        proxy = TestProxy.start(Shop.yaml(server.port())
                + """
                ---
                apiVersion: networking.istio.io/v1
                kind: DestinationRule
                metadata: {name: shop}
                spec:
                  host: shop.example.com
                  trafficPolicy: {connectionPool: POOL}
                """
                        .replace("POOL", pool));
    }

    private void assertNothingIsHeld() {
        Cluster cluster = proxy.proxy().clusters().clusters().iterator().next();
        await().untilAsserted(() -> {
            assertEquals(0, cluster.requests().used());
            assertEquals(0, cluster.pending().used());
        });
    }

    private void assertExact(Map<Integer, Integer> codes) {
        assertEquals(Set.of(200, 503), codes.keySet());
        assertEquals(CALLS, codes.get(200) + codes.get(503));
        assertEquals(LIMIT, server.mostRequests(), "in flight at once");
        assertEquals(server.served(), codes.get(200), "what was refused never got there");
        assertNothingIsHeld();
    }

    @Test
    void asManyClientsAsTheLimitAreAllServed() throws Exception {
        start("{http: {http2MaxRequests: 4}}");
        assertEquals(Map.of(200, CALLS), Fortio.load(proxy.url(8080), LIMIT, CALLS));
        assertTrue(server.mostRequests() <= LIMIT, () -> "at once: " + server.mostRequests());
        assertNothingIsHeld();
    }

    @Test
    void eightTimesAsManyNeverExceedTheLimitOfRequests() throws Exception {
        start("{http: {http2MaxRequests: 4}}");
        server.holdUntil(() -> server.mostRequests() >= LIMIT);
        assertExact(Fortio.load(proxy.url(8080), 8 * LIMIT, CALLS));
    }

    @Test
    void eightTimesAsManyNeverExceedTheLimitOfConnections() throws Exception {
        start("{tcp: {maxConnections: 4}, http: {http1MaxPendingRequests: 4}}");
        server.holdUntil(() -> server.mostRequests() >= LIMIT);
        assertExact(Fortio.load(proxy.url(8080), 8 * LIMIT, CALLS));
    }

    @Test
    void eightTimesAsManyOverHttp2NeverExceedTheLimitOfRequests() throws Exception {
        start("{http: {http2MaxRequests: 4}}");
        server.holdUntil(() -> server.mostRequests() >= LIMIT);
        assertExact(Fortio.load(proxy.url(8080), 8 * LIMIT, CALLS, "-h2", "-stdclient"));
    }

    /** Whoever waits is served in the end by the connections there may be: nobody starves, nothing idles. */
    @Test
    void eightTimesAsManyThatMayWaitAreAllServed() throws Exception {
        start("{tcp: {maxConnections: 4}}");
        server.holdUntil(() -> server.mostRequests() >= LIMIT);
        assertEquals(Map.of(200, CALLS), Fortio.load(proxy.url(8080), 8 * LIMIT, CALLS));
        assertEquals(LIMIT, server.mostRequests(), "in flight at once");
        assertNothingIsHeld();
    }
}
