package dev.sluice.proxy.assembly;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.config.plan.ListenerPlan.BindAddress;
import dev.sluice.config.translate.scope.ProxyIdentity;
import dev.sluice.proxy.exchange.ExchangeObserver;
import dev.sluice.proxy.telemetry.ResponseFlags;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Injected faults of both scopes, alone and with retries and timeouts, in virtual time. */
class FaultsTest {
    private static final int REQUESTS = 20_000;
    private static final Path CONCEPTS = Path.of("..", "proxy-config", "src", "test", "resources", "concepts");

    @Test
    void anAbortOfEveryOtherTryUnderThreeRetriesLetsFifteenOfSixteenThrough() {
        try (VirtualProxy proxy = new VirtualProxy(
                OneRoute.yaml(
                        "fault: {abort: {percentage: {value: 50}, httpStatus: 503}}, retries: {attempts: 3, retryOn: '503'},"))) {
            List<PlayedClient> clients = new ArrayList<>();
            for (int i = 0; i < REQUESTS; i++) {
                clients.add(proxy.get("/"));
            }
            proxy.advance(Duration.ofSeconds(2));
            assertShare(
                    clients.stream().filter(client -> client.status() == 200).count(), REQUESTS, 15.0 / 16);
            for (PlayedClient client : clients) {
                String flags = ResponseFlags.of(client.exchange());
                assertEquals(client.status() == 200 ? "-" : "FI,URX", flags, "a fault that was tried over is no flag");
            }
            proxy.assertNothingIsLeft();
        }
    }

    @Test
    void theSameHoldsForGrpcThoughItsAnswersAreAlways200() {
        try (VirtualProxy proxy = new VirtualProxy(OneRoute.yaml(
                "fault: {abort: {percentage: {value: 50}, httpStatus: 503}}, retries: {attempts: 3, retryOn: 5xx},"))) {
            proxy.server(next -> next.open().answer(200, "grpc-status", "0"));
            List<PlayedClient> clients = new ArrayList<>();
            for (int i = 0; i < REQUESTS; i++) {
                clients.add(proxy.grpc("/shop/Buy").send("", true));
            }
            proxy.advance(Duration.ofSeconds(2));
            long served = clients.stream()
                    .filter(client -> "0".equals(client.header("grpc-status")))
                    .count();
            assertShare(served, REQUESTS, 15.0 / 16);
            assertEquals(
                    REQUESTS - served,
                    clients.stream()
                            .filter(client -> "14".equals(client.header("grpc-status"))
                                    && "fault filter abort".equals(client.header("grpc-message")))
                            .count());
        }
    }

    @Test
    void aDelayCountsAgainstTheRoutesTimeout() {
        try (VirtualProxy proxy = new VirtualProxy(
                OneRoute.yaml("fault: {delay: {percentage: {value: 100}, fixedDelay: 5s}}, timeout: 2s,"))) {
            proxy.server(next -> {
                throw new AssertionError("the delay is longer than the request lives");
            });
            PlayedClient client = proxy.get("/");
            proxy.advance(Duration.ofMillis(1_999));
            assertEquals(0, client.status());
            proxy.advance(Duration.ofMillis(10));
            assertEquals(504, client.status());
            assertEquals("TIMEOUT", client.header("x-sluice-code"));
            assertEquals("UT,DI", ResponseFlags.of(client.exchange()));
            proxy.advance(Duration.ofSeconds(10));
            proxy.assertNothingIsLeft();
        }
    }

    @Test
    void aDelayCountsAgainstEachTry() {
        try (VirtualProxy proxy =
                new VirtualProxy(OneRoute.yaml("fault: {delay: {percentage: {value: 100}, fixedDelay: 5s}},"
                        + " retries: {attempts: 2, perTryTimeout: 1s, retryOn: 'reset,5xx'},"))) {
            PlayedClient client = proxy.get("/");
            proxy.advance(Duration.ofMillis(2_990));
            assertEquals(0, client.status());
            // Two waits of less than 25 and 50 ms between the tries.
            proxy.advance(Duration.ofMillis(110));
            assertEquals(504, client.status());
            assertEquals("TRY_TIMEOUT", client.header("x-sluice-code"));
            assertEquals(3, client.exchange().attempts());
            assertEquals("UT,DI,URX", ResponseFlags.of(client.exchange()));
            proxy.assertNothingIsLeft();
        }
    }

