package dev.sluice.proxy.assembly;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.proxy.exchange.ExchangeObserver;
import dev.sluice.proxy.stream.ErrorCode;
import dev.sluice.proxy.stream.ProxyError;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the app asks of its own requests by x-envoy-* headers, and that nobody else may. */
class SteeringTest {
    private static final ProxyError LOST = ProxyError.upstream(ErrorCode.UPSTREAM_CLOSED, "closed");
    private static final String[] ASKS_A_LOT = {
        "x-envoy-upstream-rq-timeout-ms", "100",
        "x-envoy-upstream-rq-per-try-timeout-ms", "50",
        "x-envoy-retry-on", "5xx",
        "x-envoy-retry-grpc-on", "internal",
        "x-envoy-max-retries", "9",
        "x-envoy-retriable-status-codes", "418",
        "x-envoy-retriable-header-names", "x-again",
        "x-envoy-upstream-rq-timeout-alt-response", "1",
        "x-envoy-hedge-on-per-try-timeout", "true"
    };

    private final List<PlayedTry> tries = new ArrayList<>();

    @Test
    void theAppShortensAndLengthensItsTimeout() {
        try (VirtualProxy proxy = outbound("timeout: 1s,")) {
            proxy.server(next -> tries.add(next.open()));
            PlayedClient shorter = proxy.get("/", "x-envoy-upstream-rq-timeout-ms", "300");
            PlayedClient longer = proxy.get("/", "x-envoy-upstream-rq-timeout-ms", "3000");
            PlayedClient none = proxy.get("/", "x-envoy-upstream-rq-timeout-ms", "0");
            PlayedClient unreadable = proxy.get("/", "x-envoy-upstream-rq-timeout-ms", "5s");
            proxy.advance(Duration.ofSeconds(10));
            assertAnsweredAfter(300, shorter);
            assertAnsweredAfter(3_000, longer);
            assertAnsweredAfter(1_000, unreadable);
            assertEquals(504, shorter.status());
            assertEquals(0, none.status());
            assertEquals("300", tries.get(0).header("x-envoy-expected-rq-timeout-ms"));
            assertNull(tries.get(2).header("x-envoy-expected-rq-timeout-ms"));
        }
    }

    @Test
    void theAppLimitsEachTryOfARouteThatDoesNot() {
        try (VirtualProxy proxy = outbound("retries: {attempts: 1, retryOn: reset},")) {
            proxy.server(next -> tries.add(next.open()));
            PlayedClient client = proxy.get("/", "x-envoy-upstream-rq-per-try-timeout-ms", "200");
            proxy.advance(Duration.ofMillis(440));
            assertEquals(504, client.status());
            assertEquals("TRY_TIMEOUT", client.header("x-sluice-code"));
            assertEquals(2, tries.size());
            assertEquals("200", tries.get(1).header("x-envoy-expected-rq-timeout-ms"));
            proxy.assertNothingIsLeft();
        }
    }

    @Test
    void whatTheAppAsksOfATryStandsForWhatTheRouteSays() {
        try (VirtualProxy proxy = outbound("retries: {attempts: 1, retryOn: 5xx, perTryTimeout: 100ms},")) {
            proxy.server(next -> tries.add(next.open()));
            PlayedClient client = proxy.get("/", "x-envoy-upstream-rq-per-try-timeout-ms", "0");
            proxy.advance(Duration.ofSeconds(5));
            assertEquals(0, client.status());
            tries.get(0).answer(200);
            assertEquals(200, client.status());
        }
    }

    @Test
    void theAppAddsOutcomesAndSaysHowOften() {
        try (VirtualProxy proxy = outbound("retries: {attempts: 1, retryOn: connect-failure},")) {
            proxy.server(next -> next.open().answer(503));
            assertTries(proxy, 1, "x-envoy-retriable-status-codes", "503");
            assertTries(proxy, 2, "x-envoy-retry-on", "nonsense, gateway-error");
            assertTries(proxy, 5, "x-envoy-retry-on", "5xx", "x-envoy-max-retries", "4");
            assertTries(
                    proxy, 2, "x-envoy-retry-on", "retriable-status-codes", "x-envoy-retriable-status-codes", "x,503");
            assertTries(proxy, 1, "x-envoy-retry-on", "5xx", "x-envoy-max-retries", "0");
            proxy.server(next -> next.open().answer(200, "x-again", "1"));
            assertTries(proxy, 2, "x-envoy-retry-on", "retriable-headers", "x-envoy-retriable-header-names", "X-Again");
            assertTries(proxy, 1, "x-envoy-retry-on", "retriable-headers");
            proxy.assertNothingIsLeft();
        }
    }

