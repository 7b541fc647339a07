package dev.sluice.proxy.codec.http1.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.proxy.codec.Heads;
import dev.sluice.proxy.codec.PullChannel;
import dev.sluice.proxy.codec.TakenResponse;
import dev.sluice.proxy.stream.ClientStream;
import dev.sluice.proxy.stream.ErrorCode;
import dev.sluice.proxy.stream.ProxyError;
import dev.sluice.proxy.stream.RequestHead;
import dev.sluice.proxy.stream.headers.HeaderOverlay;
import io.netty.util.AsciiString;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests to an upstream that behaves, and its responses. */
class H1ClientExchangeTest {
    private H1Client client;
    private PullChannel upstream;

    @BeforeEach
    void connect() throws Exception {
        client = new H1Client();
        upstream = client.upstream;
    }

    @AfterEach
    void close() {
        upstream.finishAndReleaseAll();
    }

    @Test
    void hostGoesFirstThenTheHeadersAsTheyAreThenTheAttemptsOwn() {
        HeaderOverlay overlay = new HeaderOverlay();
        overlay.add(AsciiString.cached("x-attempt"), "1");
        client.connection
                .open(new TakenResponse())
                .head(H1Client.get("/a?b", "Accept", "*/*", "X-B", "c"), overlay, true);
        assertEquals(
                "GET /a?b HTTP/1.1\r\nhost: shop\r\nAccept: */*\r\nX-B: c\r\nx-attempt: 1\r\n\r\n",
                upstream.received());
    }

    @Test
    void aDeclaredBodyIsSentByItsLength() {
        ClientStream stream = client.start(
                new TakenResponse(),
                H1Client.request("POST", "/", 5, "content-length", "5").build());
        stream.data(Heads.bytes("hel"), false);
        stream.data(Heads.bytes("lo"), true);
        assertEquals("POST / HTTP/1.1\r\nhost: shop\r\ncontent-length: 5\r\n\r\nhello", upstream.received());
    }

