package dev.sluice.proxy.codec.http1.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.proxy.codec.PullChannel;
import dev.sluice.proxy.codec.http1.connection.RecordedRequests.Recorded;
import dev.sluice.proxy.stream.ResponseHead;
import dev.sluice.proxy.stream.headers.H2Headers;
import io.netty.util.AsciiString;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that are as they should be, and their responses. */
class H1ServerExchangeTest {
    private final RecordedRequests app = new RecordedRequests();
    private PullChannel client;

    @BeforeEach
    void connect() throws Exception {
        client = H1Server.connect(app);
    }

    @AfterEach
    void close() {
        client.finishAndReleaseAll();
    }

    @Test
    void aRequestArrivesWithItsPartsAndEndToEndHeadersOnly() {
        client.send("GET /a?b=c HTTP/1.1\r\nHost: example:81\r\nConnection: keep-alive\r\nAccept: */*\r\n\r\n");
        Recorded request = app.only();
        assertEquals("GET http://example:81/a?b=c HTTP/1.1", request.head().toString());
        assertTrue(request.ended);
        assertEquals(1, request.head().headers().size());
        assertEquals("*/*", request.header("accept"));
    }

    @Test
    void aResponseIsWrittenWithItsLengthAndTheConnectionLivesOn() {
        client.send(H1Server.GET);
        app.only().reply(200, "hello");
        assertEquals(
                "HTTP/1.1 200 OK\r\ndate: DATE\r\ncontent-length: 5\r\n\r\nhello", H1Server.undated(client.received()));
        client.send(H1Server.GET);
        app.last().reply(404, "");
        assertEquals(
                "HTTP/1.1 404 Not Found\r\ndate: DATE\r\ncontent-length: 0\r\n\r\n",
                H1Server.undated(client.received()));
        assertTrue(client.isActive());
    }

    @Test
    void aDateOfTheUpstreamStays() {
        client.send(H1Server.GET);
        app.only().replyHead(200, 0, "Date", "Tue, 15 Nov 1994 08:12:31 GMT");
        assertEquals(
                "HTTP/1.1 200 OK\r\nDate: Tue, 15 Nov 1994 08:12:31 GMT\r\ncontent-length: 0\r\n\r\n",
                client.received());
    }