    @Test
    void onARouteWithoutRetriesNamingOutcomesGivesOne() {
        try (VirtualProxy proxy = outbound("retries: {attempts: 0},")) {
            proxy.server(next -> next.open().answer(503));
            assertTries(proxy, 1);
            assertTries(proxy, 2, "x-envoy-retry-on", "5xx");
        }
    }

    @Test
    void grpcStatusesAreAddedByTheirOwnHeader() {
        try (VirtualProxy proxy = outbound("")) {
            proxy.server(next -> next.open().answer(200, "grpc-status", "13"));
            PlayedClient asked =
                    proxy.grpc("/shop/Buy", "x-envoy-retry-grpc-on", "internal").send("", true);
            PlayedClient misplaced =
                    proxy.grpc("/shop/Buy", "x-envoy-retry-on", "internal").send("", true);
            proxy.advance(Duration.ofSeconds(1));
            assertEquals(3, asked.exchange().attempts());
            assertEquals(1, misplaced.exchange().attempts());
        }
    }

    @Test
    void aPostIsRepeatedWhereTheAppAsksForIt() {
        try (VirtualProxy proxy = outbound("")) {
            proxy.server(next -> next.open().lose(LOST));
            PlayedClient silent = proxy.post("/").send("order", true);
            PlayedClient asking = proxy.post("/", "x-envoy-retry-on", "reset").send("order", true);
            proxy.advance(Duration.ofSeconds(1));
            assertEquals(1, silent.exchange().attempts());
            assertEquals(3, asking.exchange().attempts());
        }
    }

    @Test
    void aTimeoutMayBeAnswered204() {
        try (VirtualProxy proxy = outbound("timeout: 1s,")) {
            proxy.server(next -> tries.add(next.open()));
            PlayedClient client = proxy.get("/", "x-envoy-upstream-rq-timeout-alt-response", "1");
            proxy.advance(Duration.ofMillis(1_010));
            assertEquals(204, client.status());
            assertEquals("TIMEOUT", client.header("x-sluice-code"));
            assertTrue(client.isComplete());
        }
    }

    @Test
    void noneOfThemGoesOnToTheUpstream() {
        try (VirtualProxy proxy = outbound("")) {
            proxy.server(next -> tries.add(next.open()));
            proxy.get("/", ASKS_A_LOT);
            assertSteersNothing(tries.get(0));
        }
    }

    @Test
    void aGatewaysClientSteersNothing() {
        assertOutsidersSteerNothing(new VirtualProxy(OneRoute.yaml("")));
    }

    @Test
    void whoCallsTheAppSteersNothing() {
        assertOutsidersSteerNothing(
                new VirtualProxy(
                        """
                apiVersion: networking.istio.io/v1
                kind: Sidecar
                metadata: {name: default}
                spec:
                  ingress:
                  - port: {number: 9080, name: http, protocol: HTTP}
                    captureMode: NONE
                    defaultEndpoint: 127.0.0.1:18080
                """));
    }

    private void assertOutsidersSteerNothing(VirtualProxy started) {
        try (VirtualProxy proxy = started) {
            proxy.server(next -> tries.add(next.open()));
            PlayedClient client = proxy.get("/", ASKS_A_LOT);
            assertSteersNothing(tries.get(0));
            proxy.advance(Duration.ofSeconds(10));
            assertEquals(0, client.status(), "no timeout holds");
            tries.get(0).answer(418);
            assertEquals(418, client.status());
            assertEquals(1, tries.size());
        }
    }

    private static void assertSteersNothing(PlayedTry arrived) {
        for (int i = 0; i < ASKS_A_LOT.length; i += 2) {
            assertNull(arrived.header(ASKS_A_LOT[i]), ASKS_A_LOT[i]);
        }
    }

    /** A timer is up to two ticks late. */
    private static void assertAnsweredAfter(long millis, PlayedClient client) {
        long took = client.answeredAfter().toMillis();
        assertTrue(took >= millis && took <= millis + 10, took + " ms");
    }

    private static void assertTries(VirtualProxy proxy, int expected, String... headers) {
        PlayedClient client = proxy.get("/", headers);
        proxy.advance(Duration.ofSeconds(1));
        assertTrue(client.isComplete());
        assertEquals(expected, client.exchange().attempts(), () -> String.join(" ", headers));
    }

    /** The same route and service, for the app behind {@code --outbound}. */
    private static VirtualProxy outbound(String rule) {
        return new VirtualProxy(OneRoute.ofMesh(rule), OneRoute.WITH_OUTBOUND, ExchangeObserver.NONE);
    }
}
