package dev.sluice.proxy.codec.http2.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.proxy.codec.Heads;
import dev.sluice.proxy.codec.RawH2;
import dev.sluice.proxy.codec.TakenRequests;
import dev.sluice.proxy.stream.RequestHead;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is known of a malformed request: it was reset and nobody served it, but somebody may look for it in the log. */
class H2ResetRequestTest {
    private final H2Server server = new H2Server();
    private final TakenRequests requests = server.requests;
    private final RawH2 client = server.client;

    @AfterEach
    void close() {
        client.close();
    }

    private TakenRequests.Reset only() {
        assertEquals(1, requests.reset.size());
        return requests.reset.get(0);
    }

    @Test
    void whatStoodBeforeAMalformedFieldIsKnown() {
        client.get(1, "user-agent", "curl", "Upper", "x", "after", "y");
        RequestHead head = only().head();
        assertEquals("GET http://shop/ HTTP/2", head.toString());
        assertEquals(List.of("user-agent: curl"), Heads.lines(head.headers()));
        assertEquals(
                "Malformed headers: a field name that is none", only().error().detail());
    }

    @Test
    void aPseudoHeaderThatIsMissingIsNotMadeUp() {
        client.headers(1, true, ":method", "GET", ":scheme", "https", ":authority", "shop", "a", "b");
        RequestHead head = only().head();
        assertEquals("GET https://shop- HTTP/2", head.toString());
        assertEquals(List.of("a: b"), Heads.lines(head.headers()));
    }

    @Test
    void aRequestWhoseFieldsContradictEachOtherIsKnownWhole() {
        client.get(1, "host", "other", "a", "b");
        RequestHead head = only().head();
        assertEquals("GET http://shop/ HTTP/2", head.toString());
        assertEquals(List.of("a: b"), Heads.lines(head.headers()));
        assertEquals("host differs from :authority", only().error().detail());
    }

    @Test
    void aHostStandsInForTheAuthority() {
        client.headers(1, true, ":method", "GET", ":scheme", "http", ":path", "/a", "host", "shop", "Upper", "x");
        assertEquals("GET http://shop/a HTTP/2", only().head().toString());
    }

    /** A frame of another kind is refused, so that the list that was read last is not the stream's. */
    @Test
    void ofAListThatWasNotReadNothingIsKnown() {
        client.get(1, "Upper", "x");
        requests.reset.clear();
        client.windowUpdate(3, 0);
        RequestHead head = only().head();
        assertEquals("- http://- HTTP/2", head.toString());
        assertEquals(List.of(), Heads.lines(head.headers()));
    }

    @Test
    void whateverIsAnsweredToItIsNotWritten() {
        client.get(1, "Upper", "x");
        assertEquals(List.of("RST_STREAM 1 PROTOCOL_ERROR"), client.received());
        only().stream().head(Heads.response(400), false);
        only().stream().data(Heads.bytes("no"), true);
        assertEquals(List.of(), client.received());
        server.assertNextIsServed();
    }
}
