package dev.sluice.proxy.e2e.policies;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.proxy.cluster.Cluster;
import dev.sluice.proxy.e2e.fixture.CountingServer;
import dev.sluice.proxy.e2e.fixture.RawClient;
import dev.sluice.proxy.e2e.fixture.RawUpstream;
import dev.sluice.proxy.e2e.fixture.TestProxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Limits of a destination under eight times as many clients as they let pass, over real sockets and two event loops. */
class BreakerIT {
    private static final int LIMIT = 4;
    private static final int CLIENTS = 8 * LIMIT;
    private static final int EACH = 25;
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

    private final ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
    private final AtomicInteger refused = new AtomicInteger();
    private CountingServer first;
    private CountingServer second;
    private TestProxy proxy;

    @BeforeEach
    void startServers() throws Exception {
        first = new CountingServer();
        second = new CountingServer();
    }

    @AfterEach
    void stop() {
        threads.shutdownNow();
        if (proxy != null) {
            proxy.close();
        }
        first.close();
        second.close();
    }

    @Test
    void requestsInFlightReachTheirLimitAndNeverExceedIt() throws Exception {
        start(one(), "{}", "http: {http2MaxRequests: 4}");
        holdUntilRefused(LIMIT, first);
        Map<String, Integer> answers = load();
        assertEquals(LIMIT, first.mostRequests());
        assertEquals(first.served(), answers.get("200"));
        assertEquals(CLIENTS * EACH, answers.get("200") + answers.get("503 BREAKER_OPEN"));
        assertNothingIsHeld();
    }

    @Test
    void whatFindsNeitherAConnectionNorAPlaceInTheQueueIsRefused() throws Exception {
        start(one(), "{}", "{tcp: {maxConnections: 4}, http: {http1MaxPendingRequests: 4}}");
        holdUntilRefused(LIMIT, first);
        Map<String, Integer> answers = load();
        assertEquals(LIMIT, first.mostRequests());
        assertEquals(first.served(), answers.get("200"));
        assertEquals(CLIENTS * EACH, answers.get("200") + answers.get("503 PENDING_FULL"));
        assertNothingIsHeld();
    }

    @Test
    void whoWaitsForAConnectionIsNoneOfTheRequestsInFlight() throws Exception {
        start(one(), "{}", "{tcp: {maxConnections: 4}, http: {http1MaxPendingRequests: 4, http2MaxRequests: 4}}");
        AtomicInteger most = new AtomicInteger();
        first.holdUntil(() -> {
            most.accumulateAndGet(ofRatings().pending().used(), Math::max);
            return most.get() == LIMIT && first.mostRequests() == LIMIT && refused.get() > 0;
        });
        Map<String, Integer> answers = load();
        assertEquals(LIMIT, first.mostRequests());
        assertEquals(first.served(), answers.get("200"));
        assertEquals(CLIENTS * EACH, answers.get("200") + answers.get("503 PENDING_FULL"));
        assertNothingIsHeld();
    }

    @Test
    void withoutALimitOfTheQueueEverybodyIsServedByTheConnectionsThereMayBe() throws Exception {
        start(one(), "{}", "tcp: {maxConnections: 4}");
        assertEquals(Map.of("200", CLIENTS * EACH), load());
        assertTrue(first.mostRequests() <= LIMIT, () -> "at once: " + first.mostRequests());
        assertNothingIsHeld();
    }

    @Test
    void aConnectionThatCarriesOneRequestFreesItsPermitForTheNext() throws Exception {
        start(one(), "{}", "{tcp: {maxConnections: 4}, http: {maxRequestsPerConnection: 1}}");
        assertEquals(Map.of("200", CLIENTS * EACH), load());
        assertTrue(first.mostRequests() <= LIMIT, () -> "at once: " + first.mostRequests());
        assertNothingIsHeld();
    }

    @Test
    void theRequestsOfEachEndpointAreLimitedAndOnesWithRoomAreUsed() throws Exception {
        start(both(), "{sluice.dev/max-requests-per-endpoint: '2'}", "http: {}");
        holdUntilRefused(2, first, second);
        Map<String, Integer> answers = load();
        assertEquals(2, first.mostRequests());
        assertEquals(2, second.mostRequests());
        assertEquals(first.served() + second.served(), answers.get("200"));
        assertEquals(CLIENTS * EACH, answers.get("200") + answers.get("503 BREAKER_OPEN"));
        assertNothingIsHeld();
    }

    @Test
    void theConnectionsOfEachEndpointAreLimited() throws Exception {
        start(both(), "{sluice.dev/max-connections-per-endpoint: '2'}", "tcp: {maxConnections: 3}");
        assertEquals(Map.of("200", CLIENTS * EACH), load());
        assertTrue(first.mostRequests() <= 2, () -> "at once: " + first.mostRequests());
        assertTrue(second.mostRequests() <= 2, () -> "at once: " + second.mostRequests());
        assertNothingIsHeld();
    }

