package dev.sluice.proxy.codec.http1.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.proxy.codec.PullChannel;
import dev.sluice.proxy.codec.http1.connection.RecordedRequests.Recorded;
import dev.sluice.proxy.stream.ErrorCode;
import dev.sluice.proxy.stream.ProxyError;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that must not pass, each by the item of spec/reliability.md B that says so. */
class H1ServerRefusalTest {
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

    static Stream<Arguments> refusedHeads() {
        String h = "Host: a\r\n";
        return Stream.of(
                refused("B1 two spaces", 400, "GET  / HTTP/1.1\r\n" + h),
                refused("B1 two spaces before the version", 400, "GET /  HTTP/1.1\r\n" + h),
                refused("B1 tab", 400, "GET\t/ HTTP/1.1\r\n" + h),
                refused("B1 tab before the version", 400, "GET /\tHTTP/1.1\r\n" + h),
                refused("B1 vertical tab", 400, "GET\u000b/ HTTP/1.1\r\n" + h),
                refused("B2 leading space", 400, " GET / HTTP/1.1\r\n" + h),
                refused("B2 leading NUL", 400, "\u0000GET / HTTP/1.1\r\n" + h),
                refused("B2 leading LF", 400, "\nGET / HTTP/1.1\r\n" + h),
                refused("B2 many leading line ends", 400, "\r\n\r\n\r\nGET / HTTP/1.1\r\n" + h),
                refused("B3 space in the target", 400, "GET /a b HTTP/1.1\r\n" + h),
                refused("B3 NUL in the target", 400, "GET /a\u0000b HTTP/1.1\r\n" + h),
                refused("B3 0xFF in the target", 400, "GET /a\u00ff HTTP/1.1\r\n" + h),
                refused("B3 DEL in the target", 400, "GET /a\u007f HTTP/1.1\r\n" + h),
                refused("B4 fragment", 400, "GET /a#b HTTP/1.1\r\n" + h),
                refused("B5 HTTP/2.0", 505, "GET / HTTP/2.0\r\n" + h),
                refused("B5 HTTP/9.9", 505, "GET / HTTP/9.9\r\n" + h),
                refused("B5 HTTP/0.9", 505, "GET / HTTP/0.9\r\n" + h),
                refused("B5 lower case", 400, "GET / http/1.1\r\n" + h),
                refused("B5 HTTP/1.10", 400, "GET / HTTP/1.10\r\n" + h),
                refused("B5 HTTP/1", 400, "GET / HTTP/1\r\n" + h),
                refused("B5 no version", 400, "GET /\r\n" + h),
                refused("B5 other protocol", 400, "GET / ICAP/1.0\r\n" + h),
                refused("B6 no host", 400, "GET / HTTP/1.1\r\n"),
                refused("B6 two hosts", 400, "GET / HTTP/1.1\r\n" + h + "Host: b\r\n"),
                refused("B6 the same host twice", 400, "GET / HTTP/1.1\r\n" + h + h),
                refused("B6 list of hosts", 400, "GET / HTTP/1.1\r\nHost: a, b\r\n"),
                refused("B6 user", 400, "GET / HTTP/1.1\r\nHost: u@a\r\n"),
                refused("B6 path", 400, "GET / HTTP/1.1\r\nHost: a/b\r\n"),
                refused("B6 space", 400, "GET / HTTP/1.1\r\nHost: a b\r\n"),
                refused("B6 NUL", 400, "GET / HTTP/1.1\r\nHost: a\u0000\r\n"),
                refused("B6 empty", 400, "GET / HTTP/1.1\r\nHost:\r\n"),
                refused("B6 port of letters", 400, "GET / HTTP/1.1\r\nHost: a:b\r\n"),
                refused("B6 no host, absolute form", 400, "GET http://a/ HTTP/1.1\r\n"),
                refused("B7 HTTP/1.0 without host", 426, "GET / HTTP/1.0\r\n"),
                refused("B8 https on clear text", 400, "GET https://a/ HTTP/1.1\r\n" + h),
                refused("B8 other scheme", 400, "GET ftp://a/ HTTP/1.1\r\n" + h),
                refused("B8 user in the target", 400, "GET http://u@a/ HTTP/1.1\r\n" + h),
                refused("B8 no authority in the target", 400, "GET http:///a HTTP/1.1\r\n" + h),
                refused("B8 relative target", 400, "GET a HTTP/1.1\r\n" + h),
                refused("B9 GET *", 400, "GET * HTTP/1.1\r\n" + h),
                refused("B10 CONNECT", 405, "CONNECT a:443 HTTP/1.1\r\n" + h),
                refused("B10 CONNECT with length", 400, "CONNECT a:443 HTTP/1.1\r\n" + h + "Content-Length: 1\r\n"),
                refused("B11 space before the colon", 400, "GET / HTTP/1.1\r\n" + h + "X-A : b\r\n"),
                refused("B11 no name", 400, "GET / HTTP/1.1\r\n" + h + ": b\r\n"),
                refused("B11 no colon", 400, "GET / HTTP/1.1\r\n" + h + "X-A\r\n"),
                refused("B11 no token", 400, "GET / HTTP/1.1\r\n" + h + "X(A: b\r\n"),
                refused("B11 first header with a space", 400, "GET / HTTP/1.1\r\n X-A: b\r\n" + h),
                refused("B12 folded", 400, "GET / HTTP/1.1\r\n" + h + "X-A: b\r\n c\r\n"),
                refused("B12 folded with a tab", 400, "GET / HTTP/1.1\r\n" + h + "X-A: b\r\n\tc: d\r\n"),
                refused("B12 folded host", 400, "GET / HTTP/1.1\r\nHost: a\r\n Content-Length: 1\r\n"),
                refused("B12 empty fold", 400, "GET / HTTP/1.1\r\n" + h + "X-A: b\r\n \r\n"),
                refused("B13 bare LF after the request line", 400, "GET / HTTP/1.1\n" + h),
                refused("B13 bare LF after a header", 400, "GET / HTTP/1.1\r\nHost: a\n"),
                refused("B13 bare CR in the request line", 400, "GET /\rHTTP/1.1\r\n" + h),
                refused("B13 bare CR in a value", 400, "GET / HTTP/1.1\r\n" + h + "X-A: b\rc\r\n"),
                refused("B13 NUL in a value", 400, "GET / HTTP/1.1\r\n" + h + "X-A: b\u0000c\r\n"),
                refused("B13 NUL in a name", 400, "GET / HTTP/1.1\r\n" + h + "X\u0000A: b\r\n"),
                refused("B13 control character in a value", 400, "GET / HTTP/1.1\r\n" + h + "X-A: \u0001\r\n"),
                refused("B13 control character in the method", 400, "G\u0001T / HTTP/1.1\r\n" + h),
                refused("B14 content_length", 400, "GET / HTTP/1.1\r\n" + h + "Content_Length: 1\r\n"),
                refused("B14 transfer_encoding", 400, "GET / HTTP/1.1\r\n" + h + "transfer_encoding: chunked\r\n"),
                refused("B15 101 headers", 431, "GET / HTTP/1.1\r\n" + h + "X-A: b\r\n".repeat(100)),
                refused("B15 too much", 431, "GET / HTTP/1.1\r\n" + h + "X-A: " + "b".repeat(61_440) + "\r\n"),
                refused("B15 too long", 414, "GET /" + "a".repeat(61_440) + " HTTP/1.1\r\n" + h),
                refused("B17 both framings", 400, post("Content-Length: 3\r\nTransfer-Encoding: chunked\r\n")),
                refused("B17 both, the other order", 400, post("Transfer-Encoding: chunked\r\nContent-Length: 3\r\n")),
                refused("B17 both in HTTP/1.0", 400, old("Content-Length: 3\r\nTransfer-Encoding: chunked\r\n")),
                refused("B17 chunked in HTTP/1.0", 400, old("Transfer-Encoding: chunked\r\n")),
                refused("B18 two lengths", 400, post("Content-Length: 1\r\nContent-Length: 2\r\n")),
                refused("B18 the same length twice", 400, post("Content-Length: 2\r\nContent-Length: 2\r\n")),
                refused("B18 two lengths in HTTP/1.0", 400, old("Content-Length: 1\r\nContent-Length: 2\r\n")),
                refused("B18 list", 400, post("Content-Length: 2, 2\r\n")),
                refused("B18 plus", 400, post("Content-Length: +2\r\n")),
                refused("B18 minus", 400, post("Content-Length: -1\r\n")),
                refused("B18 hexadecimal", 400, post("Content-Length: 0x2\r\n")),
                refused("B18 empty", 400, post("Content-Length:\r\n")),
                refused("B18 20 digits", 400, post("Content-Length: 99999999999999999999\r\n")),
                refused("B18 two numbers", 400, post("Content-Length: 1 2\r\n")),
                refused("B18 underscore", 400, post("Content-Length: 1_0\r\n")),
                refused("B19 not chunked", 400, post("Transfer-Encoding: gzip\r\n")),
                refused("B19 chunked first", 400, post("Transfer-Encoding: chunked, gzip\r\n")),
                refused("B19 parameter", 400, post("Transfer-Encoding: chunked;q=1\r\n")),
                refused("B19 twice", 400, post("Transfer-Encoding: chunked, chunked\r\n")),
                refused("B19 two lines", 400, post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n")),
                refused(
                        "B19 two lines, other first",
                        400,
                        post("Transfer-Encoding: x\r\nTransfer-Encoding: chunked\r\n")),
                refused("B19 vertical tab", 400, post("Transfer-Encoding: \u000bchunked\r\n")),
                refused("B19 empty", 400, post("Transfer-Encoding:\r\n")),
                refused("B19 comma", 400, post("Transfer-Encoding: ,chunked\r\n")),
                refused("B19 gzip", 501, post("Transfer-Encoding: gzip, chunked\r\n")),
                refused("B19 identity", 501, post("Transfer-Encoding: identity, chunked\r\n")),
                refused("B19 like chunked", 400, post("Transfer-Encoding: xchunked\r\n")),
                refused("B26 unknown expectation", 417, post("Content-Length: 1\r\nExpect: a-pony\r\n")),
                refused(
                        "A4 body of a 2010 draft",
                        400,
                        "GET / HTTP/1.1\r\n" + h + "Sec-WebSocket-Key1: 1\r\nSec-WebSocket-Key2: 2\r\n"),
                refused(
                        "B28 endless connection",
                        400,
                        "GET / HTTP/1.1\r\n" + h + "Connection: " + "a,".repeat(99) + "\r\n"));
    }

    @ParameterizedTest(name = "{0} is {1}")
    @MethodSource("refusedHeads")
    void isRefusedBeforeAnythingGoesUpstreamAndTheConnectionIsClosed(String item, int status, String head) {
        client.send(head + "\r\nbody" + H1Server.GET);
        Recorded refused = app.only();
        assertNotNull(refused.refusal);
        assertEquals(status, refused.refusal.code().status());
        assertEquals(ProxyError.Origin.DOWNSTREAM, refused.refusal.origin());
        String response = client.received();
        assertEquals(status, H1Server.status(response));
        assertEquals("connection: close\r\n", H1Server.line(response, "connection"));
        assertTrue(client.isOutputShutdown());
        client.sendFin();
        assertFalse(client.isActive());
        assertEquals(1, app.requests.size());
    }

    @ParameterizedTest(name = "{0} is {1}")
    @MethodSource("refusedHeads")
    void isRefusedHoweverItIsCut(String item, int status, String head) {
        int step = Math.max(7, head.length() / 50);
        for (int i = 0; i < head.length(); i += step) {
            client.send(head.substring(i, Math.min(head.length(), i + step)));
        }
        client.send("\r\n");
        assertNotNull(app.only().refusal);
        assertEquals(status, app.only().refusal.code().status());
    }

    static Stream<Arguments> refusedChunks() {
        return Stream.of(
                Arguments.of("B20 0x", "0x2\r\nab\r\n0\r\n\r\n"),
                Arguments.of("B20 plus", "+2\r\nab\r\n0\r\n\r\n"),
                Arguments.of("B20 minus", "-2\r\nab\r\n0\r\n\r\n"),
                Arguments.of("B20 leading space", " 2\r\nab\r\n0\r\n\r\n"),
                Arguments.of("B20 trailing space", "2 \r\nab\r\n0\r\n\r\n"),
                Arguments.of("B20 underscore", "0_2\r\nab\r\n0\r\n\r\n"),
                Arguments.of("B20 2^31", "80000000\r\nab\r\n0\r\n\r\n"),
                Arguments.of("B20 17 digits", "10000000000000002\r\nab\r\n0\r\n\r\n"),
                Arguments.of("B20 empty", "\r\nab\r\n0\r\n\r\n"),
                Arguments.of("B20 letters", "xyz\r\nab\r\n0\r\n\r\n"),
                Arguments.of("B20 bare LF after the size", "2\nab\r\n0\r\n\r\n"),
                Arguments.of("B20 bare LF after the data", "2\r\nab\n0\r\n\r\n"),
                Arguments.of("B20 no line end after the data", "2\r\nab0\r\n\r\n"),
                Arguments.of("B20 spill", "2\r\nabc\r\n0\r\n\r\n"),
                Arguments.of("B21 extension over 4 KiB", "2;" + "e".repeat(5_000) + "\r\nab\r\n0\r\n\r\n"),
                Arguments.of("B21 quoted line end", "2;a=\"\r\n\"\r\nab\r\n0\r\n\r\n"),
                Arguments.of("B21 leading zeros without end", "0".repeat(5_000) + "2\r\nab\r\n0\r\n\r\n"),
                Arguments.of("B13 bare LF in trailers", "0\r\nx: y\n\r\n"),
                Arguments.of("B13 NUL in trailers", "0\r\nx: \u0000\r\n\r\n"),
                Arguments.of("B15 101 trailers", "0\r\n" + "x: y\r\n".repeat(101) + "\r\n"),
                Arguments.of("B15 too large trailers", "0\r\nx: " + "y".repeat(61_440) + "\r\n\r\n"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refusedChunks")
    void aBodyWithBrokenFramingIsNeverEndedAndAnswered400(String item, String body) {
        client.send(H1Server.chunkedPost(body) + H1Server.GET);
        Recorded request = app.only();
        assertNotNull(request.reset);
        assertEquals(ErrorCode.BAD_REQUEST, request.reset.code());
        assertFalse(request.ended);
        String response = client.received();
        assertEquals(400, H1Server.status(response));
        assertEquals("x-sluice-code: BAD_REQUEST\r\n", H1Server.line(response, "x-sluice-code"));
        client.sendFin();
        assertFalse(client.isActive());
    }

    @Test
    void aBodyThatBreaksAfterTheResponseBeganClosesTheConnection() {
        client.send(H1Server.chunkedPost("1\r\na\r\n"));
        app.only().replyHead(200, 10);
        client.received();
        client.send("zz\r\n");
        assertNotNull(app.only().reset);
        assertEquals("", client.received());
        assertFalse(client.isActive());
    }

    @Test
    void extensionsOfOneBodyAreLimitedInSum() {
        client.send(H1Server.chunkedPost(""));
        String chunk = "1;" + "e".repeat(2_000) + "\r\na\r\n";
        for (int i = 0; i < 8; i++) {
            client.send(chunk);
            assertNull(app.only().reset);
        }
        client.send(chunk);
        assertNotNull(app.only().reset);
    }

    @Test
    void manySmallChunksWithoutExtensionsAreFine() {
        client.send(H1Server.chunkedPost("1\r\na\r\n".repeat(10_000) + "0\r\n\r\n"));
        assertEquals(10_000, app.only().body.length());
        assertTrue(app.only().ended);
    }

    @Test
    void whatCouldBeReadOfARefusedRequestIsToldForTheLog() {
        client.send("PUT /x HTTP/1.1\r\nHost: a\r\nUser-Agent: t\r\nContent-Length: -1\r\n\r\n");
        Recorded refused = app.only();
        assertEquals("PUT http://a/x HTTP/1.1", refused.head().toString());
        assertEquals("t", refused.header("user-agent"));
        assertNull(refused.header("host"));
    }

    @Test
    void ofARequestWithoutReadableFirstLineNothingIsTold() {
        client.send(H1Server.GET);
        app.only().reply(200, "");
        client.send("???\r\n\r\n");
        assertNull(app.last().refusedHead);
        assertNotNull(app.last().refusal);
    }

    @Test
    void theRequestsBeforeARefusedOneAreServed() {
        client.send(H1Server.GET + "GET / HTTP/1.1\r\n\r\n");
        assertEquals(1, app.requests.size());
        app.only().reply(200, "first");
        String responses = client.received();
        assertTrue(responses.contains("first"), responses);
        assertTrue(responses.contains("HTTP/1.1 400 "), responses);
        assertTrue(client.isOutputShutdown());
    }

    @Test
    void traceIsRefusedAndTheConnectionLivesOn() {
        client.send("TRACE / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi" + H1Server.GET);
        assertEquals(405, H1Server.status(client.received()));
        assertEquals(2, app.requests.size());
        assertNull(app.last().refusal);
        assertTrue(client.isActive());
    }

    @Test
    void optionsThatMayNotBeForwardedIsAnsweredHere() {
        client.send("OPTIONS / HTTP/1.1\r\nHost: a\r\nMax-Forwards: 0\r\n\r\n");
        assertEquals(ErrorCode.DIRECT_RESPONSE, app.only().refusal.code());
        assertEquals(200, H1Server.status(client.received()));
        client.send("OPTIONS / HTTP/1.1\r\nHost: a\r\nMax-Forwards: 5\r\n\r\n");
        assertEquals("4", app.last().header("max-forwards"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\r\n", "\r\n\r\n"})
    void aFewEmptyLinesAheadOfARequestAreSkipped(String lines) {
        client.send(lines + H1Server.GET);
        assertNull(app.only().refusal);
        app.only().reply(200, "");
        client.send(lines + H1Server.GET);
        assertEquals(2, app.requests.size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP/1.2", "HTTP/1.9"})
    void aLaterMinorVersionIsReadAs11(String version) {
        client.send("POST / " + version + "\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n");
        assertEquals("POST http://a/ HTTP/1.1", app.only().head().toString());
        assertEquals("x", app.only().body.toString());
    }

    @Test
    void theAbsoluteFormsAuthorityWinsOverHost() {
        client.send("GET http://b:81/p?q HTTP/1.1\r\nHost: a\r\n\r\n");
        assertEquals("GET http://b:81/p?q HTTP/1.1", app.only().head().toString());
        assertEquals(0, app.only().head().headers().size());
        app.only().reply(200, "");
        client.send("GET HTTP://b?q HTTP/1.1\r\nHost: a\r\n\r\n");
        assertEquals("GET http://b/?q HTTP/1.1", app.last().head().toString());
        app.last().reply(200, "");
        client.send("OPTIONS http://b HTTP/1.1\r\nHost: a\r\n\r\n");
        assertEquals("OPTIONS http://b* HTTP/1.1", app.last().head().toString());
    }

    @Test
    void optionsForTheWholeServerKeepsItsTarget() {
        client.send("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n");
        assertEquals("*", app.only().head().path());
        assertEquals("a", app.only().head().authority());
    }

    @Test
    void otherHeadersWithUnderscoresPass() {
        client.send("GET / HTTP/1.1\r\nHost: a\r\nX_A: b\r\n\r\n");
        assertEquals("b", app.only().header("x_a"));
    }

    @Test
    void singletonsThatComeTwicePassInOrder() {
        client.send("GET / HTTP/1.1\r\nHost: a\r\nCookie: a=1\r\nAuthorization: x\r\nCookie: b=2\r\n\r\n");
        assertEquals(
                "[Cookie=a=1, Authorization=x, Cookie=b=2]",
                app.only().head().headers().toString());
    }

    @Test
    void oneHundredHeadersPass() {
        client.send("GET / HTTP/1.1\r\nHost: a\r\n" + "X-A: b\r\n".repeat(99) + "\r\n");
        assertEquals(99, app.only().head().headers().size());
    }

    @Test
    void whatNettysTranslatorsReadIsTakenOff() {
        client.send("GET / HTTP/1.1\r\nHost: a\r\nX-Http2-Path: /evil\r\nx-http2-stream-id: 3\r\nX-H: 1\r\n\r\n");
        assertEquals("[X-H=1]", app.only().head().headers().toString());
    }

    @Test
    void aHeadThatTakesTooLongIsAnswered408() {
        client.send("GET / HTTP/1.1\r\nHo");
        client.pass(59, TimeUnit.SECONDS);
        assertEquals(0, app.requests.size());
        client.send("st: a\r\n");
        client.pass(2, TimeUnit.SECONDS);
        assertEquals(ErrorCode.REQUEST_TIMEOUT, app.only().refusal.code());
        assertEquals(408, H1Server.status(client.received()));
        client.pass(2, TimeUnit.SECONDS);
        assertFalse(client.isActive());
    }

    @Test
    void aHeadThatIsInTimeIsNotTimedAnyMore() {
        client.send("GET / HTTP/1.1\r\nHo");
        client.pass(50, TimeUnit.SECONDS);
        client.send("st: a\r\n\r\n");
        client.pass(100, TimeUnit.SECONDS);
        app.only().reply(200, "");
        assertEquals(200, H1Server.status(client.received()));
    }

    @Test
    void aHeadThatEndsWithTheConnectionIsAnswered400() {
        client.send("GET / HTTP/1.1\r\nHost: a\r\n").sendFin();
        assertEquals(400, H1Server.status(client.received()));
        assertFalse(client.isActive());
    }

    private static Arguments refused(String item, int status, String head) {
        return Arguments.of(item, status, head);
    }

    private static String post(String headers) {
        return "POST / HTTP/1.1\r\nHost: a\r\n" + headers;
    }

    private static String old(String headers) {
        return "POST / HTTP/1.0\r\nHost: a\r\n" + headers;
    }
}
