package dev.sluice.proxy.e2e.policies;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.proxy.cluster.Endpoint;
import dev.sluice.proxy.cluster.Health;
import dev.sluice.proxy.e2e.fixture.TestProxy;
import dev.sluice.proxy.e2e.fixture.TestUpstream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.TreeMap;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Endpoints that fail are taken out of rotation and come back, over real sockets. */
class OutlierIT {
    private final HttpClient client = HttpClient.newHttpClient();
    private TestUpstream good;
    private TestUpstream flaky;
    private TestProxy proxy;

    @BeforeEach
    void startUpstreams() throws IOException {
        good = new TestUpstream("good");
        flaky = new TestUpstream("flaky");
    }

    @AfterEach
    void stop() {
        if (proxy != null) {
            proxy.close();
        }
        good.close();
        flaky.close();
    }

    @Test
    void errorsInARowTakeAnEndpointOutOfRotation() throws Exception {
        start(flaky.port(), "", "consecutive5xxErrors: 3, baseEjectionTime: 1h, maxEjectionPercent: 50");
        flaky.answer(500);
        Map<Integer, Integer> statuses = get(40);
        assertEquals(3, statuses.get(500), "the third error is the last that a client sees");
        assertEquals(37, statuses.get(200));
        assertEquals(Health.EJECTED, endpoint(flaky.port()).health());
        assertEquals(3, flaky.seen().size());
    }

    @Test
    void anEndpointThatRefusesConnectionsIsTakenOutToo() throws Exception {
        int closed;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closed = socket.getLocalPort();
        }
        start(
                closed,
                "",
                "splitExternalLocalOriginErrors: true, consecutiveLocalOriginFailures: 2, baseEjectionTime: 1h,"
                        + " maxEjectionPercent: 50");
        Map<Integer, Integer> statuses = get(40);
        assertEquals(Map.of(200, 40), statuses, "connect failures are retried elsewhere by default");
        assertEquals(Health.EJECTED, endpoint(closed).health());
        assertEquals(2, endpoint(closed).requests());
    }

    @Test
    void itComesBackAndTakesItsShareAgain() throws Exception {
        start(
                flaky.port(),
                "",
                "consecutive5xxErrors: 1, interval: 20ms, baseEjectionTime: 50ms, maxEjectionPercent: 50");
        flaky.answer(503);
        Awaitility.await().until(() -> get(1).containsKey(503));
        flaky.answer(200);
        int before = flaky.seen().size();
        Awaitility.await().until(() -> endpoint(flaky.port()).health() == Health.HEALTHY);
        assertEquals(Map.of(200, 20), get(20));
        assertTrue(flaky.seen().size() > before);
    }

    @Test
    void withHalfOpenItsFirstGoodAnswerEndsTheTrial() throws Exception {
        start(
                flaky.port(),
                "{sluice.dev/half-open: '20'}",
                "consecutive5xxErrors: 1, interval: 20ms, baseEjectionTime: 50ms, maxEjectionPercent: 50");
        flaky.answer(503);
        Awaitility.await().until(() -> get(1).containsKey(503));
        Awaitility.await().until(() -> endpoint(flaky.port()).health() == Health.HALF_OPEN);
        Awaitility.await().until(() -> get(1).containsKey(503));
        assertEquals(Health.EJECTED, endpoint(flaky.port()).health(), "one bad answer on trial is enough");
        flaky.answer(200);
        Awaitility.await().until(() -> {
            assertEquals(Map.of(200, 1), get(1));
            return endpoint(flaky.port()).health() == Health.HEALTHY;
        });
    }

    @Test
    void withoutTheBlockNobodyIsEjected() throws Exception {
        start(flaky.port(), "", null);
        flaky.answer(500);
        assertEquals(Map.of(200, 20, 500, 20), get(40));
        assertEquals(Health.HEALTHY, endpoint(flaky.port()).health());
    }

    private void start(int secondPort, String annotations, String outlierDetection) throws Exception {
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
                  endpoints:
                  - {address: 127.0.0.1, ports: {http: GOOD}}
                  - {address: 127.0.0.1, ports: {http: SECOND}}
                ---
                apiVersion: networking.istio.io/v1
                kind: DestinationRule
                metadata: {name: ratings, annotations: ANNOTATIONS}
                spec:
                  host: ratings
                  trafficPolicy:
                    loadBalancer: {simple: ROUND_ROBIN}
                    OUTLIERS
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
                        .replace("GOOD", Integer.toString(good.port()))
                        .replace("SECOND", Integer.toString(secondPort))
                        .replace("ANNOTATIONS", annotations.isEmpty() ? "{}" : annotations)
                        .replace(
                                "OUTLIERS",
                                outlierDetection == null ? "" : "outlierDetection: {" + outlierDetection + "}"));
    }

    /** How many answers had which status. */
    private Map<Integer, Integer> get(int times) throws IOException, InterruptedException {
        Map<Integer, Integer> statuses = new TreeMap<>();
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(proxy.url(8080) + "/")).build();
        for (int i = 0; i < times; i++) {
            statuses.merge(
                    client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode(), 1, Integer::sum);
        }
        return statuses;
    }

    private Endpoint endpoint(int port) {
        return proxy.proxy().clusters().clusters().stream()
                .flatMap(cluster -> cluster.endpoints().all().stream())
                .filter(endpoint -> endpoint.hostPort().endsWith(":" + port))
                .findFirst()
                .orElseThrow();
    }
}