    @Test
    void aRouteWithoutRetriesAndTimeoutOfItsOwnKeepsIstiosMeaning() {
        try (VirtualProxy proxy = new VirtualProxy(
                OneRoute.yaml("fault: {abort: {percentage: {value: 100}, grpcStatus: UNAVAILABLE}},"))) {
            // The default policy retries an upstream's UNAVAILABLE, not an injected one.
            PlayedClient client = proxy.grpc("/shop/Buy").send("", true);
            proxy.advance(Duration.ofSeconds(1));
            assertEquals("14", client.header("grpc-status"));
            assertEquals(0, client.exchange().attempts());
            assertEquals("FI", ResponseFlags.of(client.exchange()));
        }
    }

    @Test
    void whatIsAbortedIsNeitherMirroredNorRewritten() {
        try (VirtualProxy proxy =
                new VirtualProxy(OneRoute.yaml("fault: {abort: {percentage: {value: 100}, httpStatus: 418}},"
                        + " mirror: {host: shop.example.com}, rewrite: {uri: /new, authority: new.example.com},"
                        + " headers: {response: {set: {x-path: '%REQ(:path)%'}}},"))) {
            proxy.server(next -> {
                throw new AssertionError("nothing is sent, not even a copy");
            });
            PlayedClient client = proxy.get("/old");
            assertEquals(418, client.status());
            assertEquals("/old", client.header("x-path"));
            assertEquals("shop.example.com", client.exchange().request().authority());
            proxy.assertNothingIsLeft();
        }
    }

    @Test
    void theTextOfAnAnswerToHeadIsNeitherSentNorCounted() {
        for (String more : List.of("", "retries: {attempts: 1, retryOn: '503'},")) {
            try (VirtualProxy proxy = new VirtualProxy(
                    OneRoute.yaml("fault: {abort: {percentage: {value: 100}, httpStatus: 418}}," + more))) {
                PlayedClient client = proxy.head("/");
                assertEquals(418, client.status());
                assertEquals("18", client.header("content-length"));
                assertTrue(client.isComplete());
                assertEquals(0, client.exchange().responseBytes());
            }
        }
    }

    @Test
    void aCopyIsMadeOnceTheDelayIsOver() {
        List<String> paths = new ArrayList<>();
        try (VirtualProxy proxy =
                new VirtualProxy(OneRoute.yaml("fault: {delay: {percentage: {value: 100}, fixedDelay: 1s}},"
                        + " mirror: {host: shop.example.com}, rewrite: {uri: /new},"))) {
            proxy.server(next -> {
                paths.add(next.attempt().exchange().request().path());
                next.ok();
            });
            PlayedClient client = proxy.get("/");
            proxy.advance(Duration.ofMillis(990));
            assertEquals(List.of(), paths);
            proxy.advance(Duration.ofMillis(30));
            assertEquals(200, client.status());
            assertEquals(List.of("/new", "/new"), paths);
        }
    }

    @Test
    void aDelayOncePerRequestIsNoMatterOfTheTimeout() {
        try (VirtualProxy proxy = new VirtualProxy(
                OneRoute.yaml("fault: {delay: {percentage: {value: 100}, fixedDelay: 5s}}, timeout: 2s,")
                        .replace(
                                "metadata: {name: shop}",
                                "metadata: {name: shop, annotations: {sluice.dev/fault-scope: request}}"))) {
            PlayedClient client = proxy.get("/");
            proxy.advance(Duration.ofMillis(5_010));
            assertEquals(200, client.status());
            assertTrue(
                    client.answeredAfter().toMillis() >= 5_000,
                    client.answeredAfter().toString());
            assertEquals("DI", ResponseFlags.of(client.exchange()));
        }
    }

