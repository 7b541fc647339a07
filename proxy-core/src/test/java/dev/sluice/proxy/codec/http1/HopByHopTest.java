package dev.sluice.proxy.codec.http1;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.proxy.stream.headers.H1Headers;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HopByHopTest {
    private final H1Headers headers = H1Headers.create();

    @Test
    void removesEveryHopByHopHeaderAndWhatConnectionNames() {
        headers.append("Connection", "close, X-Hop");
        headers.append("Connection", "Keep-Alive ,,\tx-other");
        headers.append("Keep-Alive", "timeout=5");
        headers.append("Proxy-Connection", "keep-alive");
        headers.append("Upgrade", "h2c");
        headers.append("HTTP2-Settings", "AAMAAABkAARAAAAAAAIAAAAA");
        headers.append("Transfer-Encoding", "chunked");
        headers.append("x-hop", "1");
        headers.append("X-Other", "1");
        headers.append("X-Kept", "1");
        assertEquals(HopByHop.CLOSE | HopByHop.KEEP_ALIVE, strip());
        assertEquals(List.of("X-Kept"), names());
    }

    @Test
    void headersThatAnUpstreamMayTrustCannotBeNamedAway() {
        headers.append("Connection", "Host, X-Forwarded-For, Content-Length, Authorization, te");
        headers.append("Host", "a");
        headers.append("X-Forwarded-For", "1.2.3.4");
        headers.append("Content-Length", "1");
        headers.append("Authorization", "Basic x");
        strip();
        assertEquals(List.of("Host", "X-Forwarded-For", "Content-Length", "Authorization"), names());
    }

    @Test
    void ofTeOnlyTrailersStays() {
        headers.append("TE", "gzip, Trailers");
        headers.append("TE", "deflate");
        assertEquals(HopByHop.TRAILERS, strip());
        assertEquals(List.of("trailers"), headers.getAll(AsciiString.of("te")));
    }

    @Test
    void anyOtherTeIsRemoved() {
        headers.append("TE", "gzip, trailersx");
        assertEquals(0, strip());
        assertTrue(headers.size() == 0);
    }

    @Test
    void aListOfThousandsOfOptionsIsRefused() {
        headers.append("Connection", "a,".repeat(1000));
        assertThrows(Refusal.class, this::strip);
    }

    @Test
    void headersWithoutHopByHopAreNotTouched() {
        headers.append("Accept", "*/*");
        headers.append("Content-Length", "2");
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
        for (int i = 0; i < headers.size(); i++) {
            String name = headers.name(i).toString();
            byte[] line = ("??" + name).getBytes(StandardCharsets.US_ASCII);
            int lower = HeaderMarks.of(line, 2, line.length - 2);
            byte[] upper = name.toUpperCase(Locale.ROOT).getBytes(StandardCharsets.US_ASCII);
            assertEquals(lower, HeaderMarks.of(upper, 0, upper.length));
            marks = HeaderMarks.add(marks, lower);
        }
        return HopByHop.strip(headers, marks);
    }

    private List<String> names() {
        List<String> names = new ArrayList<>();
        headers.forEach((name, value) -> names.add(name.toString()));
        return names;
    }
}