    @Test
    void whoHasWaitedForTheDeadlineIsRefused() throws Exception {
        CountDownLatch held = new CountDownLatch(1);
        try (RawUpstream slow = new RawUpstream((peer, number) -> {
            peer.next();
            awaitEnd(held);
            peer.send("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok");
            peer.readToEnd();
        })) {
            start(endpoint(slow.port()), "{sluice.dev/pending-deadline: 50ms}", "tcp: {maxConnections: 1}");
            try (RawClient one = new RawClient(proxy.address(8080));
                    RawClient two = new RawClient(proxy.address(8080))) {
                one.send(GET);
                await().until(() -> slow.connections() == 1);
                RawClient.Answer refused = two.send(GET).answer();
                assertEquals("503 PENDING_FULL", describe(refused));
                held.countDown();
                assertEquals(200, one.answer().status());
            }
            assertNothingIsHeld();
        } finally {
            held.countDown();
        }
    }

    private static void awaitEnd(CountDownLatch latch) {
        try {
            assertTrue(latch.await(60, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    // ---- the load

    /** The servers answer once each of them has {@code count} requests at once and somebody was refused. */
    private void holdUntilRefused(int count, CountingServer... servers) {
        for (CountingServer server : servers) {
            server.holdUntil(
                    () -> refused.get() > 0 && Stream.of(servers).allMatch(each -> each.mostRequests() >= count));
        }
    }

    /** How many answers there were of each kind, when all clients have sent all of their requests. */
    private Map<String, Integer> load() throws Exception {
        List<Future<Map<String, Integer>>> running = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            running.add(threads.submit(this::oneClient));
        }
        Map<String, Integer> all = new TreeMap<>();
        for (Future<Map<String, Integer>> client : running) {
            client.get(2, TimeUnit.MINUTES).forEach((kind, count) -> all.merge(kind, count, Integer::sum));
        }
        return all;
    }

    private Map<String, Integer> oneClient() throws Exception {
        Map<String, Integer> kinds = new TreeMap<>();
        try (RawClient client = new RawClient(proxy.address(8080))) {
            for (int i = 0; i < EACH; i++) {
                kinds.merge(describe(client.send(GET).answer()), 1, Integer::sum);
            }
        }
        return kinds;
    }

    private String describe(RawClient.Answer answer) {
        if (answer.status() == 200) {
            return "200";
        }
        refused.incrementAndGet();
        assertEquals("true", answer.header("x-envoy-overloaded"), answer::head);
        return answer.status() + " " + answer.header("x-sluice-code");
    }

    private Cluster ofRatings() {
        return proxy.proxy().clusters().clusters().stream()
                .filter(one -> one.key().host().startsWith("ratings"))
                .findFirst()
                .orElseThrow();
    }

    private void assertNothingIsHeld() {
        Cluster cluster = ofRatings();
        await().untilAsserted(() -> {
            assertEquals(0, cluster.requests().used());
            assertEquals(0, cluster.pending().used());
            assertEquals(0, cluster.retries().used());
            cluster.endpoints().all().forEach(endpoint -> assertEquals(0, endpoint.active()));
            // Idle ones are kept: those of the endpoints are those of the cluster.
            int ofEndpoints = cluster.endpoints().all().stream()
                    .mapToInt(endpoint -> endpoint.connections().used())
                    .sum();
            assertEquals(cluster.connections().used(), ofEndpoints);
        });
    }

    // ---- the proxy

    private String one() {
        return endpoint(first.port());
    }

    private String both() {
        return endpoint(first.port()) + ", " + endpoint(second.port());
    }

    private static String endpoint(int port) {
        return "{address: 127.0.0.1, ports: {http: " + port + "}}";
    }

    private void start(String endpoints, String annotations, String connectionPool) throws Exception {
        proxy = TestProxy.start(
                """
                apiVersion: networking.istio.io/v1
                kind: Gateway
                metadata: {name: gw}
                spec:
                  servers:
                  - port: {number: 8080, name: http, protocol: HTTP}
                    hosts: ["*"]
                ---
                apiVersion: networking.istio.io/v1
                kind: ServiceEntry
                metadata: {name: ratings}
                spec:
                  hosts: [ratings.default.svc.cluster.local]
                  resolution: STATIC
                  ports: [{number: 9080, name: http, protocol: HTTP}]
                  endpoints: [ENDPOINTS]
                ---
                apiVersion: networking.istio.io/v1
                kind: DestinationRule
                metadata: {name: ratings, annotations: ANNOTATIONS}
                spec:
                  host: ratings
                  trafficPolicy:
                    connectionPool: POOL
                ---
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: ratings}
                spec:
                  hosts: ["*"]
                  gateways: [gw]
                  http:
                  - route: [{destination: {host: ratings}}]
                """
                        .replace("ENDPOINTS", endpoints)
                        .replace("ANNOTATIONS", annotations)
                        .replace("POOL", connectionPool.startsWith("{") ? connectionPool : "{" + connectionPool + "}"));
    }
}
