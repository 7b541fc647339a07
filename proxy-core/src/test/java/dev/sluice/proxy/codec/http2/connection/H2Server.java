package dev.sluice.proxy.codec.http2.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.proxy.codec.CodecLimits;
import dev.sluice.proxy.codec.Heads;
import dev.sluice.proxy.codec.RawH2;
import dev.sluice.proxy.codec.TakenRequests;
import dev.sluice.proxy.codec.TestConnections;
import dev.sluice.proxy.stream.ErrorCode;
import java.util.List;

/** An HTTP/2 connection from a client of a test's, and what must become of a request that breaks a rule. */
final class H2Server {
    final TakenRequests requests = new TakenRequests();
    final RawH2 client = RawH2.client(new H2ServerHandler(requests, TestConnections.DOWNSTREAM, CodecLimits.DEFAULT));

    /** Malformed: it is recorded and nobody else hears of it, and the next request on the connection is served. */
    void assertReset(String... fields) {
        client.headers(1, true, fields);
        assertEquals(List.of("RST_STREAM 1 PROTOCOL_ERROR"), client.received());
        assertEquals(List.of(), requests.taken);
        assertEquals(List.of(), requests.refused);
        assertEquals(
                List.of(ErrorCode.BAD_REQUEST),
                requests.reset.stream().map(reset -> reset.error().code()).toList());
        assertNextIsServed();
    }

    void assertRefused(ErrorCode code, String... fields) {
        client.headers(1, true, fields);
        assertEquals(List.of("HEADERS 1 :status=" + code.status() + " END"), client.received());
        assertEquals(List.of(), requests.taken);
        assertEquals(code, requests.refused.get(0).error().code());
        assertNextIsServed();
    }

    void assertNextIsServed() {
        client.get(3);
        requests.last().stream.head(Heads.response(200), true);
        assertEquals(List.of("HEADERS 3 :status=200 END"), client.received());
    }
}
