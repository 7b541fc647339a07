package dev.sluice.proxy.e2e.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.proxy.e2e.fixture.RawClient;
import dev.sluice.proxy.e2e.fixture.TestProxy;
import dev.sluice.proxy.e2e.fixture.TestUpstream;
import dev.sluice.proxy.tls.TlsProvider;
import dev.sluice.proxy.tls.TlsRegistry;
import io.netty.pkitesting.X509Bundle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code gatewayTopology.forwardClientCertDetails} makes of x-forwarded-client-cert, by Envoy's words. */
class ForwardedCertificateIT {
    private static final String TOLD = "Hash=told";

    @TempDir
    Path certs;

    private TestUpstream app;
    private TestProxy proxy;
    private Pki pki;
    private X509Bundle own;

    @BeforeEach
    void start() throws Exception {
        app = new TestUpstream("app");
        pki = new Pki("authority");
        own = pki.issue("client.example");
        Files.writeString(Pki.write(certs, "web", pki.issue("web.example")).resolve("ca.crt"), pki.pem());
    }

    @AfterEach
    void stop() {
        proxy.close();
        app.close();
    }

    private String yaml(String topology) {
        return """
                apiVersion: install.istio.io/v1alpha1
                kind: IstioOperator
                metadata: {name: mesh}
                spec: {meshConfig: {defaultConfig: {gatewayTopology: %s}}}
                ---
                """
                        .formatted(topology)
                + TlsShop.yaml(app.port(), "{mode: OPTIONAL_MUTUAL, credentialName: web}")
                + """
                  - port: {number: 8080, name: http, protocol: HTTP}
                    hosts: [web.example]
                """;
    }

    private void serve(String topology) throws Exception {
        proxy = TestProxy.start(yaml(topology), new TlsRegistry(certs, TlsProvider::best));
    }

    /** What the app is told of a client, in the words of a test: ours for what the proxy says of the certificate. */
    private String told(@Nullable X509Bundle certificate, String... headers) throws Exception {
        try (TlsClient client = TlsClient.open(pki.context(certificate), proxy.address(8443), "web.example")) {
            assertTrue(client.get("web.example", "/", headers).startsWith("HTTP/1.1 200"));
        }
        return inWords(app.seen().get(app.seen().size() - 1).header("x-forwarded-client-cert"));
    }

    private String inWords(@Nullable String header) throws Exception {
        String hash = "Hash="
                + HexFormat.of()
                        .formatHex(MessageDigest.getInstance("SHA-256")
                                .digest(own.getCertificate().getEncoded()));
        if (header == null) {
            return "-";
        }
        int ours = header.indexOf(hash);
        if (ours < 0) {
            return header;
        }
        assertTrue(header.endsWith(";DNS=client.example"), header);
        return header.substring(0, ours) + "ours";
    }

    @ParameterizedTest
    @CsvSource({
        // what the app sees of: a certificate and a header, a certificate alone, a header alone
        "UNDEFINED, ours, ours, -",
        "SANITIZE_SET, ours, ours, -",
        "SANITIZE, -, -, -",
        "FORWARD_ONLY, Hash=told, -, -",
        "APPEND_FORWARD, 'Hash=told,ours', ours, -",
        "ALWAYS_FORWARD_ONLY, Hash=told, -, Hash=told",
    })
    void eachModeIsThatOfEnvoy(String mode, String both, String certificate, String header) throws Exception {
        serve("{forwardClientCertDetails: " + mode + "}");
        String said = "x-forwarded-client-cert: " + TOLD;
        assertEquals(
                List.of(both, certificate, header, "-"),
                List.of(told(own, said), told(own), told(null, said), told(null)));
    }

    @Test
    void inCleartextOnlyAlwaysForwardOnlyBelievesAClient() throws Exception {
        serve("{forwardClientCertDetails: ALWAYS_FORWARD_ONLY}");
        cleartext();
        assertEquals(TOLD, app.seen().get(0).header("x-forwarded-client-cert"));
        proxy.reload(yaml("{forwardClientCertDetails: FORWARD_ONLY}"));
        cleartext();
        assertEquals(null, app.seen().get(1).header("x-forwarded-client-cert"));
    }

    private void cleartext() throws Exception {
        try (RawClient client = new RawClient(proxy.address(8080))) {
            client.send("GET / HTTP/1.1\r\nHost: web.example\r\nx-forwarded-client-cert: " + TOLD + "\r\n\r\n");
            assertEquals(200, client.answer().status());
        }
    }
}