    @Test
    void aBodyOfUnknownLengthIsChunked() {
        client.send(H1Server.GET);
        Recorded request = app.only();
        request.replyHead(200, -1, "x-a", "b");
        request.data("hello", false);
        request.data("x".repeat(600), false);
        request.data("", true);
        assertEquals(
                "HTTP/1.1 200 OK\r\nx-a: b\r\ndate: DATE\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n258\r\n"
                        + "x".repeat(600) + "\r\n0\r\n\r\n",
                H1Server.undated(client.received()));
        assertTrue(client.isActive());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 15, 16, 255, 256, 511, 512, 513, 4095, 4096, 65536})
    void chunksSayTheirSize(int size) {
        client.send(H1Server.GET);
        app.only().replyHead(200, -1);
        client.received();
        app.only().data("x".repeat(size), true);
        assertEquals(Integer.toHexString(size) + "\r\n" + "x".repeat(size) + "\r\n0\r\n\r\n", client.received());
    }

    @Test
    void aRequestBodyArrivesByItsLengthHoweverItIsCut() {
        for (char c : "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello".toCharArray()) {
            client.send(String.valueOf(c));
        }
        assertEquals("hello", app.only().body.toString());
        assertTrue(app.only().ended);
        assertEquals(5, app.only().head().contentLength());
    }

    @Test
    void aChunkedRequestBodyArrivesWithoutItsFraming() {
        client.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n");
        Recorded request = app.only();
        assertEquals("hello", request.body.toString());
        assertFalse(request.ended);
        assertEquals(-1, request.head().contentLength());
        assertNull(request.header("transfer-encoding"));
        client.send("6;ext=1\r\n world\r\n0\r\n\r\n");
        assertEquals("hello world", request.body.toString());
        assertTrue(request.ended);
    }

    @Test
    void theWordChunkedMayBeInAnyCase() {
        client.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: Chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n");
        assertEquals("x", app.only().body.toString());
        assertTrue(app.only().ended);
    }

    @Test
    void contentLengthIsNormalised() {
        client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 002\r\n\r\nhi");
        assertEquals("2", app.only().header("content-length"));
        assertEquals(2, app.only().head().contentLength());
        assertEquals("hi", app.only().body.toString());
    }

    @Test
    void aGetWithABodyIsFollowedByTheNextRequestAtTheRightPlace() {
        client.send("GET /1 HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbody" + H1Server.GET);
        assertEquals("body", app.only().body.toString());
        app.only().reply(200, "");
        client.received();
        assertEquals(2, app.requests.size());
        assertEquals("/", app.last().head().path());
    }

    @Test
    void trailersArriveWithoutThoseThatMustNotBe() {
        client.send(H1Server.chunkedPost(
                "1\r\nx\r\n0\r\nX-Checksum: 1\r\nHost: evil\r\nAuthorization: x\r\nContent-Length: 3\r\n\r\n"));
        assertEquals("[X-Checksum=1]", app.only().trailers.toString());
    }

    @Test
    void onlyForbiddenTrailersAreNone() {
        client.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nHost: evil\r\n\r\n");
        assertNull(app.only().trailers);
        assertTrue(app.only().ended);
    }

    @Test
    void responseTrailersAreSentToClientsThatTakeThem() {
        client.send("GET / HTTP/1.1\r\nHost: a\r\nTE: trailers\r\nConnection: te\r\n\r\n");
        Recorded request = app.only();
        assertEquals("trailers", request.header("te"));
        request.replyHead(200, -1, "Trailer", "x-sum");
        request.data("a", false);
        request.stream.trailers(RecordedRequests.responseHead(200, -1, "x-sum", "1", "host", "evil")
                .headers());
        String response = client.received();
        assertEquals("trailer: x-sum\r\n", H1Server.line(response, "trailer"));
        assertTrue(response.endsWith("\r\n\r\n1\r\na\r\n0\r\nx-sum: 1\r\n\r\n"), response);
        assertTrue(client.isActive());
    }

    @Test
    void otherClientsGetTheEndWithoutTrailers() {
        client.send(H1Server.GET);
        Recorded request = app.only();
        request.replyHead(200, -1, "Trailer", "x-sum");
        request.stream.trailers(
                RecordedRequests.responseHead(200, -1, "x-sum", "1").headers());
        assertEquals(
                "HTTP/1.1 200 OK\r\ndate: DATE\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
                H1Server.undated(client.received()));
    }

    @Test
    void aHeadResponseHasTheLengthAndNoBody() {
        client.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n");
        app.only().stream.head(RecordedRequests.responseHead(200, 1234), true);
        assertEquals(
                "HTTP/1.1 200 OK\r\ndate: DATE\r\ncontent-length: 1234\r\n\r\n", H1Server.undated(client.received()));
        client.send(H1Server.GET);
        assertEquals(2, app.requests.size());
    }

    @Test
    void aBodyGivenToAHeadRequestIsDropped() {
        client.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n");
        app.only().replyHead(200, -1);
        app.only().data("body", true);
        assertEquals("HTTP/1.1 200 OK\r\ndate: DATE\r\n\r\n", H1Server.undated(client.received()));
    }

    @ParameterizedTest
    @ValueSource(ints = {204, 205, 304})
    void statusesWithoutBodyHaveNone(int status) {
        client.send(H1Server.GET);
        app.only().replyHead(status, 4);
        app.only().data("body", true);
        String response = client.received();
        assertTrue(response.endsWith("\r\n\r\n"), response);
        String length = status == 205 ? "content-length: 0\r\n" : status == 304 ? "content-length: 4\r\n" : "";
        assertEquals(length, H1Server.line(response, "content-length"));
        assertTrue(client.isActive());
    }

    @Test
    void configuredHeadersCannotBreakTheFraming() {
        client.send(H1Server.GET);
        app.only().replyHead(200, 2, "Transfer-Encoding", "chunked", "Connection", "close", "Upgrade", "h2c");
        app.only().data("ok", true);
        assertEquals(
                "HTTP/1.1 200 OK\r\ndate: DATE\r\ncontent-length: 2\r\n\r\nok", H1Server.undated(client.received()));
        assertTrue(client.isActive());
    }

    @Test
    void moreBytesThanDeclaredAreNeverSentAndLessIsNoEnd() {
        client.send(H1Server.GET);
        app.only().replyHead(200, 3);
        app.only().data("more", false);
        assertFalse(client.received().contains("more"));
        assertFalse(client.isActive());
    }

    @Test
    void anEndBeforeTheDeclaredLengthClosesTheConnection() {
        client.send(H1Server.GET);
        app.only().replyHead(200, 30);
        app.only().data("less", true);
        client.received();
        assertFalse(client.isActive());
    }

    @Test
    void aResetInsideAResponseClosesWithoutLastChunk() {
        client.send(H1Server.GET);
        app.only().replyHead(200, -1);
        app.only().data("part", false);
        app.only().stream.reset(H1Server.ERROR);
        String response = client.received();
        assertTrue(response.endsWith("4\r\npart\r\n"), response);
        assertFalse(client.isActive());
        assertNull(app.only().reset);
    }

    @Test
    void statusesWithoutANameAreSentToo() {
        client.send(H1Server.GET);
        app.only().reply(799, "");
        assertTrue(client.received().startsWith("HTTP/1.1 799 "));
    }

    @Test
    void headersOfHttp2AreTranslated() {
        client.send(H1Server.GET);
        H2Headers headers = H2Headers.create();
        headers.add(AsciiString.of("x-a"), "b");
        app.only().stream.head(new ResponseHead(200, headers, -1), true);
        assertEquals(
                "HTTP/1.1 200 OK\r\nx-a: b\r\ndate: DATE\r\ncontent-length: 0\r\n\r\n",
                H1Server.undated(client.received()));
    }
}
