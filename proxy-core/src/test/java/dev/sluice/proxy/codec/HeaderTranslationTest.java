package dev.sluice.proxy.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.sluice.proxy.stream.headers.H1Headers;
import dev.sluice.proxy.stream.headers.H2Headers;
import io.netty.util.AsciiString;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class HeaderTranslationTest {
    @Test
    void headersOfTheWantedProtocolAreHandedOnUncopied() {
        H1Headers h1 = H1Headers.create();
        H2Headers h2 = H2Headers.create();
        assertSame(h1, HeaderTranslation.toH1(h1));
        assertSame(h2, HeaderTranslation.toH2(h2));
    }

    @Test
    void cookieCrumbsBecomeOneHeaderAtThePlaceOfTheFirst() {
        H2Headers in = h2("a", "1", "cookie", "x=1", "b", "2", "cookie", "y=2", "cookie", "z=3");
        assertEquals(List.of("a: 1", "cookie: x=1; y=2; z=3", "b: 2"), lines(HeaderTranslation.toH1(in)));
    }

    @Test
    void setCookieIsNeverMerged() {
        H2Headers in = h2("set-cookie", "x=1", "set-cookie", "y=2");
        assertEquals(List.of("set-cookie: x=1", "set-cookie: y=2"), lines(HeaderTranslation.toH1(in)));
    }

    @Test
    void nettysHelperHeadersCrossInNeitherDirection() {
        assertEquals(
                List.of("x-http2: kept"),
                lines(HeaderTranslation.toH1(
                        h2("x-http2-stream-id", "3", "x-http2-scheme", "https", "x-http2", "kept"))));
        assertEquals(
                List.of("x-http2: kept"),
                lines(HeaderTranslation.toH2(h1("X-HTTP2-Stream-Id", "3", "x-http2-path", "/", "X-HTTP2", "kept"))));
    }

    @Test
    void namesAreLowerCasedForHttp2AndOrderIsKept() {
        assertEquals(
                List.of("content-type: a", "x-b: 1", "x-a: 2", "x-b: 3"),
                lines(HeaderTranslation.toH2(h1("Content-Type", "a", "X-B", "1", "X-A", "2", "x-b", "3"))));
    }

    @Test
    void whatBelongsToAnHttp1ConnectionStaysThere() {
        assertEquals(
                List.of("a: 1"),
                lines(HeaderTranslation.toH2(h1(
                        "Host",
                        "h",
                        "Connection",
                        "keep-alive, x",
                        "Keep-Alive",
                        "5",
                        "Proxy-Connection",
                        "close",
                        "Upgrade",
                        "h2c",
                        "HTTP2-Settings",
                        "AAM",
                        "Transfer-Encoding",
                        "chunked",
                        "a",
                        "1"))));
    }

    @Test
    void teIsReducedToTrailers() {
        assertEquals(
                List.of("te: trailers"),
                lines(HeaderTranslation.toH2(h1("TE", "gzip;q=0.5, Trailers", "TE", "trailers"))));
        assertEquals(List.of(), lines(HeaderTranslation.toH2(h1("TE", "gzip, xtrailers"))));
    }

    @Test
    void aValueThatHttp1CouldNotCarryIsRefused() {
        H2Headers unchecked = H2Headers.ofChecked(new CharSequence[] {AsciiString.of("a"), "1\r\nHost: evil"}, 2, 0);
        assertThrows(IllegalArgumentException.class, () -> HeaderTranslation.toH1(unchecked));
    }

    @Property(tries = 200)
    void thereAndBackAgainKeepsEveryHeader(@ForAll("headers") List<String[]> headers) {
        H1Headers in = H1Headers.create();
        headers.forEach(h -> in.append(h[0], h[1]));
        H2Headers there = HeaderTranslation.toH2(in);
        List<String> expected = lines(in).stream()
                .map(line -> line.substring(0, line.indexOf(':')).toLowerCase(Locale.ROOT)
                        + line.substring(line.indexOf(':')))
                .toList();
        assertEquals(expected, lines(HeaderTranslation.toH1(there)));
        there.forEach((name, value) -> assertEquals(name.toString().toLowerCase(Locale.ROOT), name.toString()));
    }

    @Provide
    Arbitrary<List<String[]>> headers() {
        Arbitrary<String> name = Arbitraries.strings()
                .withChars("abcXYZ019-_!")
                .ofMinLength(1)
                .ofMaxLength(12)
                .map(s -> "n" + s);
        Arbitrary<String> value = Arbitraries.strings()
                .withChars("ab=;,\"\u00e4 1")
                .ofMaxLength(20)
                .map(String::strip);
        return Combinators.combine(name, value)
                .as((n, v) -> new String[] {n, v})
                .list()
                .ofMaxSize(20);
    }

    private static H2Headers h2(String... pairs) {
        return (H2Headers) Heads.headers(pairs);
    }

    private static H1Headers h1(String... pairs) {
        H1Headers headers = H1Headers.create();
        for (int i = 0; i < pairs.length; i += 2) {
            headers.append(pairs[i], pairs[i + 1]);
        }
        return headers;
    }

    private static List<String> lines(H1Headers headers) {
        List<String> lines = new ArrayList<>();
        headers.forEach((name, value) -> lines.add(name + ": " + value));
        return lines;
    }

    private static List<String> lines(H2Headers headers) {
        return Heads.lines(headers);
    }
}
