package dev.sluice.proxy.codec.http2.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.proxy.codec.CodecLimits;
import dev.sluice.proxy.codec.Heads;
import dev.sluice.proxy.codec.RawH2;
import dev.sluice.proxy.codec.TakenResponse;
import dev.sluice.proxy.stream.ClientStream;
import dev.sluice.proxy.stream.ErrorCode;
import dev.sluice.proxy.stream.HttpVersion;
import dev.sluice.proxy.stream.ProxyError;
import dev.sluice.proxy.stream.ProxyError.Origin;
import dev.sluice.proxy.stream.ProxyError.RetryVerdict;
import dev.sluice.proxy.stream.RequestHead;
import dev.sluice.proxy.stream.headers.H1Headers;
import dev.sluice.proxy.stream.headers.HeaderOverlay;
import dev.sluice.proxy.stream.headers.Headers;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.util.AsciiString;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests and responses with bodies and trailers on the client side. */
class H2ClientExchangeTest {
    private static final String GET = ":method=GET :scheme=http :authority=shop :path=/";

    private final H2ClientHandler handler = new H2ClientHandler(CodecLimits.DEFAULT, null);
    private final RawH2 upstream = RawH2.server(handler).settings();
    private final TakenResponse response = new TakenResponse();

    @AfterEach
    void close() {
        upstream.close();
    }

    private ClientStream get() {
        return get(response);
    }

    private ClientStream get(TakenResponse reader) {
        ClientStream stream = handler.open(reader);
        stream.head(Heads.request("GET", "/"), HeaderOverlay.NONE, true);
        return stream;
    }

    private ClientStream post() {
        ClientStream stream = handler.open(response);
        stream.head(Heads.request("POST", "/"), HeaderOverlay.NONE, false);
        return stream;
    }

    @Test
    void aGetIsSentAndItsResponseHandedOver() {
        get();
        assertEquals(List.of("HEADERS 3 " + GET + " END"), upstream.received());
        upstream.headers(3, false, ":status", "200", "content-length", "2").data(3, true, "hi");
        assertEquals(List.of("200 [content-length: 2]", "hi|"), response.events);
        assertEquals(2, Objects.requireNonNull(response.head).contentLength());
        assertEquals(0, handler.activeStreams());
    }

    @Test
    void bodyAndTrailersGoBothWays() {
        ClientStream post = post();
        post.data(Heads.bytes("a"), false);
        post.trailers(Heads.headers("x-sum", "1"));
        assertEquals(
                List.of(
                        "HEADERS 3 :method=POST :scheme=http :authority=shop :path=/",
                        "DATA 3 a",
                        "HEADERS 3 x-sum=1 END"),
                upstream.received());
        upstream.headers(3, false, ":status", "200").data(3, false, "b").headers(3, true, "grpc-status", "0");
        assertEquals(List.of("200 []", "b", "trailers [grpc-status: 0]"), response.events);
    }

    @Test
    void aTrailersOnlyResponseIsAHeadThatIsLast() {
        get();
        upstream.headers(3, true, ":status", "200", "grpc-status", "5");
        assertEquals(List.of("200 [grpc-status: 5]|"), response.events);
    }

    @Test
    void informationalResponsesAreToldApart() {
        get();
        upstream.headers(3, false, ":status", "103", "link", "</a>").headers(3, true, ":status", "204");
        assertEquals(List.of("103 [link: </a>]", "204 []|"), response.events);
    }

    @Test
    void whatTheAttemptAddsIsSentAndTheHeadStaysAsItWas() {
        Headers received = Heads.headers("a", "1");
        RequestHead head = RequestHead.builder(HttpVersion.HTTP_2, "PUT", "/new", received)
                .authority("new")
                .build();
        for (int id = 3; id <= 5; id += 2) {
            HeaderOverlay overlay = new HeaderOverlay();
            overlay.add(AsciiString.of("x-attempt"), Integer.toString(id));
            handler.open(new TakenResponse()).head(head, overlay, true);
            assertEquals(
                    List.of("HEADERS " + id + " :method=PUT :scheme=http :authority=new :path=/new a=1 x-attempt=" + id
                            + " END"),
                    upstream.received());
        }
        assertEquals(List.of("a: 1"), Heads.lines(received));
    }

    @Test
    void aHeadOfHttp1IsTranslated() {
        H1Headers headers = H1Headers.create();
        headers.append("X-A", "1");
        headers.append("Cookie", "a=b");
        RequestHead head = RequestHead.builder(HttpVersion.HTTP_1_1, "POST", "/x?y", headers)
                .authority("shop:8080")
                .contentLength(3)
                .build();
        ClientStream stream = handler.open(response);
        stream.head(head, HeaderOverlay.NONE, false);
        stream.data(Heads.bytes("abc"), true);
        assertEquals(
                List.of(
                        "HEADERS 3 :method=POST :scheme=http :authority=shop:8080 :path=/x?y x-a=1 cookie=a=b"
                                + " content-length=3",
                        "DATA 3 abc END"),
                upstream.received());
    }

    @Test
    void aRequestWithoutAuthorityHasNone() {
        RequestHead head = RequestHead.builder(HttpVersion.HTTP_1_0, "GET", "/", Heads.headers())
                .build();
        handler.open(response).head(head, HeaderOverlay.NONE, true);
        assertEquals(List.of("HEADERS 3 :method=GET :scheme=http :path=/ END"), upstream.received());
    }