    @Test
    void delayAndAbortAreDrawnOnTheirOwnAndTheDelayComesFirst() {
        try (VirtualProxy proxy =
                new VirtualProxy(OneRoute.yaml("fault: {delay: {percentage: {value: 50}, fixedDelay: 1s},"
                        + " abort: {percentage: {value: 50}, httpStatus: 418}},"))) {
            List<PlayedClient> clients = new ArrayList<>();
            for (int i = 0; i < REQUESTS; i++) {
                clients.add(proxy.get("/"));
            }
            assertShare(
                    clients.stream().filter(client -> client.status() == 418).count(), REQUESTS, 0.25);
            assertShare(
                    clients.stream().filter(client -> client.status() == 200).count(), REQUESTS, 0.25);
            proxy.advance(Duration.ofMillis(1_010));
            assertShare(
                    clients.stream().filter(client -> client.status() == 418).count(), REQUESTS, 0.5);
            assertShare(
                    clients.stream().filter(client -> client.status() == 200).count(), REQUESTS, 0.5);
        }
    }

    @Test
    void anAbortIsNobodysFailure() {
        try (VirtualProxy proxy = new VirtualProxy(
                OneRoute.yaml(
                        "fault: {abort: {percentage: {value: 100}, httpStatus: 503}}, retries: {attempts: 3, retryOn: '503'},"))) {
            PlayedClient client = proxy.get("/");
            proxy.advance(Duration.ofSeconds(1));
            assertEquals(503, client.status());
            assertEquals("fault filter abort", client.body());
            assertNull(client.header("x-envoy-upstream-service-time"), "no upstream had a part in it");
            proxy.clusters().forEach(cluster -> cluster.endpoints().all().forEach(endpoint -> {
                assertEquals(0, endpoint.failures());
                assertEquals(0, endpoint.requests());
            }));
        }
    }

    @Test
    void anAbandonedClientTakesItsDelayWithIt() {
        try (VirtualProxy proxy =
                new VirtualProxy(OneRoute.yaml("fault: {delay: {percentage: {value: 100}, fixedDelay: 5s}},"))) {
            proxy.server(next -> {
                throw new AssertionError("nobody waits for an answer any more");
            });
            proxy.get("/").leave();
            proxy.advance(Duration.ofSeconds(6));
            proxy.assertNothingIsLeft();
        }
    }

    @Test
    void onePerMilleIsOnePerMille() throws IOException {
        int requests = 100_000;
        String services =
                """

                ---
                apiVersion: networking.istio.io/v1
                kind: DestinationRule
                metadata: {name: ratings}
                spec: {host: ratings, subsets: [{name: v1, labels: {version: v1}}]}
                ---
                apiVersion: networking.istio.io/v1
                kind: ServiceEntry
                metadata: {name: ratings}
                spec:
                  hosts: [ratings.default.svc.cluster.local]
                  resolution: STATIC
                  ports: [{number: 9080, name: http, protocol: HTTP}]
                  endpoints: [{address: 10.1.0.1, labels: {version: v1}}]
                """;
        String yaml = Files.readString(CONCEPTS.resolve("ratings-delay-5s-per-mille.yaml")) + services;
        ProxyIdentity identity = ProxyIdentity.of("default").withOutbound(new BindAddress("127.0.0.1", 15001));
        try (VirtualProxy proxy = new VirtualProxy(yaml, identity, ExchangeObserver.NONE)) {
            proxy.authority("ratings:9080");
            List<PlayedClient> clients = new ArrayList<>();
            for (int i = 0; i < requests; i++) {
                clients.add(proxy.get("/ratings/0"));
            }
            List<PlayedClient> late =
                    clients.stream().filter(client -> client.status() == 0).toList();
            assertShare(late.size(), requests, 0.001);
            proxy.advance(Duration.ofMillis(5_010));
            for (PlayedClient client : late) {
                assertEquals(200, client.status());
                assertTrue(
                        client.answeredAfter().toMillis() >= 5_000,
                        client.answeredAfter().toString());
            }
        }
    }

    /** Within seven standard deviations of a binomial: a right implementation fails less than once in a billion runs. */
    private static void assertShare(long count, int of, double share) {
        double most = 7 * Math.sqrt(of * share * (1 - share));
        assertTrue(
                Math.abs(count - of * share) <= most,
                () -> count + " of " + of + ", expected " + of * share + " give or take " + most);
    }
}
