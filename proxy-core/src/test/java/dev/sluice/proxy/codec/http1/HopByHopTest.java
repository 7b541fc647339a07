package dev.sluice.proxy.codec.http1;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HopByHopTest {
    private final HttpHeaders headers = new DefaultHttpHeaders();

    @Test
    void removesEveryHopByHopHeaderAndWhatConnectionNames() {
        headers.add("Connection", "close, X-Hop");
        headers.add("Connection", "Keep-Alive ,,\tx-other");
        headers.add("Keep-Alive", "timeout=5");
        headers.add("Proxy-Connection", "keep-alive");
        headers.add("Upgrade", "h2c");
        headers.add("HTTP2-Settings", "AAMAAABkAARAAAAAAAIAAAAA");
        headers.add("Transfer-Encoding", "chunked");
        headers.add("x-hop", "1");
        headers.add("X-Other", "1");
        headers.add("X-Kept", "1");
        assertEquals(HopByHop.CLOSE | HopByHop.KEEP_ALIVE, strip());
        assertEquals(List.of("X-Kept"), names());
    }

    @Test
    void headersThatAnUpstreamMayTrustCannotBeNamedAway() {
        headers.add("Connection", "Host, X-Forwarded-For, Content-Length, Authorization, te");
        headers.add("Host", "a");
        headers.add("X-Forwarded-For", "1.2.3.4");
        headers.add("Content-Length", "1");
        headers.add("Authorization", "Basic x");
        strip();
        assertEquals(List.of("Host", "X-Forwarded-For", "Content-Length", "Authorization"), names());
    }

    @Test
    void ofTeOnlyTrailersStays() {
        headers.add("TE", "gzip, Trailers");
        headers.add("TE", "deflate");
        assertEquals(HopByHop.TRAILERS, strip());
        assertEquals(List.of("trailers"), headers.getAll("te"));
    }

    @Test
    void anyOtherTeIsRemoved() {
        headers.add("TE", "gzip, trailersx");
        assertEquals(0, strip());
        assertTrue(headers.isEmpty());
    }

    @Test
    void aListOfThousandsOfOptionsIsRefused() {
        headers.add("Connection", "a,".repeat(1000));
        assertThrows(Refusal.class, this::strip);
    }

    @Test
    void headersWithoutHopByHopAreNotTouched() {
        headers.add("Accept", "*/*");
        headers.add("Content-Length", "2");
        assertEquals(0, strip());
        assertEquals(List.of("Accept", "Content-Length"), names());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Host",
                "Authorization",
                "Content-Length",
                "content-type",
                "TE",
                "Set-Cookie",
                "Trailer",
                "Transfer-Encoding",
                "If-Match",
                "X-Forwarded-For"
            })
    void fieldsWithAMeaningForTheWholeMessageAreNoTrailers(String name) {
        assertFalse(HopByHop.mayBeTrailer(name));
    }

    @ParameterizedTest
    @ValueSource(strings = {"grpc-status", "grpc-message", "Server-Timing", "x-checksum", "content"})
    void otherFieldsMayBeTrailers(String name) {
        assertTrue(HopByHop.mayBeTrailer(name));
    }

    private int strip() {
        int marks = 0;
        for (Map.Entry<String, String> entry : headers) {
            byte[] line = ("??" + entry.getKey()).getBytes(StandardCharsets.US_ASCII);
            int lower = HeaderMarks.of(line, 2, line.length - 2);
            byte[] upper = entry.getKey().toUpperCase(Locale.ROOT).getBytes(StandardCharsets.US_ASCII);
            assertEquals(lower, HeaderMarks.of(upper, 0, upper.length));
            marks = HeaderMarks.add(marks, lower);
        }
        return HopByHop.strip(headers, marks);
    }

    private List<String> names() {
        return new ArrayList<>(headers.names());
    }
}
