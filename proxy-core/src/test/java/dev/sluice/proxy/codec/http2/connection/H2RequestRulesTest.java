package dev.sluice.proxy.codec.http2.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.sluice.proxy.codec.HeaderTranslation;
import dev.sluice.proxy.codec.Heads;
import dev.sluice.proxy.codec.RawH2;
import dev.sluice.proxy.codec.TakenRequests;
import dev.sluice.proxy.stream.ErrorCode;
import dev.sluice.proxy.stream.HttpVersion;
import dev.sluice.proxy.stream.RequestHead;
import io.netty.buffer.ByteBuf;
import io.netty.util.AsciiString;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** spec/reliability.md B48 to B55: what the head and the trailers of a request must not say, and what becomes of it. */
class H2RequestRulesTest {
    private final H2Server server = new H2Server();
    private final TakenRequests requests = server.requests;
    private final RawH2 client = server.client;

    @AfterEach
    void close() {
        client.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Upper|x",
                "connection|close",
                "keep-alive|5",
                "proxy-connection|close",
                "transfer-encoding|chunked",
                "upgrade|websocket",
                "te|gzip",
                "te|trailers, gzip",
                "a:b|x",
                "a b|x",
                "''|x",
                "a|' x'",
                "a|'x '"
            })
    void b48AFieldThatHttp2ForbidsResetsTheStream(String name, String value) {
        server.assertReset(RawH2.request("GET", name, value));
    }

    @ParameterizedTest
    @ValueSource(strings = {"x\r\nhost: evil", "x\n", "x\r", "a\0b", "\u0001", "a\u007f", "\tx", "x\t"})
    void b48AValueWithControlCharactersResetsTheStream(String value) {
        server.assertReset(RawH2.request("GET", "a", value));
    }

    @Test
    void b48TeTrailersPasses() {
        client.get(1, "te", "trailers");
        assertEquals(List.of("te: trailers"), Heads.lines(requests.last().head.headers()));
    }

    static Stream<List<String>> brokenPseudoHeaders() {
        return Stream.of(
                List.of(":scheme", "http", ":authority", "shop", ":path", "/"),
                List.of(":method", "GET", ":authority", "shop", ":path", "/"),
                List.of(":method", "GET", ":scheme", "http", ":authority", "shop"),
                List.of(":method", "GET", ":method", "GET", ":scheme", "http", ":authority", "shop", ":path", "/"),
                List.of(":method", "GET", ":scheme", "http", ":authority", "shop", ":path", "/", ":path", "/a"),
                List.of(":method", "GET", ":scheme", "http", ":authority", "shop", ":path", "/", ":color", "red"),
                List.of(":method", "GET", ":scheme", "http", ":authority", "shop", "a", "b", ":path", "/"),
                List.of(":method", "GET", ":scheme", "http", ":authority", "shop", ":path", "/", ":status", "200"),
                List.of(":method", "GET", ":scheme", "http", ":authority", "shop", ":path", ""),
                List.of(":method", "G T", ":scheme", "http", ":authority", "shop", ":path", "/"));
    }

    @ParameterizedTest
    @MethodSource("brokenPseudoHeaders")
    void b49BrokenPseudoHeadersResetTheStream(List<String> fields) {
        server.assertReset(fields.toArray(String[]::new));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "http://shop/", "*", "/a#b", "/a b", "/\u00ff", "//a\u0080"})
    void b50ABadPathIsRefused(String path) {
        server.assertRefused(
                ErrorCode.BAD_REQUEST, ":method", "GET", ":scheme", "http", ":authority", "shop", ":path", path);
        RequestHead head = requests.refused.get(0).head();
        assertEquals(path, head == null ? "" : head.path());
    }

    @Test
    void b50AnAsteriskIsForOptions() {
        client.headers(1, true, ":method", "OPTIONS", ":scheme", "http", ":authority", "shop", ":path", "*");
        assertEquals("OPTIONS", requests.last().head.method());
        assertEquals("*", requests.last().head.path());
    }

    @ParameterizedTest
    @ValueSource(strings = {"ftp", "httpss", "http:"})
    void b50AForeignSchemeIsRefused(String scheme) {
        server.assertRefused(
                ErrorCode.BAD_REQUEST, ":method", "GET", ":scheme", scheme, ":authority", "shop", ":path", "/");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b", "user@shop", "shop/x", "shop:port", "a,b", "shop:123456"})
    void b50ABadAuthorityIsRefused(String authority) {
        server.assertRefused(
                ErrorCode.BAD_REQUEST, ":method", "GET", ":scheme", "http", ":authority", authority, ":path", "/");
    }

    @Test
    void b50NoAuthorityAtAllIsRefused() {
        server.assertRefused(ErrorCode.BAD_REQUEST, ":method", "GET", ":scheme", "http", ":path", "/");
    }

    @Test
    void b51HostAndAuthorityMustAgree() {
        server.assertReset(RawH2.request("GET", "host", "other"));
    }

    @Test
    void b51TwoHostsResetTheStream() {
        server.assertReset(RawH2.request("GET", "host", "shop", "host", "shop"));
    }

    @Test
    void b51HostAloneIsTheAuthority() {
        client.headers(1, true, ":method", "GET", ":scheme", "http", ":path", "/", "host", "shop:80");
        assertEquals("shop:80", requests.last().head.authority());
        assertEquals(List.of(), Heads.lines(requests.last().head.headers()));
    }

    @Test
    void b51AnEqualHostIsTakenOff() {
        client.get(1, "host", "SHOP");
        assertEquals("shop", requests.last().head.authority());
        assertEquals(List.of(), Heads.lines(requests.last().head.headers()));
    }

    @Test
    void b52FewerBytesThanDeclaredResetTheStream() {
        client.post(1, "content-length", "5").data(1, true, "abc");
        assertEquals(5, requests.last().head.contentLength());
        assertEquals(List.of("reset BAD_REQUEST"), requests.last().events);
        assertEquals(List.of("RST_STREAM 1 PROTOCOL_ERROR"), client.received());
    }

    @Test
    void b52MoreBytesThanDeclaredResetTheStream() {
        client.post(1, "content-length", "2").data(1, false, "abc");
        assertEquals(List.of("reset BAD_REQUEST"), requests.last().events);
        assertEquals(List.of("RST_STREAM 1 PROTOCOL_ERROR"), client.received());
    }

    @Test
    void b52ADeclaredBodyThatNeverComesResetsTheStream() {
        server.assertReset(RawH2.request("POST", "content-length", "5"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "+2", "0x2", "2,3", "99999999999999999999"})
    void b52ABrokenContentLengthResetsTheStream(String length) {
        server.assertReset(RawH2.request("POST", "content-length", length));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {":path|/", ":status|200", "Upper|x", "connection|close", "a|'x '"})
    void b53MalformedTrailersResetTheStream(String name, String value) {
        client.post(1).data(1, false, "a").headers(1, true, name, value);
        assertEquals(List.of("a", "reset BAD_REQUEST"), requests.last().events);
        assertEquals(List.of("RST_STREAM 1 PROTOCOL_ERROR"), client.received());
    }

    @Test
    void b53ForbiddenTrailersAreDropped() {
        client.post(1)
                .headers(
                        1,
                        true,
                        "content-length",
                        "9",
                        "host",
                        "x",
                        "authorization",
                        "x",
                        "set-cookie",
                        "x",
                        "x-sum",
                        "1");
        assertEquals(List.of("trailers [x-sum: 1]"), requests.last().events);
    }

    @Test
    void b53HeadersThatDoNotEndTheRequestAreNoTrailers() {
        client.post(1).headers(1, false, "x-sum", "1");
        assertEquals(List.of("reset BAD_REQUEST"), requests.last().events);
        assertEquals(List.of("RST_STREAM 1 PROTOCOL_ERROR"), client.received());
    }

    @Test
    void b54CookieCrumbsStayApartInsideHttp2() {
        client.get(1, "cookie", "a=1", "cookie", "b=2");
        assertEquals(
                List.of("cookie: a=1", "cookie: b=2"),
                Heads.lines(requests.last().head.headers()));
        assertEquals(
                "a=1; b=2",
                HeaderTranslation.toH1(requests.last().head.headers()).get(AsciiString.of("cookie")));
    }

    @Test
    void b55NettysCarriersAreTakenOff() {
        client.get(1, "x-http2-stream-id", "7", "a", "1", "x-http2-scheme", "https");
        assertEquals(List.of("a: 1"), Heads.lines(requests.last().head.headers()));
    }

    @Test
    void traceIsNotAllowed() {
        server.assertRefused(ErrorCode.METHOD_NOT_ALLOWED, RawH2.request("TRACE"));
    }

    @Test
    void anUnknownExpectationIsRefused() {
        server.assertRefused(ErrorCode.EXPECTATION_FAILED, RawH2.request("POST", "expect", "tea"));
    }

    @Test
    void anEmptyExpectationIsNone() {
        client.headers(1, false, RawH2.request("POST", "expect", ""));
        assertFalse(requests.last().head.expectContinue());
        assertEquals(List.of(), Heads.lines(requests.last().head.headers()));
    }

    @Test
    void anExpectationWithoutABodyIsDropped() {
        client.get(1, "expect", "100-continue");
        assertFalse(requests.last().head.expectContinue());
        assertEquals(List.of(), Heads.lines(requests.last().head.headers()));
    }

    @Test
    void b27MaxForwardsOfZeroIsAnsweredHere() {
        server.assertRefused(ErrorCode.DIRECT_RESPONSE, RawH2.request("OPTIONS", "max-forwards", "0"));
    }

    @Test
    void b27MaxForwardsIsCountedDownForOptionsOnly() {
        client.headers(1, true, RawH2.request("OPTIONS", "max-forwards", "7")).get(3, "max-forwards", "7");
        assertEquals(
                List.of("max-forwards: 6"),
                Heads.lines(requests.taken.get(0).head.headers()));
        assertEquals(
                List.of("max-forwards: 7"),
                Heads.lines(requests.taken.get(1).head.headers()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"content_length", "transfer_encoding"})
    void b14UnderscoredFramingIsRefused(String name) {
        server.assertRefused(ErrorCode.BAD_REQUEST, RawH2.request("POST", name, "1"));
    }

    @Test
    void b15OneHeaderTooManyIsRefused() {
        List<String> fields = new ArrayList<>(Arrays.asList(RawH2.request("GET")));
        for (int i = 0; i < 100; i++) {
            fields.addAll(List.of("x-" + i, ""));
        }
        client.headers(1, true, fields.toArray(String[]::new));
        assertEquals(100, requests.last().head.headers().size());
        fields.addAll(List.of("x-100", ""));
        client.headers(3, true, fields.toArray(String[]::new));
        assertEquals(
                ErrorCode.HEADERS_TOO_LARGE, requests.refused.get(0).error().code());
        assertEquals(List.of("HEADERS 3 :status=431 END"), client.received());
    }

    @Test
    void b15TooManyBytesOfHeadersAreRefusedAndTheNextRequestIsServed() {
        ByteBuf block = RawH2.block(RawH2.request("GET", "x-a", "a".repeat(40_000), "x-b", "b".repeat(40_000)));
        client.frame(RawH2.HEADERS, RawH2.END_STREAM, 1, block.readRetainedSlice(16_384));
        while (block.readableBytes() > 16_384) {
            client.frame(RawH2.CONTINUATION, 0, 1, block.readRetainedSlice(16_384));
        }
        client.frame(RawH2.CONTINUATION, RawH2.END_HEADERS, 1, block);
        assertEquals(List.of("HEADERS 1 :status=431 END", "RST_STREAM 1 NO_ERROR"), client.received());
        assertEquals(
                ErrorCode.HEADERS_TOO_LARGE, requests.refused.get(0).error().code());
        assertEquals(
                HttpVersion.HTTP_2,
                Objects.requireNonNull(requests.refused.get(0).head()).version());
        server.assertNextIsServed();
    }
}
