package dev.sluice.proxy.assembly;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.proxy.stream.HttpVersion;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A client of HTTP/2 names a scheme of its choice; what counts is whether its connection is encrypted. */
class ClaimedSchemeTest {
    @ParameterizedTest
    @CsvSource({"https, ''", "https, https", "http, https"})
    void aPlainConnectionIsForwardedAsPlain(String claimed, String header) {
        try (VirtualProxy proxy = new VirtualProxy(OneRoute.yaml(""))) {
            proxy.speaking(HttpVersion.HTTP_2).claiming(claimed).server(next -> {
                assertEquals("http", next.open().header("x-forwarded-proto"));
                next.answer(200);
            });
            PlayedClient client = header.isEmpty() ? proxy.get("/") : proxy.get("/", "x-forwarded-proto", header);
            assertEquals(200, client.status());
        }
    }

    @Test
    void aRedirectToHttpsIsNotLeftOutForAClaim() {
        String yaml = OneRoute.yaml("")
                .replace("    hosts: [\"*\"]\n---", "    hosts: [\"*\"]\n    tls: {httpsRedirect: true}\n---");
        try (VirtualProxy proxy = new VirtualProxy(yaml)) {
            proxy.speaking(HttpVersion.HTTP_2).claiming("https").server(next -> {
                throw new AssertionError("it came unencrypted");
            });
            PlayedClient client = proxy.get("/buy");
            assertEquals(301, client.status());
            assertEquals("https://shop.example.com/buy", client.header("location"));
        }
    }
}
