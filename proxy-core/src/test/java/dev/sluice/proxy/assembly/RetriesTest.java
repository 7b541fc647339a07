package dev.sluice.proxy.assembly;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.proxy.cluster.Endpoint;
import dev.sluice.proxy.stream.ErrorCode;
import dev.sluice.proxy.stream.ProxyError;
import dev.sluice.proxy.telemetry.ResponseFlags;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Retries as a whole: tries, their waits, bodies, budgets and endpoints, in virtual time. */
class RetriesTest {
    private static final ProxyError REFUSED = ProxyError.notProcessed(ErrorCode.CONNECT_FAILED, "Connection refused");
    private static final ProxyError LOST = ProxyError.upstream(ErrorCode.UPSTREAM_CLOSED, "closed");
    private static final ProxyError LOST_REUSED = new ProxyError(
            ErrorCode.UPSTREAM_CLOSED, ProxyError.Origin.UPSTREAM, ProxyError.RetryVerdict.REUSED_CONNECTION, "closed");

    @Test
    void whereNothingIsSetAFailedConnectIsTriedTwiceMore() {
        try (VirtualProxy proxy = new VirtualProxy(OneRoute.yaml(""))) {
            proxy.server(next -> next.fail(REFUSED));
            PlayedClient client = proxy.post("/").send("order", true);
            proxy.advance(Duration.ofSeconds(1));
            assertEquals(503, client.status());
            assertEquals("CONNECT_FAILED", client.header("x-sluice-code"));
            assertTrue(client.body().contains("retried and the latest reset reason: "), client.body());
            assertEquals(3, client.exchange().attempts());
            assertEquals("UF,URX", ResponseFlags.of(client.exchange()));
            proxy.assertNothingIsLeft();
        }
    }

    @Test
    void whereNothingIsSetA503IsTheAnswer() {
        try (VirtualProxy proxy = new VirtualProxy(OneRoute.yaml(""))) {
            proxy.server(next -> next.open().answer(503));
            PlayedClient client = proxy.get("/");
            proxy.advance(Duration.ofSeconds(1));
            assertEquals(503, client.status());
            assertEquals(1, client.exchange().attempts());
            assertEquals("-", ResponseFlags.of(client.exchange()));
        }
    }

    @Test
    void waitsGrowFrom25MillisecondsAndEndAtTenTimesThat() {
        try (VirtualProxy proxy = new VirtualProxy(OneRoute.yaml("retries: {attempts: 6, retryOn: 5xx},"))) {
            long[] upperMillis = {25, 50, 100, 200, 250, 250};
            long[] longestMillis = new long[upperMillis.length];
            for (int request = 0; request < 200; request++) {
                List<Long> starts = new ArrayList<>();
                proxy.server(next -> {
                    starts.add(proxy.nowNanos());
                    next.open().answer(500);
                });
                proxy.get("/");
                proxy.advance(Duration.ofMillis(950));
                assertEquals(7, starts.size());
                for (int i = 0; i < upperMillis.length; i++) {
                    long waited = (starts.get(i + 1) - starts.get(i)) / 1_000_000;
                    longestMillis[i] = Math.max(longestMillis[i], waited);
                }
            }
            for (int i = 0; i < upperMillis.length; i++) {
                // A timer is up to two ticks late. Of 200 draws one falls into the upper fifth, but for 0.8^200.
                assertTrue(longestMillis[i] <= upperMillis[i] + 9, "wait " + i + ": " + longestMillis[i]);
                assertTrue(longestMillis[i] >= upperMillis[i] * 8 / 10, "wait " + i + ": " + longestMillis[i]);
            }
        }
    }

