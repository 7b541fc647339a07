package dev.sluice.proxy.e2e.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.proxy.codec.H2Spec;
import dev.sluice.proxy.e2e.fixture.Shop;
import dev.sluice.proxy.e2e.fixture.TestProxy;
import dev.sluice.proxy.e2e.fixture.TestUpstream;
import dev.sluice.proxy.e2e.fixture.WireH2;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.Http2Error;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * HTTP/2 against the whole listener, an HTTP/1.1 upstream behind it: the conformance suite, and the rules B48 to B62 of
 * spec/reliability.md, each with the bytes that break it. What is refused never reaches the upstream, and the connection
 * serves its next request.
 */
class H2ListenerIT {
    private TestUpstream upstream;
    private TestProxy proxy;
    private WireH2 client;

    @BeforeEach
    void start() throws Exception {
        upstream = new TestUpstream("v1");
        proxy = TestProxy.start(Shop.yaml(upstream.port()));
        client = connect();
    }

    @AfterEach
    void stop() throws IOException {
        client.close();
        proxy.close();
        upstream.close();
    }

    private WireH2 connect(int... settings) throws IOException {
        return new WireH2(proxy.address(8080), settings);
    }

    /** The connection is as good as before: stream 99 is answered. */
    private void assertStillServes() throws IOException {
        client.get(99, "x-good", "1");
        assertTrue(client.answer(99).contains(":status=200"));
        assertEquals(
                List.of("1"),
                upstream.seen().stream().map(seen -> seen.header("x-good")).toList());
    }

    private void assertReset(String... fields) throws IOException {
        assertEquals(
                "RST_STREAM 1 PROTOCOL_ERROR", client.headers(1, true, fields).endOf(1));
        assertStillServes();
    }

    private void assertAnswer(int status, String... fields) throws IOException {
        String answer = client.headers(1, true, fields).answer(1);
        assertTrue(answer.contains(":status=" + status), answer);
        assertStillServes();
    }

    @Test
    void everyCaseOfH2specPasses() throws Exception {
        H2Spec.Report report = H2Spec.run(
                proxy.address(8080).getAddress().getHostAddress(),
                proxy.address(8080).getPort(),
                H2Spec.ALL);
        assertEquals(0, report.failed(), report.output());
        assertTrue(report.passed() >= 140, report.output());
    }

    @Test
    void theLimitsAreAnnounced() throws IOException {
        List<String> lines = client.readUntil(line -> line.startsWith("WINDOW_UPDATE 0"));
        String settings = lines.stream()
                .filter(line -> line.startsWith("SETTINGS "))
                .findFirst()
                .orElse("");
        assertTrue(settings.contains(" 3=100"), settings);
        assertTrue(settings.contains(" 4=65536"), settings);
        assertTrue(settings.contains(" 6=61440"), settings);
        assertEquals("WINDOW_UPDATE 0 " + (1024 * 1024 - 65_535), lines.get(lines.size() - 1));
    }

    static Stream<List<String>> b48() {
        return Stream.of(
                List.of("Upper", "x"),
                List.of("connection", "close"),
                List.of("keep-alive", "1"),
                List.of("proxy-connection", "close"),
                List.of("transfer-encoding", "chunked"),
                List.of("upgrade", "websocket"),
                List.of("te", "gzip"),
                List.of("a", "b\r\nc: d"),
                List.of("a", "b\nc"),
                List.of("a", "b\0c"),
                List.of("a", " b"),
                List.of("a:b", "c"),
                List.of("a b", "c"),
                List.of("", "c"));
    }

    @ParameterizedTest
    @MethodSource("b48")
    void b48FieldsThatHttp2ForbidsResetTheStream(List<String> field) throws IOException {
        assertReset(WireH2.request("GET", field.toArray(new String[0])));
    }

