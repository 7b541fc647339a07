package dev.sluice.proxy.assembly;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.config.crd.mesh.MeshOverrides;
import dev.sluice.proxy.stream.HttpVersion;
import java.util.List;
import org.jspecify.annotations.Nullable;
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

    /** Envoy's mutateRequestHeaders: x-forwarded-proto of somebody trusted is the scheme where the request names none. */
    @ParameterizedTest
    @CsvSource({
        // version, trusted proxies, x-forwarded-proto, scheme
        "HTTP_1_1, 0, https, http",
        "HTTP_1_1, 1,      , http",
        "HTTP_1_1, 1, https, https",
        "HTTP_1_1, 1, HTTPS, https",
        "HTTP_1_1, 1, ftp  , http",
        "HTTP_2  , 1, https, http",
    })
    void whereTlsEndedAtATrustedProxyRedirectsStayOnHttps(
            HttpVersion version, int trusted, @Nullable String header, String scheme) {
        String yaml =
                OneRoute.yaml("").replace("route: [{destination: {host: shop.example.com}}]", "redirect: {uri: /n}");
        MeshOverrides mesh = MeshOverrides.parse(List.of("defaultConfig.gatewayTopology.numTrustedProxies=" + trusted));
        try (VirtualProxy proxy = new VirtualProxy(yaml, mesh)) {
            proxy.speaking(version).server(next -> {
                throw new AssertionError("a redirect reaches no upstream");
            });
            PlayedClient client = header == null ? proxy.get("/") : proxy.get("/", "x-forwarded-proto", header);
            assertEquals(scheme + "://shop.example.com/n", client.header("location"));
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