    @Test
    void theLastAnswerIsPassedOnWhenTriesRunOut() {
        try (VirtualProxy proxy =
                new VirtualProxy(OneRoute.yaml("retries: {attempts: 2, retryOn: 'gateway-error,418'},"))) {
            List<PlayedTry> tries = new ArrayList<>();
            proxy.server(next -> {
                tries.add(next);
                next.open()
                        .begin(next.number() == 1 ? 418 : 502, "x-try", "" + next.number())
                        .data("bad", true);
            });
            PlayedClient client = proxy.get("/");
            proxy.advance(Duration.ofSeconds(1));
            assertEquals(502, client.status());
            assertEquals("2", client.header("x-try"));
            assertEquals("bad", client.body());
            assertEquals("URX", ResponseFlags.of(client.exchange()));
            assertNull(tries.get(0).header("x-envoy-attempt-count"), "the first try says nothing");
            assertEquals("2", tries.get(1).header("x-envoy-attempt-count"));
            assertEquals("3", tries.get(2).header("x-envoy-attempt-count"));
            proxy.assertNothingIsLeft();
        }
    }

    @Test
    void onceItsHeadWentOutAResponseIsNeverTriedAgain() {
        try (VirtualProxy proxy = new VirtualProxy(OneRoute.yaml("retries: {attempts: 3, retryOn: '5xx,reset'},"))) {
            proxy.server(next -> next.open().begin(200).data("half", false).lose(LOST));
            PlayedClient client = proxy.get("/");
            proxy.advance(Duration.ofSeconds(1));
            assertEquals(200, client.status());
            assertEquals("half", client.body());
            assertEquals(LOST, client.resetReason());
            assertEquals(1, client.exchange().attempts());
            proxy.assertNothingIsLeft();
        }
    }

    @Test
    void aBodyIsSentAgainWholeAndInOrder() {
        try (VirtualProxy proxy = new VirtualProxy(OneRoute.yaml("retries: {attempts: 2, retryOn: reset},"))) {
            List<PlayedTry> tries = new ArrayList<>();
            proxy.server(next -> tries.add(next.open()));
            PlayedClient client = proxy.post("/").send("one ", false).send("two ", false);
            tries.get(0).lose(LOST);
            proxy.advance(Duration.ofMillis(40));
            assertEquals("one two ", tries.get(1).body());
            client.send("three", true);
            assertEquals("one two three", tries.get(1).body());
            tries.get(1).lose(LOST);
            proxy.advance(Duration.ofMillis(80));
            assertEquals("one two three", tries.get(2).body());
            assertTrue(tries.get(2).isRequestEnded());
            tries.get(2).answer(200);
            assertEquals(200, client.status());
            proxy.assertNothingIsLeft();
        }
    }

    @Test
    void aBodyLongerThanTheReplayLimitIsNotHeldAndNotTriedAgain() {
        try (VirtualProxy proxy = new VirtualProxy(OneRoute.yaml("retries: {attempts: 2, retryOn: reset},")
                .replace(
                        "metadata: {name: shop}",
                        "metadata: {name: shop, annotations: {sluice.dev/replay-limit: '8'}}"))) {
            List<PlayedTry> tries = new ArrayList<>();
            proxy.server(next -> tries.add(next.open()));
            PlayedClient atLimit = proxy.post("/").send("12345678", true);
            tries.get(0).lose(LOST);
            proxy.advance(Duration.ofMillis(40));
            assertEquals("12345678", tries.get(1).body());
            tries.get(1).answer(200);
            assertEquals(200, atLimit.status());
            PlayedClient beyond = proxy.post("/").send("12345678", false).send("9", true);
            tries.get(2).lose(LOST);
            proxy.advance(Duration.ofSeconds(1));
            assertEquals(3, tries.size());
            assertEquals(503, beyond.status());
            proxy.assertNothingIsLeft();
        }
    }

    @Test
    void aFullRetryBudgetMakesTheAnswerFinal() {
        String yaml = OneRoute.yaml("retries: {attempts: 3, retryOn: 5xx},")
                + OneRoute.rule("connectionPool: {http: {maxRetries: 1}}");
        try (VirtualProxy proxy = new VirtualProxy(yaml)) {
            List<PlayedTry> tries = new ArrayList<>();
            proxy.server(next -> tries.add(next.open()));
            PlayedClient first = proxy.get("/");
            PlayedClient second = proxy.get("/");
            tries.get(0).answer(500);
            tries.get(1).answer(500);
            assertEquals(500, second.status(), "the one permit is the first request's");
            assertEquals("UO", ResponseFlags.of(second.exchange()));
            proxy.advance(Duration.ofMillis(40));
            tries.get(2).answer(200);
            assertEquals(200, first.status());
            proxy.assertNothingIsLeft();
        }
    }