    @Test
    void anEarlyResponseEndsTheRequest() {
        ClientStream post = post();
        post.data(Heads.bytes("a"), false);
        upstream.received();
        upstream.headers(3, true, ":status", "413");
        assertEquals(List.of("413 []|"), response.events);
        assertEquals(List.of("RST_STREAM 3 CANCEL"), upstream.received());
        post.data(Heads.bytes("b"), true);
        assertEquals(List.of(), upstream.received());
        assertEquals(0, handler.activeStreams());
    }

    @Test
    void anEarlyResponseFollowedByAResetIsComplete() {
        post();
        upstream.headers(3, true, ":status", "413").rst(3, Http2Error.NO_ERROR);
        assertEquals(List.of("413 []|"), response.events);
    }

    @Test
    void aResetSaysWhatTheUpstreamSaid() {
        get();
        upstream.rst(3, Http2Error.INTERNAL_ERROR);
        assertError(response, ErrorCode.UPSTREAM_RESET, RetryVerdict.UNKNOWN);
        TakenResponse second = new TakenResponse();
        get(second);
        upstream.rst(5, Http2Error.REFUSED_STREAM);
        assertError(second, ErrorCode.UPSTREAM_REFUSED, RetryVerdict.NOT_PROCESSED);
    }

    @Test
    void aCancelledStreamIsResetOnce() {
        ClientStream get = get();
        upstream.received();
        get.reset(ProxyError.downstream(ErrorCode.CLIENT_GONE, ""));
        get.reset(ProxyError.downstream(ErrorCode.CLIENT_GONE, ""));
        assertEquals(List.of("RST_STREAM 3 CANCEL"), upstream.received());
        assertEquals(List.of(), response.events);
        // What the upstream had sent by then is dropped, and is no fault.
        upstream.headers(3, false, ":status", "200").data(3, true, "x");
        assertEquals(List.of(), response.events);
        assertEquals(List.of(), upstream.received());
    }

    @Test
    void aTruncatedResponseIsAReset() {
        get();
        upstream.headers(3, false, ":status", "200", "content-length", "5").data(3, true, "abc");
        assertEquals("200 [content-length: 5]", response.events.get(0));
        assertError(response, ErrorCode.UPSTREAM_PROTOCOL, RetryVerdict.UNKNOWN);
        assertEquals(
                1,
                upstream.received().stream()
                        .filter("RST_STREAM 3 PROTOCOL_ERROR"::equals)
                        .count());
    }

    @Test
    void aBodyThatNeverCameIsAReset() {
        get();
        upstream.headers(3, true, ":status", "200", "content-length", "5");
        assertError(response, ErrorCode.UPSTREAM_PROTOCOL, RetryVerdict.UNKNOWN);
        TakenResponse second = new TakenResponse();
        get(second);
        upstream.headers(5, false, ":status", "200", "content-length", "5").data(5, true, "");
        assertError(second, ErrorCode.UPSTREAM_PROTOCOL, RetryVerdict.UNKNOWN);
    }

    @Test
    void aResponseToHeadDeclaresALengthWithoutABody() {
        handler.open(response).head(Heads.request("HEAD", "/"), HeaderOverlay.NONE, true);
        upstream.headers(3, true, ":status", "200", "content-length", "5");
        assertEquals(List.of("200 [content-length: 5]|"), response.events);
    }

    @ParameterizedTest
    @ValueSource(strings = {"204", "205", "304"})
    void aStatusWithoutContentDeclaresALengthWithoutABody(String status) {
        get();
        upstream.headers(3, true, ":status", status, "content-length", "5");
        assertEquals(List.of(status + " [content-length: 5]|"), response.events);
        TakenResponse second = new TakenResponse();
        get(second);
        upstream.headers(5, false, ":status", status, "content-length", "5").data(5, true, "");
        assertEquals(List.of(status + " [content-length: 5]", "|"), second.events);
    }

    @Test
    void aLostConnectionTellsWhetherTheRequestMayBeRepeated() {
        get();
        upstream.headers(3, true, ":status", "200");
        TakenResponse unanswered = new TakenResponse();
        get(unanswered);
        TakenResponse begun = new TakenResponse();
        get(begun);
        upstream.headers(7, false, ":status", "200");
        upstream.disconnect();
        assertError(unanswered, ErrorCode.UPSTREAM_CLOSED, RetryVerdict.REUSED_CONNECTION);
        assertError(begun, ErrorCode.UPSTREAM_CLOSED, RetryVerdict.UNKNOWN);
        TakenResponse late = new TakenResponse();
        get(late);
        assertError(late, ErrorCode.UPSTREAM_CLOSED, RetryVerdict.NOT_PROCESSED);
    }

    @Test
    void theFirstRequestOfALostConnectionMayHaveBeenProcessed() {
        get();
        upstream.disconnect();
        assertError(response, ErrorCode.UPSTREAM_CLOSED, RetryVerdict.UNKNOWN);
    }

    @Test
    void closingResetsWhatIsInFlight() {
        get();
        handler.close(ProxyError.proxy(ErrorCode.LOCAL_RESET, "shut down"));
        assertEquals(List.of("reset LOCAL_RESET"), response.events);
        assertTrue(upstream.isClosed());
    }

    private static void assertError(TakenResponse response, ErrorCode code, RetryVerdict verdict) {
        ProxyError error = Objects.requireNonNull(response.reset);
        assertEquals(code, error.code());
        assertEquals(verdict, error.retry());
        assertEquals(Origin.UPSTREAM, error.origin());
    }
}
