package dev.sluice.proxy.codec.http1.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.proxy.codec.Heads;
import dev.sluice.proxy.codec.PullChannel;
import dev.sluice.proxy.codec.TakenResponse;
import dev.sluice.proxy.stream.ClientStream;
import dev.sluice.proxy.stream.ErrorCode;
import dev.sluice.proxy.stream.ProxyError;
import dev.sluice.proxy.stream.headers.HeaderOverlay;
import io.netty.channel.socket.ChannelOutputShutdownEvent;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Upstreams that break the protocol, and uploads that cannot be finished, by the items of spec/reliability.md B4 and B5. */
class H1ClientFaultTest {
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

    static Stream<Arguments> brokenResponses() {
        String ok = "HTTP/1.1 200 OK\r\n";
        return Stream.of(
                broken("B15 101 headers", ok + "X-A: b\r\n".repeat(101) + "\r\n"),
                broken("B15 too large", ok + "X-A: " + "b".repeat(61_440) + "\r\n\r\n"),
                broken("B15 too long a line", "HTTP/1.1 200 " + "b".repeat(61_440) + "\r\n\r\n"),
                broken("B33 101 unasked", "HTTP/1.1 101 Switching\r\nUpgrade: websocket\r\n\r\n"),
                broken("B35 both framings", ok + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n"),
                broken("B35 two lengths", ok + "Content-Length: 3\r\nContent-Length: 4\r\n\r\n"),
                broken("B35 the same length twice", ok + "Content-Length: 3\r\nContent-Length: 3\r\n\r\n"),
                broken("B35 two lengths in 1.0", "HTTP/1.0 200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\n"),
                broken("B35 bad length", ok + "Content-Length: -3\r\n\r\n"),
                broken("B35 chunked in 1.0", "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"),
                broken("B35 bare LF", "HTTP/1.1 200 OK\nContent-Length: 0\n\n"),
                broken("B35 control character", ok + "X-A: \u0001\r\n\r\n"),
                broken("B35 NUL", ok + "X-A: \u0000\r\n\r\n"),
                broken("B36 99", "HTTP/1.1 99 No\r\n\r\n"),
                broken("B36 099", "HTTP/1.1 099 No\r\n\r\n"),
                broken("B36 1000", "HTTP/1.1 1000 No\r\n\r\n"),
                broken("B36 +20", "HTTP/1.1 +20 No\r\n\r\n"),
                broken("B36 letters", "HTTP/1.1 abc No\r\n\r\n"),
                broken("B36 no status", "HTTP/1.1\r\n\r\n"),
                broken("B36 HTTP/2.0", "HTTP/2.0 200 OK\r\n\r\n"),
                broken("B36 HTTP/1.9", "HTTP/1.9 200 OK\r\n\r\n"),
                broken("B36 lower case", "http/1.1 200 OK\r\n\r\n"),
                broken("B36 other protocol", "ICY 200 OK\r\n\r\n"),
                broken("B36 garbage", "\u0016\u0003\u0001\u0002\r\n\r\n"),
                broken("B40 gzip", ok + "Transfer-Encoding: gzip\r\n\r\n"),
                broken("B40 gzip, chunked", ok + "Transfer-Encoding: gzip, chunked\r\n\r\n"),
                broken("B32 too many 1xx", "HTTP/1.1 103 Hints\r\n\r\n".repeat(33)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("brokenResponses")
    void aBrokenHeadResetsTheStreamAndClosesTheConnection(String item, String response) {
        TakenResponse taken = client.get();
        upstream.send(response + H1Client.OK);
        assertEquals(ErrorCode.UPSTREAM_PROTOCOL, taken.reset.code());
        assertEquals(ProxyError.Origin.UPSTREAM, taken.reset.origin());
        assertNull(taken.head);
        assertFalse(upstream.isActive());
        assertEquals(List.of("closed"), client.told);
    }

    static Stream<Arguments> brokenBodies() {
        String chunked = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nab\r\n";
        return Stream.of(
                broken("size", chunked + "zz\r\n"),
                broken("no line end after the data", chunked + "2\r\nabc\r\n"),
                broken("bare LF", chunked + "2\nab"),
                broken("bad trailer", chunked + "0\r\nx\r\n\r\n"),
                broken("long extension", chunked + "2;" + "e".repeat(5_000) + "\r\nab\r\n"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("brokenBodies")
    void aBrokenBodyIsResetAndNeverEnded(String item, String response) {
        TakenResponse taken = client.get();
        upstream.send(response);
        assertEquals(ErrorCode.UPSTREAM_PROTOCOL, taken.reset.code());
        assertTrue(taken.events.stream().noneMatch(event -> event.endsWith("|")), taken.events.toString());
        assertFalse(upstream.isActive());
    }

    @ParameterizedTest
    @ValueSource(ints = {600, 799, 999})
    void unusualStatusesPass(int status) {
        TakenResponse taken = client.get();
        upstream.send("HTTP/1.1 " + status + " Odd\r\ncontent-length: 0\r\n\r\n");
        assertEquals(status, taken.head.status());
    }

    @Test
    void asMany1xxAsTheLimitAllowsPass() {
        TakenResponse taken = client.get();
        upstream.send("HTTP/1.1 103 Hints\r\n\r\n".repeat(32) + H1Client.OK);
        assertEquals(34, taken.events.size());
        assertNull(taken.reset);
    }

    @Test
    void foldedHeadersAndSpaceBeforeTheColonAreMadeProper() {
        TakenResponse taken = client.get();
        upstream.send("HTTP/1.1 200 OK\r\nX-A: b\r\n c\r\nX-D : e\r\ncontent-length: 0\r\n\r\n");
        assertEquals(List.of("200 [X-A: b c, X-D: e, content-length: 0]|"), taken.events);
    }

    // ---- early responses (B42)

    @Test
    void anEarlyResponseIsRelayedAndTheUploadStops() {
        TakenResponse taken = new TakenResponse();
        ClientStream stream =
                client.start(taken, H1Client.request("POST", "/", 100_000).build());
        stream.data(Heads.bytes("first"), false);
        upstream.received();
        upstream.send("HTTP/1.1 413 Too Large\r\ncontent-length: 2\r\n\r\nno");
        assertEquals(List.of("413 [content-length: 2]", "no|"), taken.events);
        assertFalse(upstream.isActive());
        stream.data(Heads.bytes("rest"), false);
        assertTrue(stream.isWritable());
        assertEquals(List.of("closed"), client.told);
    }

    @Test
    void anEarlyHeadDoesNotStopTheUpload() {
        TakenResponse taken = new TakenResponse();
        ClientStream stream =
                client.start(taken, H1Client.request("POST", "/", -1).build());
        upstream.send("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n");
        upstream.received();
        stream.data(Heads.bytes("a"), false);
        assertEquals("1\r\na\r\n", upstream.received());
        upstream.send("1\r\na\r\n");
        stream.data(Heads.bytes(""), true);
        upstream.send("0\r\n\r\n");
        assertEquals(List.of("200 []", "a", "|"), taken.events);
        assertEquals(List.of("available"), client.told);
    }

    @Test
    void theAnswerToAnUploadThatCannotBeWrittenIsStillRead() {
        TakenResponse taken = new TakenResponse();
        ClientStream stream =
                client.start(taken, H1Client.request("POST", "/", 100_000).build());
        upstream.received();
        upstream.blockWrites(true);
        stream.data(Heads.bytes("x".repeat(70_000)), false);
        assertFalse(stream.isWritable());
        // What Netty does when a write fails and AUTO_CLOSE is off.
        upstream.pipeline().fireExceptionCaught(new IOException("Broken pipe"));
        upstream.pipeline().fireUserEventTriggered(ChannelOutputShutdownEvent.INSTANCE);
        assertEquals(List.of("writable"), taken.events);
        stream.data(Heads.bytes("rest"), false);
        upstream.send("HTTP/1.1 413 Too Large\r\ncontent-length: 2\r\n\r\nno");
        assertEquals(List.of("writable", "413 [content-length: 2]", "no|"), taken.events);
        assertFalse(upstream.isActive());
    }

    // ---- requests that contradict themselves

    @ParameterizedTest
    @ValueSource(strings = {"too much", "less"})
    void aBodyThatDoesNotFitItsLengthIsNotPassedOffAsComplete(String body) {
        TakenResponse taken = new TakenResponse();
        ClientStream stream =
                client.start(taken, H1Client.request("POST", "/", 6).build());
        stream.data(Heads.bytes(body), true);
        assertFalse(upstream.received().contains(body));
        assertEquals(ErrorCode.INTERNAL, taken.reset.code());
        assertFalse(upstream.isActive());
    }

    @Test
    void aHeadThatDeclaresABodyAndHasNoneIsNotSent() {
        TakenResponse taken = client.send(H1Client.request("POST", "/", 6).build());
        assertEquals(ErrorCode.INTERNAL, taken.reset.code());
        assertEquals("", upstream.received());
    }

    // ---- closing from our side

    @Test
    void closingResetsTheStreamInFlight() {
        TakenResponse taken = client.get();
        client.connection.close(H1Server.ERROR);
        upstream.runPendingTasks();
        assertEquals(H1Server.ERROR, taken.reset);
        assertEquals(List.of("closed"), client.told);
    }

    // ---- backpressure

    @Test
    void aPausedResponseIsNotReadBeyondALimitAndComesBackInOrder() {
        TakenResponse taken = new TakenResponse();
        ClientStream stream = client.connection.open(taken);
        stream.head(H1Client.get("/"), HeaderOverlay.NONE, true);
        stream.responseGate().pause();
        upstream.send("HTTP/1.1 200 OK\r\ncontent-length: 1000000\r\n\r\n");
        for (int i = 0; i < 100; i++) {
            upstream.send("x".repeat(10_000));
        }
        assertEquals(List.of(), taken.events);
        assertTrue(upstream.unread() > 900_000, upstream.unread() + " unread");
        stream.responseGate().resume();
        upstream.runPendingTasks();
        assertEquals(1_000_000, taken.bytes);
        assertEquals(List.of("available"), client.told);
    }

    private static Arguments broken(String item, String response) {
        return Arguments.of(item, response);
    }
}
