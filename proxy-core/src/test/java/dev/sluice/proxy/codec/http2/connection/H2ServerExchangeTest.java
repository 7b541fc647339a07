package dev.sluice.proxy.codec.http2.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.proxy.codec.CodecLimits;
import dev.sluice.proxy.codec.Heads;
import dev.sluice.proxy.codec.RawH2;
import dev.sluice.proxy.codec.TakenRequests;
import dev.sluice.proxy.codec.TakenRequests.Taken;
import dev.sluice.proxy.codec.TestConnections;
import dev.sluice.proxy.codec.http2.ResetCodes;
import dev.sluice.proxy.stream.ErrorCode;
import dev.sluice.proxy.stream.HttpVersion;
import dev.sluice.proxy.stream.ProxyError;
import dev.sluice.proxy.stream.ResponseHead;
import io.netty.handler.codec.http2.Http2Error;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Requests and responses with bodies and trailers on the server side. */
class H2ServerExchangeTest {

    private final TakenRequests requests = new TakenRequests();
    private final RawH2 client =
            RawH2.client(new H2ServerHandler(requests, TestConnections.DOWNSTREAM, CodecLimits.DEFAULT));

    @AfterEach
    void close() {
        client.close();
    }

    @Test
    void aGetIsHandedOverAndAnswered() {
        client.get(1, "accept", "*/*", "x-a", "1");

        Taken get = requests.last();
        assertTrue(get.ended);
        assertEquals("GET http://shop/ HTTP/2", get.head.toString());
        assertEquals(List.of("accept: */*", "x-a: 1"), Heads.lines(get.head.headers()));
        assertEquals(-1, get.head.contentLength());
        assertEquals(HttpVersion.HTTP_2, get.head.version());
        assertSame(TestConnections.DOWNSTREAM, get.stream.connection());

        get.stream.head(Heads.response(200, "server", "x"), false);
        get.stream.data(Heads.bytes("hello"), true);
        assertEquals(List.of("HEADERS 1 :status=200 server=x", "DATA 1 hello END"), client.received());
        assertEquals(List.of(), get.events);
    }

    @Test
    void aResponseWithoutBodyIsOneFrame() {
        client.get(1);
        requests.last().stream.head(Heads.response(404), true);
        assertEquals(List.of("HEADERS 1 :status=404 END"), client.received());
    }

    @Test
    void bodyAndTrailersGoBothWays() {
        client.post(1, "te", "trailers").data(1, false, "a").data(1, false, "b");
        client.headers(1, true, "x-sum", "2");
        Taken post = requests.last();
        assertFalse(post.ended);
        assertEquals(List.of("a", "b", "trailers [x-sum: 2]"), post.events);
        assertEquals(List.of("te: trailers"), Heads.lines(post.head.headers()));

        post.stream.head(Heads.response(200), false);
        post.stream.data(Heads.bytes("c"), false);
        post.stream.trailers(Heads.headers("grpc-status", "0"));
        assertEquals(List.of("HEADERS 1 :status=200", "DATA 1 c", "HEADERS 1 grpc-status=0 END"), client.received());
    }

    @Test
    void theTwoDirectionsAreIndependent() {
        client.post(1).data(1, false, "a");
        Taken stream = requests.last();
        stream.stream.head(Heads.response(200), false);
        stream.stream.data(Heads.bytes("x"), false);
        assertEquals(List.of("HEADERS 1 :status=200", "DATA 1 x"), client.received());
        client.data(1, false, "b").data(1, true, "");
        stream.stream.data(Heads.bytes("y"), false);
        stream.stream.data(Heads.bytes(""), true);
        assertEquals(List.of("a", "b", "|"), stream.events);
        assertEquals(List.of("DATA 1 y END"), client.received());
    }

    @Test
    void aTrailersOnlyResponseStaysOneFrame() {
        client.post(1, "content-type", "application/grpc").data(1, true, "x");
        requests.last().stream.head(Heads.response(200, "grpc-status", "12"), true);
        assertEquals(List.of("HEADERS 1 :status=200 grpc-status=12 END"), client.received());
    }

    @Test
    void emptyTrailersEndWithAnEmptyDataFrame() {
        client.get(1);
        requests.last().stream.head(Heads.response(200), false);
        requests.last().stream.trailers(Heads.headers());
        assertEquals(List.of("HEADERS 1 :status=200", "DATA 1 END"), client.received());
    }

    @Test
    void informationalResponsesComeBeforeTheFinalOne() {
        client.post(1, "expect", "100-continue");
        Taken post = requests.last();
        assertTrue(post.head.expectContinue());
        post.stream.informational(Heads.response(100));
        post.stream.informational(Heads.response(103, "link", "</a>"));
        client.data(1, true, "x");
        post.stream.head(Heads.response(200), true);
        assertEquals(
                List.of("HEADERS 1 :status=100", "HEADERS 1 :status=103 link=</a>", "HEADERS 1 :status=200 END"),
                client.received());
    }

    @Test
    void anEarlyResponseEndsTheRequestWithoutFault() {
        client.post(1).data(1, false, "a");
        Taken post = requests.last();
        post.stream.head(Heads.response(413), true);
        assertEquals(List.of("HEADERS 1 :status=413 END", "RST_STREAM 1 NO_ERROR"), client.received());
        // What was already on its way is dropped in silence, and the connection lives.
        client.data(1, false, "b").data(1, true, "c").get(3);
        assertEquals(List.of("a"), post.events);
        assertEquals(List.of(), client.received());
        assertEquals(2, requests.taken.size());
    }

