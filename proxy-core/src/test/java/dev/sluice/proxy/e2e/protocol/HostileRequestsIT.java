package dev.sluice.proxy.e2e.protocol;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.proxy.e2e.fixture.RawClient;
import dev.sluice.proxy.e2e.fixture.RawGateway;
import dev.sluice.proxy.e2e.fixture.RawUpstream;
import dev.sluice.proxy.e2e.fixture.TestProxy;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What a gateway does with hostile and odd requests, each with another request right behind it in the same packet: byte by
 * byte what the client gets and what the upstream sees.
 */
class HostileRequestsIT {
    private static final String NEXT = "GET /next HTTP/1.1\r\nHost: a\r\n\r\n";

    private static RawUpstream upstream;
    private static TestProxy proxy;

    @BeforeAll
    static void start() throws Exception {
        upstream = new RawUpstream(RawUpstream::answerAll);
        proxy = RawGateway.start(upstream.port());
    }

    @AfterAll
    static void stop() {
        proxy.close();
        upstream.close();
        assertEquals(List.of(), upstream.failures());
    }

    static Stream<HostileRequest> requests() {
        return HostileRequests.all();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("requests")
    void isHandled(HostileRequest request) throws Exception {
        upstream.forget();
        try (RawClient client = new RawClient(proxy.address(8080))) {
            client.send(request.bytes() + NEXT);
            switch (request.fate()) {
                case REFUSED -> refused(request, client);
                case ANSWERED -> answered(request, client);
                case PASSED -> passed(request, client);
                case PASSED_AND_CLOSED -> passedAndClosed(request, client);
                case CUT -> cut(client);
            }
        }
    }

    /** The head and a chunk are upstream already when the next chunk turns out to be malformed. */
    @Test
    void anUpstreamThatHasPartOfAMalformedBodyNeverGetsAnEndOfIt() throws Exception {
        CompletableFuture<Boolean> aborted = new CompletableFuture<>();
        try (RawUpstream other = new RawUpstream((peer, number) -> {
                    peer.head();
                    peer.read("2\r\nxy\r\n".length());
                    try {
                        peer.readToEnd();
                    } finally {
                        aborted.complete(true);
                    }
                });
                TestProxy between = RawGateway.start(other.port());
                RawClient client = new RawClient(between.address(8080))) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nxy\r\n");
            await().until(() -> other.received().endsWith("2\r\nxy\r\n"));
            client.send("0x2\r\nab\r\n0\r\n\r\n" + NEXT);
            String rest = client.rest();
            assertTrue(rest.isEmpty() || rest.startsWith("HTTP/1.1 400 "), rest);
            assertTrue(aborted.get(60, TimeUnit.SECONDS));
            assertTrue(other.received().endsWith("2\r\nxy\r\n"), other::received);
            assertEquals(1, other.connections());
        }
    }

    @Test
    void thereAreMoreThanOthersWereMeasuredWith() {
        assertTrue(HostileRequests.all().count() >= 94);
        assertEquals(
                HostileRequests.all().count(),
                HostileRequests.all().map(HostileRequest::item).distinct().count());
    }

    private static void refused(HostileRequest request, RawClient client) throws Exception {
        RawClient.Answer answer = client.answer();
        assertEquals(request.status(), answer.status());
        assertNotNull(answer.header("x-sluice-code"));
        assertEquals("close", answer.header("connection"));
        assertEquals("", client.rest());
        assertEquals("", upstream.received());
    }

    private static void answered(HostileRequest request, RawClient client) throws Exception {
        RawClient.Answer answer = client.answer();
        assertEquals(request.status(), answer.status());
        assertNotNull(answer.header("x-sluice-code"));
        assertEquals(200, client.answer().status());
        assertTrue(upstream.received().startsWith("GET /next HTTP/1.1\r\n"), upstream::received);
        assertEquals(1, upstream.requests().size());
    }

    private static void passed(HostileRequest request, RawClient client) throws Exception {
        assertAnswered(request, client.answer());
        assertEquals("ok", client.answer().body());
        List<RawUpstream.Message> seen = upstream.requests();
        assertEquals(2, seen.size(), upstream::received);
        assertTrue(
                seen.stream().anyMatch(message -> message.head().startsWith("GET /next HTTP/1.1\r\nhost: a\r\n")),
                upstream::received);
    }

    private static void passedAndClosed(HostileRequest request, RawClient client) throws Exception {
        RawClient.Answer answer = client.answer();
        assertAnswered(request, answer);
        assertEquals("close", answer.header("connection"));
        assertEquals("", client.rest());
        assertEquals(1, upstream.requests().size(), upstream::received);
    }

    private static void assertAnswered(HostileRequest request, RawClient.Answer answer) {
        assertEquals(request.status(), answer.status());
        assertEquals("ok", answer.body());
        assertNull(answer.header("x-sluice-code"));
        assertNull(request.failedMark(upstream.received()), upstream::received);
    }

    /** Either 400 or nothing for the client; no end of the body for the upstream, and no second request. */
    private static void cut(RawClient client) throws Exception {
        String rest = client.rest();
        assertTrue(rest.isEmpty() || rest.startsWith("HTTP/1.1 400 "), rest);
        assertFalse(upstream.received().contains("0\r\n\r\n"), upstream::received);
        assertFalse(upstream.received().contains("/next"), upstream::received);
        assertEquals(0, upstream.requests().size());
    }
}