    static Stream<List<String>> b49() {
        return Stream.of(
                List.of(":scheme", "http", ":authority", "shop", ":path", "/"),
                List.of(":method", "GET", ":authority", "shop", ":path", "/"),
                List.of(":method", "GET", ":scheme", "http", ":authority", "shop"),
                List.of(":method", "GET", ":method", "GET", ":scheme", "http", ":authority", "shop", ":path", "/"),
                List.of(":method", "GET", ":scheme", "http", ":authority", "shop", ":path", "/", ":color", "red"),
                List.of(":method", "GET", ":scheme", "http", ":authority", "shop", "a", "b", ":path", "/"),
                List.of(":method", "GET", ":scheme", "http", ":authority", "shop", ":path", "/", ":status", "200"));
    }

    @ParameterizedTest
    @MethodSource("b49")
    void b49BrokenPseudoHeadersResetTheStream(List<String> fields) throws IOException {
        assertReset(fields.toArray(new String[0]));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "http://shop/", "*", "/a#b", "/a b"})
    void b50ABadPathIs400(String path) throws IOException {
        assertAnswer(400, ":method", "GET", ":scheme", "http", ":authority", "shop", ":path", path);
    }

    @Test
    void b50AForeignSchemeIs400() throws IOException {
        assertAnswer(400, ":method", "GET", ":scheme", "ftp", ":authority", "shop", ":path", "/");
    }

    @ParameterizedTest
    @ValueSource(strings = {"u@shop", "sh op", "shop/"})
    void b50ABadAuthorityIs400(String authority) throws IOException {
        assertAnswer(400, ":method", "GET", ":scheme", "http", ":authority", authority, ":path", "/");
    }

    @Test
    void b51AHostThatIsNotTheAuthorityResetsTheStream() throws IOException {
        assertReset(WireH2.request("GET", "host", "other"));
    }

    @Test
    void b51AHostAloneIsTheAuthority() throws IOException {
        client.headers(1, true, ":method", "GET", ":scheme", "http", ":path", "/", "host", "alone");
        assertTrue(client.answer(1).contains(":status=200"));
        assertEquals("alone", upstream.seen().get(0).header("Host"));
    }

    @Test
    void b52FewerBytesThanDeclaredNeverCompleteARequest() throws IOException {
        client.post(1, "content-length", "5").data(1, true, "abc");
        assertEquals("RST_STREAM 1 PROTOCOL_ERROR", client.endOf(1));
        assertStillServes();
    }

    @Test
    void b52MoreBytesThanDeclaredNeverCompleteARequest() throws IOException {
        client.post(1, "content-length", "2").data(1, true, "abc");
        assertEquals("RST_STREAM 1 PROTOCOL_ERROR", client.endOf(1));
        assertStillServes();
    }

    @Test
    void b53TrailersWithPseudoHeadersNeverCompleteARequest() throws IOException {
        client.post(1).data(1, false, "abc").headers(1, true, ":path", "/other");
        assertEquals("RST_STREAM 1 PROTOCOL_ERROR", client.endOf(1));
        assertStillServes();
    }

    @Test
    void b53AContentLengthInTrailersIsDropped() throws IOException {
        client.post(1).data(1, false, "abc").headers(1, true, "content-length", "70");
        assertTrue(client.answer(1).contains(":status=200"));
        assertEquals("abc", upstream.seen().get(0).body());
    }

    @Test
    void b54CookieCrumbsBecomeOneLine() throws IOException {
        client.get(1, "cookie", "a=1", "cookie", "b=2");
        assertTrue(client.answer(1).contains(":status=200"));
        assertEquals(List.of("a=1; b=2"), upstream.seen().get(0).headers().get("Cookie"));
    }

    @Test
    void b55ARequestCrossesToHttp1() throws IOException {
        client.post(1, "x-http2-stream-id", "7", "x-http2-scheme", "ftp").data(1, true, "abc");
        assertTrue(client.answer(1).contains(":status=200"));
        TestUpstream.Seen seen = upstream.seen().get(0);
        assertEquals("shop", seen.header("Host"));
        assertEquals("chunked", seen.header("Transfer-Encoding"));
        assertEquals("abc", seen.body());
        assertNull(seen.header("x-http2-stream-id"));
        assertNull(seen.header("x-http2-scheme"));
    }

    @Test
    void b57AProtocolOnAGetResetsTheStream() throws IOException {
        assertReset(":method", "GET", ":protocol", "websocket", ":scheme", "http", ":authority", "shop", ":path", "/");
    }

    @Test
    void aTunnelThatAnHttp1UpstreamDoesNotOpenIs502WithItsReason() throws Exception {
        String[] connect = {
            ":method", "CONNECT", ":protocol", "websocket", ":scheme", "http", ":authority", "shop", ":path", "/chat"
        };
        String answer = client.headers(1, false, connect).answer(1);
        assertTrue(answer.contains(":status=502"), answer);
        assertTrue(answer.contains("x-sluice-code=UPSTREAM_PROTOCOL"), answer);
        assertEquals("websocket", upstream.seen().get(0).header("upgrade"));
        assertEquals(502, proxy.ended().status());
    }

    @Test
    void b58APlainConnectIs405() throws IOException {
        assertAnswer(405, ":method", "CONNECT", ":authority", "shop:80");
    }

    static Stream<Flood> b60() {
        byte[] request = WireH2.bytesOf(WireH2.HEADERS, WireH2.END_HEADERS, 1, WireH2.block(WireH2.request("POST")));
        byte[] openBlock = WireH2.bytesOf(WireH2.HEADERS, 0, 1, WireH2.block(WireH2.request("GET")));
        return Stream.of(
                new Flood(
                        "PING",
                        new byte[0],
                        WireH2.bytesOf(WireH2.PING, 0, 0, Unpooled.buffer().writeZero(8))),
                new Flood("SETTINGS", new byte[0], WireH2.bytesOf(WireH2.SETTINGS, 0, 0, Unpooled.buffer())),
                new Flood("DATA", request, WireH2.bytesOf(WireH2.DATA, 0, 1, Unpooled.buffer())),
                new Flood(
                        "PRIORITY",
                        new byte[0],
                        WireH2.bytesOf(
                                WireH2.PRIORITY,
                                0,
                                3,
                                Unpooled.buffer().writeInt(0).writeByte(1))),
                new Flood("CONTINUATION", openBlock, WireH2.bytesOf(WireH2.CONTINUATION, 0, 1, Unpooled.buffer())),
                new Flood(
                        "WINDOW_UPDATE",
                        new byte[0],
                        WireH2.bytesOf(
                                WireH2.WINDOW_UPDATE, 0, 0, Unpooled.buffer().writeInt(1))));
    }

    @SuppressWarnings("ArrayRecordComponent") // written once, never compared
    record Flood(String name, byte[] before, byte[] frame) {
        @Override
        public String toString() {
            return name;
        }
    }

    @ParameterizedTest
    @MethodSource("b60")
    void b60AFloodEndsItsConnectionAndNoOther(Flood flood) throws IOException {
        byte[] all = new byte[flood.before.length + 1_000 * flood.frame.length];
        System.arraycopy(flood.before, 0, all, 0, flood.before.length);
        for (int i = 0; i < 1_000; i++) {
            System.arraycopy(flood.frame, 0, all, flood.before.length + i * flood.frame.length, flood.frame.length);
        }
        assertEndsCalm(all);
    }

    @Test
    void b60RapidResetsEndTheirConnectionAndNoOther() throws IOException {
        byte[][] frames = new byte[1_000][];
        for (int i = 0; i < 500; i++) {
            frames[2 * i] =
                    WireH2.bytesOf(WireH2.HEADERS, WireH2.END_HEADERS, 2 * i + 1, WireH2.block(WireH2.request("POST")));
            frames[2 * i + 1] = WireH2.bytesOf(
                    WireH2.RST_STREAM, 0, 2 * i + 1, Unpooled.buffer().writeInt((int) Http2Error.CANCEL.code()));
        }
        assertEndsCalm(Stream.of(frames).reduce(new byte[0], H2ListenerIT::join));
        Awaitility.await("no stream of the flood is left")
                .until(() -> proxy.proxy().listeners().connections() == 1);
    }

    @Test
    void b60ResetsProvokedFromUsCountAlike() throws IOException {
        byte[][] frames = new byte[400][];
        for (int i = 0; i < frames.length; i++) {
            frames[i] = WireH2.bytesOf(
                    WireH2.HEADERS,
                    WireH2.END_HEADERS | WireH2.END_STREAM,
                    2 * i + 1,
                    WireH2.block(WireH2.request("GET", "connection", "close")));
        }
        assertEndsCalm(Stream.of(frames).reduce(new byte[0], H2ListenerIT::join));
        assertEquals(1, upstream.seen().size());
    }

    private void assertEndsCalm(byte[] flood) throws IOException {
        try (WireH2 flooder = connect()) {
            flooder.write(flood);
            List<String> lines = flooder.readUntil(line -> line.equals(WireH2.CLOSED));
            assertTrue(
                    lines.stream().anyMatch(line -> line.startsWith("GOAWAY") && line.endsWith("ENHANCE_YOUR_CALM")),
                    lines.toString());
        }
        assertStillServes();
    }

    private static byte[] join(byte[] left, byte[] right) {
        byte[] joined = Arrays.copyOf(left, left.length + right.length);
        System.arraycopy(right, 0, joined, left.length, right.length);
        return joined;
    }

    @Test
    void b62AnAdvisoryHeaderListSizeIsNoReasonToBreakOff() throws IOException {
        try (WireH2 narrow = connect(6, 1)) {
            assertTrue(narrow.get(1).answer(1).contains(":status=200"));
        }
    }

    @Test
    void b72AGrpcCallIsNeverDowngradedToHttp1() throws IOException {
        client.post(1, "content-type", "application/grpc").data(1, true, "");
        String answer = client.answer(1);
        assertTrue(answer.contains(":status=200"), answer);
        assertTrue(answer.contains("grpc-status=14"), answer);
        assertTrue(answer.endsWith(" END"), answer);
        assertStillServes();
    }

    @Test
    void oneStreamTooManyIsRefusedAndMayBeTriedAgain() throws IOException {
        for (int i = 0; i <= 100; i++) {
            client.post(2 * i + 1);
        }
        assertEquals("RST_STREAM 201 REFUSED_STREAM", client.endOf(201));
        assertTrue(client.data(1, true, "x").answer(1).contains(":status=200"));
    }

    @Test
    void aHeadWithTooManyFieldsIs431() throws IOException {
        List<String> fields = new ArrayList<>();
        for (int i = 0; i < 101; i++) {
            fields.addAll(List.of("x-" + i, "1"));
        }
        assertAnswer(431, WireH2.request("GET", fields.toArray(new String[0])));
    }

    @Test
    void aHeadThatIsTooLargeIs431() throws IOException {
        // 62 KB in frames of at most 16 KiB.
        client.frame(
                WireH2.HEADERS, WireH2.END_STREAM, 1, WireH2.block(WireH2.request("GET", "x-0", "y".repeat(15_000))));
        for (int i = 1; i <= 4; i++) {
            int last = i == 4 ? WireH2.END_HEADERS : 0;
            client.frame(WireH2.CONTINUATION, last, 1, WireH2.block("x-" + i, "y".repeat(12_000)));
        }
        String answer = client.answer(1);
        assertNotNull(answer);
        assertTrue(answer.contains(":status=431"), answer);
        assertStillServes();
    }
}
