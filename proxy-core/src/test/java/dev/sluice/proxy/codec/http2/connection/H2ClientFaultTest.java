package dev.sluice.proxy.codec.http2.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.proxy.codec.RawH2;
import dev.sluice.proxy.codec.TakenResponse;
import dev.sluice.proxy.stream.ErrorCode;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.Http2Error;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an upstream must not send, and what becomes of the stream and of its connection. */
class H2ClientFaultTest {
    private final H2Client client = new H2Client();
    private final RawH2 upstream = client.upstream;

    @AfterEach
    void close() {
        upstream.close();
    }

    // ---- what an upstream must not send

    private void assertProtocolError(TakenResponse response) {
        assertEquals(
                ErrorCode.UPSTREAM_PROTOCOL,
                Objects.requireNonNull(response.reset).code());
        assertEquals("RST_STREAM 3 PROTOCOL_ERROR", H2Client.last(upstream.received()));
        // The connection's other streams go on.
        TakenResponse next = client.get();
        upstream.headers(5, true, ":status", "200");
        assertEquals(List.of("200 []|"), next.events);
    }

    @ParameterizedTest
    @ValueSource(strings = {"99", "1000", "abc", "2 0", "101", "20", "-20"})
    void b36ABadStatusIsAProtocolError(String status) {
        upstream.settings();
        TakenResponse response = client.get();
        upstream.headers(3, true, ":status", status);
        assertProtocolError(response);
    }

    @Test
    void b36AStatusBeyond599Passes() {
        upstream.settings();
        TakenResponse response = client.get();
        upstream.headers(3, true, ":status", "799");
        assertEquals(List.of("799 []|"), response.events);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"Upper|x", "connection|close", "transfer-encoding|chunked", "a|'x '", "a|' x'", ":path|/"})
    void b48AForbiddenFieldIsAProtocolError(String name, String value) {
        upstream.settings();
        TakenResponse response = client.get();
        upstream.headers(3, true, ":status", "200", name, value);
        assertProtocolError(response);
    }

    @Test
    void b49AResponseWithoutStatusIsAProtocolError() {
        upstream.settings();
        TakenResponse response = client.get();
        upstream.headers(3, true, "a", "1");
        assertProtocolError(response);
    }

    @Test
    void b49AStatusThatComesTwiceIsAProtocolError() {
        upstream.settings();
        TakenResponse response = client.get();
        upstream.headers(3, true, ":status", "200", ":status", "200");
        assertProtocolError(response);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void dataAheadOfTheHeadIsAProtocolError(boolean end) {
        upstream.settings();
        TakenResponse response = client.get();
        upstream.data(3, end, "hello");
        assertEquals(List.of("reset UPSTREAM_PROTOCOL"), response.events);
        assertProtocolError(response);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anInformationalResponseHasNoData(boolean end) {
        upstream.settings();
        TakenResponse response = client.get();
        upstream.headers(3, false, ":status", "103");
        upstream.data(3, end, "hello");
        assertEquals("reset UPSTREAM_PROTOCOL", H2Client.last(response.events));
        assertProtocolError(response);
    }

    @Test
    void aHeaderTooManyIsAProtocolError() {
        upstream.settings();
        TakenResponse response = client.get();
        String[] fields = new String[2 * 102];
        fields[0] = ":status";
        fields[1] = "200";
        for (int i = 1; i <= 101; i++) {
            fields[2 * i] = "x-" + i;
            fields[2 * i + 1] = "";
        }
        upstream.headers(3, true, fields);
        assertProtocolError(response);
    }

    @Test
    void tooManyBytesOfHeadersAreAProtocolError() {
        upstream.settings();
        TakenResponse response = client.get();
        for (int i = 0; i < 4; i++) {
            String[] fields = {"x-" + i, "x".repeat(16_000)};
            if (i == 0) {
                upstream.frame(RawH2.HEADERS, 0, 3, RawH2.block(":status", "200", fields[0], fields[1]));
            } else {
                upstream.frame(RawH2.CONTINUATION, i == 3 ? RawH2.END_HEADERS : 0, 3, RawH2.block(fields));
            }
        }
        assertProtocolError(response);
    }

    @Test
    void b32TooManyInformationalResponsesAreAProtocolError() {
        upstream.settings();
        TakenResponse response = client.get();
        for (int i = 0; i < 33; i++) {
            upstream.headers(3, false, ":status", "103");
        }
        assertEquals(33, response.events.size());
        assertProtocolError(response);
    }

    @Test
    void anInformationalResponseIsNoEnd() {
        upstream.settings();
        TakenResponse response = client.get();
        upstream.headers(3, true, ":status", "103");
        assertProtocolError(response);
    }

    @Test
    void b55NettysCarriersAreTakenOff() {
        upstream.settings();
        TakenResponse response = client.get();
        upstream.headers(3, true, ":status", "200", "x-http2-stream-id", "5", "a", "1");
        assertEquals(List.of("200 [a: 1]|"), response.events);
    }

    @Test
    void b58APushIsAConnectionError() {
        upstream.settings();
        TakenResponse response = client.get();
        upstream.frame(
                5,
                RawH2.END_HEADERS,
                3,
                Unpooled.wrappedBuffer(Unpooled.buffer().writeInt(2), RawH2.block(RawH2.request("GET"))));
        assertConnectionError(response);
    }

    private void assertConnectionError(TakenResponse response) {
        assertEquals("GOAWAY 2147483647 PROTOCOL_ERROR", H2Client.last(upstream.received()));
        assertEquals(List.of("reset UPSTREAM_PROTOCOL"), response.events);
        assertTrue(upstream.isClosed());
    }

    @Test
    void aStreamThatTheUpstreamOpensIsAConnectionError() {
        upstream.settings();
        TakenResponse response = client.get();
        upstream.headers(2, true, ":status", "200");
        assertConnectionError(response);
    }

    /** Some server of HTTP/1.1 on a port that is declared to speak HTTP/2. */
    @Test
    void anAnswerInHttp1IsAConnectionError() {
        TakenResponse response = client.get();
        upstream.write(Unpooled.copiedBuffer("HTTP/1.1 400 Bad Request\r\n\r\n", StandardCharsets.US_ASCII));
        assertConnectionError(response);
        assertTrue(Objects.requireNonNull(response.reset).detail().contains("not SETTINGS"), response.reset.detail());
    }

    @Test
    void anUpstreamThatFloodsIsLeft() {
        upstream.settings();
        for (int i = 0; i < 1000 && !upstream.isClosed(); i++) {
            upstream.frame(RawH2.PING, 0, 0, Unpooled.buffer().writeLong(i));
        }
        assertTrue(upstream.isClosed());
        assertEquals("closed 0", H2Client.last(client.told));
    }

    @Test
    void anUpstreamThatRefusesEveryStreamIsKept() {
        upstream.settings();
        for (int i = 0; i < 1000; i++) {
            TakenResponse response = client.get();
            upstream.rst(2 * i + 3, Http2Error.REFUSED_STREAM);
            H2Client.assertNotProcessed(ErrorCode.UPSTREAM_REFUSED, response);
        }
        assertFalse(upstream.isClosed());
    }
}