    @Test
    void aClientThatLeavesDuringTheWaitGivesItsPermitBack() {
        try (VirtualProxy proxy = new VirtualProxy(OneRoute.yaml("retries: {attempts: 3, retryOn: 5xx},"))) {
            proxy.server(next -> next.open().answer(500));
            for (int i = 0; i < 50; i++) {
                proxy.get("/").leave();
            }
            proxy.assertNothingIsLeft();
            proxy.advance(Duration.ofSeconds(1));
            proxy.assertNothingIsLeft();
        }
    }

    @Test
    void theRoutesTimeoutGoesOnDuringTheWait() {
        try (VirtualProxy proxy =
                new VirtualProxy(OneRoute.yaml("timeout: 2s, retries: {attempts: 3, retryOn: 5xx, backoff: 3h},"))) {
            proxy.server(next -> next.open().answer(500));
            PlayedClient client = proxy.get("/");
            proxy.advance(Duration.ofMillis(2_010));
            // A wait below two seconds is drawn once in 5,400; three of them in no run that anybody sees.
            assertEquals(504, client.status());
            assertEquals("TIMEOUT", client.header("x-sluice-code"));
            proxy.assertNothingIsLeft();
        }
    }

    @Test
    void aFurtherTryGoesToAnEndpointThatHadNone() {
        try (VirtualProxy proxy = new VirtualProxy(OneRoute.yaml("retries: {attempts: 2, retryOn: 5xx},", 3))) {
            int elsewhere = 0;
            for (int i = 0; i < 300; i++) {
                Set<Endpoint> seen = new HashSet<>();
                proxy.server(next -> {
                    seen.add(next.attempt().endpoint());
                    next.open().answer(500);
                });
                proxy.get("/");
                proxy.advance(Duration.ofMillis(80));
                elsewhere += seen.size() == 3 ? 1 : 0;
            }
            // Six draws with replacement miss a third of the endpoints once in eleven, and two thirds less often.
            assertTrue(elsewhere > 220, elsewhere + " of 300 requests saw all three endpoints");
        }
    }

    /** How many endpoints a request of one key sees in three tries. */
    private static int endpointsOfAKey(String retries) {
        String hashed =
                OneRoute.yaml(retries, 5) + OneRoute.rule("loadBalancer: {consistentHash: {httpHeaderName: x-user}}");
        try (VirtualProxy proxy = new VirtualProxy(hashed)) {
            Set<Endpoint> seen = new HashSet<>();
            proxy.server(next -> {
                seen.add(next.attempt().endpoint());
                next.open().answer(500);
            });
            PlayedClient client = proxy.get("/", "x-user", "jason");
            proxy.advance(Duration.ofMillis(80));
            assertEquals(3, client.exchange().attempts());
            return seen.size();
        }
    }

    @Test
    void aKeyStaysWithItsEndpointUnlessTheRouteSaysOtherwise() {
        assertEquals(1, endpointsOfAKey("retries: {attempts: 2, retryOn: 5xx},"));
        assertEquals(1, endpointsOfAKey("retries: {attempts: 2, retryOn: 5xx, retryIgnorePreviousHosts: false},"));
        assertTrue(endpointsOfAKey("retries: {attempts: 2, retryOn: 5xx, retryIgnorePreviousHosts: true},") > 1);
    }

    @Test
    void aRequestThatReusedConnectionsLostIsReplayedTwiceAndOnlyWhereThatIsSafe() {
        try (VirtualProxy proxy = new VirtualProxy(OneRoute.yaml("retries: {attempts: 0},"))) {
            proxy.server(next -> next.open().lose(LOST_REUSED));
            PlayedClient get = proxy.get("/");
            assertEquals(503, get.status());
            assertEquals(3, get.exchange().attempts());
            PlayedClient post = proxy.post("/").send("order", true);
            assertEquals(503, post.status());
            assertEquals(1, post.exchange().attempts());
            proxy.assertNothingIsLeft();
        }
    }
}