    @Test
    void headAndBodilessStatusesHaveNoBody() {
        client.headers(1, true, RawH2.request("HEAD")).get(3).get(5).get(7);
        respondWithBody(requests.taken.get(0), 200);
        respondWithBody(requests.taken.get(1), 204);
        respondWithBody(requests.taken.get(2), 205);
        respondWithBody(requests.taken.get(3), 304);
        assertEquals(
                List.of(
                        "HEADERS 1 :status=200 content-length=2 END",
                        "HEADERS 3 :status=204 END",
                        "HEADERS 5 :status=205 END",
                        "HEADERS 7 :status=304 content-length=2 END"),
                client.received());
    }

    private static void respondWithBody(Taken request, int status) {
        request.stream.head(new ResponseHead(status, Heads.headers("content-length", "2"), 2), false);
        request.stream.data(Heads.bytes("hi"), true);
    }

    @Test
    void aResetByTheClientIsToldAlsoAfterTheRequestsEnd() {
        client.get(1).rst(1, Http2Error.CANCEL);
        Taken get = requests.last();
        assertEquals(List.of("reset CLIENT_GONE"), get.events);
        // Everything after it is a no-op.
        get.stream.head(Heads.response(200), false);
        get.stream.data(Heads.bytes("x"), true);
        get.stream.reset(ProxyError.proxy(ErrorCode.INTERNAL, ""));
        assertEquals(List.of(), client.received());
    }

    @Test
    void aResetOfOursNamesItsCauseAndIsNotToldBack() {
        client.get(1).get(3).get(5).post(7);
        reset(0, ProxyError.upstream(ErrorCode.UPSTREAM_CLOSED, ""));
        reset(1, ProxyError.notProcessed(ErrorCode.UPSTREAM_REFUSED, ""));
        requests.taken.get(2).stream.head(Heads.response(200), false);
        reset(2, ProxyError.notProcessed(ErrorCode.UPSTREAM_REFUSED, ""));
        reset(3, ProxyError.proxy(ErrorCode.LOCAL_RESET, ""));
        assertEquals(
                List.of(
                        "RST_STREAM 1 INTERNAL_ERROR",
                        "RST_STREAM 3 REFUSED_STREAM",
                        "HEADERS 5 :status=200",
                        "RST_STREAM 5 INTERNAL_ERROR",
                        "RST_STREAM 7 CANCEL"),
                client.received());
        requests.taken.forEach(request -> assertEquals(List.of(), request.events));
    }

    /** spec/reliability.md B66: a gRPC client tells these from an internal error. */
    @Test
    void whatTheUpstreamsServerChoseGoesThrough() {
        client.get(1).get(3).get(5);
        reset(0, ResetCodes.fromUpstream(Http2Error.CANCEL.code()));
        reset(1, ResetCodes.fromUpstream(Http2Error.ENHANCE_YOUR_CALM.code()));
        reset(2, ResetCodes.fromUpstream(Http2Error.PROTOCOL_ERROR.code()));
        assertEquals(
                List.of("RST_STREAM 1 CANCEL", "RST_STREAM 3 ENHANCE_YOUR_CALM", "RST_STREAM 5 INTERNAL_ERROR"),
                client.received());
    }

    private void reset(int index, ProxyError error) {
        requests.taken.get(index).stream.reset(error);
    }

    @Test
    void nothingIsWrittenAfterAReset() {
        client.settings(4, 0).get(1);
        Taken get = requests.last();
        get.stream.head(Heads.response(200), false);
        get.stream.data(Heads.bytes("stuck in the window"), false);
        get.stream.reset(ProxyError.upstream(ErrorCode.UPSTREAM_CLOSED, ""));
        client.windowUpdate(1, 100);
        assertEquals(List.of("HEADERS 1 :status=200", "RST_STREAM 1 INTERNAL_ERROR"), client.received());
    }

    @Test
    void aLostConnectionIsToldToEveryOpenStream() {
        client.get(1).post(3).get(5);
        requests.taken.get(2).stream.head(Heads.response(200), true);
        client.disconnect();
        assertEquals(List.of("reset CLIENT_GONE"), requests.taken.get(0).events);
        assertEquals(List.of("reset CLIENT_GONE"), requests.taken.get(1).events);
        assertEquals(List.of(), requests.taken.get(2).events);
    }

    @Test
    void aReaderThatThrowsEndsItsOwnStreamOnly() {
        requests.onRequest = request -> {
            if (request.head.path().equals("/") && requests.taken.size() == 1) {
                throw new IllegalStateException("on purpose");
            }
        };
        client.get(1).get(3);
        requests.last().stream.head(Heads.response(200), true);
        assertEquals(List.of("RST_STREAM 1 INTERNAL_ERROR", "HEADERS 3 :status=200 END"), client.received());
    }

    @Test
    void nativeHeadersAreWrittenAsTheyAre() {
        client.get(1);
        requests.last().stream.head(Heads.response(200, "a", "1"), true);
        assertEquals(List.of("HEADERS 1 :status=200 a=1 END"), client.received());
    }
}