    @Test
    void aBodyOfUnknownLengthIsChunked() {
        ClientStream stream = client.start(
                new TakenResponse(), H1Client.request("POST", "/", -1).build());
        stream.data(Heads.bytes("hello"), false);
        stream.data(Heads.bytes(""), true);
        assertEquals(
                "POST / HTTP/1.1\r\nhost: shop\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
                upstream.received());
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "PATCH"})
    void methodsThatMayHaveABodySayThatThereIsNone(String method) {
        client.send(H1Client.request(method, "/", -1).build());
        assertEquals(method + " / HTTP/1.1\r\nhost: shop\r\ncontent-length: 0\r\n\r\n", upstream.received());
    }

    @Test
    void trailersAreSentWithTeTrailersOnly() {
        ClientStream stream = client.start(
                new TakenResponse(),
                H1Client.request("POST", "/", -1, "te", "trailers").build());
        stream.trailers(Heads.headers("x-sum", "1", "authorization", "x"));
        String sent = upstream.received();
        assertTrue(sent.contains("\r\nte: trailers\r\ntransfer-encoding: chunked\r\nconnection: te\r\n\r\n"), sent);
        assertTrue(sent.endsWith("\r\n\r\n0\r\nx-sum: 1\r\n\r\n"), sent);
    }

    @Test
    void trailersToOthersAreLeftOut() {
        ClientStream stream = client.start(
                new TakenResponse(), H1Client.request("POST", "/", -1).build());
        stream.trailers(Heads.headers("x-sum", "1"));
        assertTrue(upstream.received().endsWith("\r\n\r\n0\r\n\r\n"));
    }

    @Test
    void aHeadOfHttp2IsTranslated() {
        client.send(Heads.request("GET", "/", "cookie", "a=1", "cookie", "b=2", "x-http2-path", "/evil"));
        assertEquals("GET / HTTP/1.1\r\nhost: shop\r\ncookie: a=1; b=2\r\n\r\n", upstream.received());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/a b", "/a\r\nx: y", "/a\u0000", "/\u00e9", "/#f", ""})
    void aPathThatWouldEndTheRequestLineIsNotSent(String path) {
        TakenResponse response = client.send(H1Client.get(path));
        assertEquals("", upstream.received());
        assertEquals(ErrorCode.BAD_REQUEST, response.reset.code());
        assertEquals(ProxyError.RetryVerdict.NEVER, response.reset.retry());
        assertEquals(1, client.connection.openableStreams());
    }

    @Test
    void aMethodOrAuthorityThatWouldEndTheRequestLineIsNotSent() {
        TakenResponse method =
                client.send(H1Client.request("GET /x HTTP/1.1\r\nx:", "/", -1).build());
        assertEquals(ErrorCode.BAD_REQUEST, method.reset.code());
        RequestHead head =
                H1Client.request("GET", "/", -1).authority("a\r\nx: y").build();
        assertEquals(ErrorCode.BAD_REQUEST, client.send(head).reset.code());
        assertEquals("", upstream.received());
    }

    @Test
    void aResponseArrivesAndTheConnectionIsFreeAgain() {
        TakenResponse response = client.get();
        assertEquals(0, client.connection.openableStreams());
        assertEquals(1, client.connection.activeStreams());
        upstream.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: keep-alive\r\nX-A: b\r\n\r\nok");
        assertEquals(List.of("200 [Content-Length: 2, X-A: b]", "ok|"), response.events);
        assertEquals(2, response.head.contentLength());
        assertEquals(List.of("available"), client.told);
        assertEquals(1, client.connection.openableStreams());
        assertEquals(0, client.connection.activeStreams());
        assertEquals(List.of("204 []|"), respond("HTTP/1.1 204 No Content\r\n\r\n").events);
    }

    @Test
    void aResponseArrivesHoweverItIsCut() {
        TakenResponse response = client.get();
        for (char c : "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n".toCharArray()) {
            upstream.send(String.valueOf(c));
        }
        assertEquals(List.of("200 []", "o", "k", "|"), response.events);
        assertEquals(1, client.connection.openableStreams());
    }

    @Test
    void trailersArriveWithoutThoseThatMustNotBe() {
        TakenResponse response = respond(
                "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\nX-Sum: 1\r\nSet-Cookie: a=b\r\n\r\n");
        assertEquals(List.of("200 []", "trailers [X-Sum: 1]"), response.events);
    }

    @Test
    void aBodyWithoutLengthEndsWithTheConnection() {
        TakenResponse response = respond("HTTP/1.1 200 OK\r\n\r\nhello");
        assertEquals(List.of("200 []", "hello"), response.events);
        assertEquals(List.of("draining"), client.told);
        upstream.sendFin();
        assertEquals(List.of("200 []", "hello", "|"), response.events);
        assertEquals(List.of("draining", "closed"), client.told);
    }

    @Test
    void aHeadResponseHasNoBody() {
        TakenResponse response = client.send(H1Client.request("HEAD", "/", -1).build());
        upstream.send("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n");
        assertEquals(List.of("200 [content-length: 10]|"), response.events);
        assertEquals(List.of("200 [content-length: 2]", "ok|"), respond(H1Client.OK).events);
    }

    @Test
    void informationalResponsesBeforeAHeadResponseDoNotShiftIt() {
        TakenResponse response = client.send(H1Client.request("HEAD", "/", -1).build());
        upstream.send("HTTP/1.1 103 Early Hints\r\nlink: a\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n");
        assertEquals(List.of("103 [link: a]", "200 [content-length: 10]|"), response.events);
        assertEquals(List.of("200 [content-length: 2]", "ok|"), respond(H1Client.OK).events);
    }

    @Test
    void a205HasNoBodyWhateverItsSenderSays() {
        TakenResponse response = respond("HTTP/1.1 205 Reset\r\ncontent-length: 4\r\n\r\nbody");
        assertEquals(List.of("205 [content-length: 0]", "|"), response.events);
        assertEquals(1, client.connection.openableStreams());
    }

    @Test
    void aResponseWithConnectionCloseEndsTheConnection() {
        TakenResponse response = respond("HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 2\r\n\r\nok");
        assertEquals(List.of("200 [content-length: 2]", "ok|"), response.events);
        assertEquals(List.of("draining", "closed"), client.told);
        assertFalse(upstream.isActive());
    }

    @Test
    void anHttp10UpstreamKeepsTheConnectionOnlyIfItSaysSo() {
        respond("HTTP/1.0 200 OK\r\nconnection: keep-alive\r\ncontent-length: 2\r\n\r\nok");
        assertEquals(1, client.connection.openableStreams());
        respond("HTTP/1.0 200 OK\r\ncontent-length: 2\r\n\r\nok");
        assertFalse(upstream.isActive());
    }

    @Test
    void aDrainingConnectionFinishesItsStreamAndCloses() {
        TakenResponse response = client.get();
        client.connection.drain();
        assertEquals(0, client.connection.openableStreams());
        upstream.send(H1Client.OK);
        assertNull(response.reset);
        assertEquals("ok|", response.events.get(1));
        assertFalse(upstream.isActive());
    }

    @Test
    void anIdleConnectionThatIsDrainedClosesAtOnce() {
        client.connection.drain();
        upstream.runPendingTasks();
        assertEquals(List.of("closed"), client.told);
    }

    @Test
    void aSecondStreamCannotBeOpenedBeforeTheFirstHasEnded() {
        client.get();
        assertThrows(IllegalStateException.class, () -> client.connection.open(new TakenResponse()));
    }

    @Test
    void aStreamThatIsGivenUpBeforeItsHeadCostsNoConnection() {
        client.connection.open(new TakenResponse()).reset(H1Server.ERROR);
        assertEquals(1, client.connection.openableStreams());
        assertEquals(List.of("200 [content-length: 2]", "ok|"), respond(H1Client.OK).events);
    }

    @Test
    void aStreamThatIsGivenUpLaterClosesTheConnectionAndHearsNothing() {
        TakenResponse response = new TakenResponse();
        ClientStream stream =
                client.start(response, H1Client.request("POST", "/", 10).build());
        stream.reset(H1Server.ERROR);
        stream.data(Heads.bytes("late"), false);
        upstream.runPendingTasks();
        assertFalse(upstream.isActive());
        assertEquals(List.of(), response.events);
        assertEquals(List.of("closed"), client.told);
    }

    private TakenResponse respond(String bytes) {
        TakenResponse response = client.get();
        upstream.send(bytes);
        return response;
    }
}
