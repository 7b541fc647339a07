package dev.sluice.proxy.e2e.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.proxy.e2e.fixture.TestProxy;
import dev.sluice.proxy.e2e.fixture.TestUpstream;
import dev.sluice.proxy.tls.TlsCounters.Side;
import dev.sluice.proxy.tls.TlsFailure;
import dev.sluice.proxy.tls.TlsProvider;
import dev.sluice.proxy.tls.TlsRegistry;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a client of a Gateway's HTTPS servers meets, by both providers. */
class TlsGatewayIT {
    @TempDir
    Path certs;

    private TestUpstream app;
    private Pki pki;
    private TestProxy proxy;

    @BeforeEach
    void start() throws Exception {
        app = new TestUpstream("app");
        pki = new Pki("authority");
        Pki.write(certs, "web", pki.issue("web.example"));
    }

    @AfterEach
    void stop() {
        if (proxy != null) {
            proxy.close();
        }
        app.close();
    }

    private void serve(TlsProvider provider, String gateway) throws Exception {
        start(provider, TlsShop.behind(app.port(), gateway));
    }

    private void serveOne(TlsProvider provider, String tls) throws Exception {
        start(provider, TlsShop.yaml(app.port(), tls));
    }

    private void start(TlsProvider provider, String yaml) throws Exception {
        proxy = TestProxy.start(yaml, new TlsRegistry(certs, () -> provider));
    }

    private InetSocketAddress at() {
        return proxy.address(8443);
    }

    private String get(SSLContext context, String name, String path, String... headers) throws IOException {
        try (TlsClient client = TlsClient.open(context, at(), name)) {
            return client.get(name, path, headers);
        }
    }

    private long failures(TlsFailure why) {
        return proxy.proxy().tls().counters().failures(Side.DOWNSTREAM, why);
    }

    @ParameterizedTest
    @EnumSource(TlsProvider.class)
    void servesByTheCredentialOfTheServerAndTellsTheAppOfHttps(TlsProvider provider) throws Exception {
        serveOne(provider, "{mode: SIMPLE, credentialName: web}");
        String answer = get(pki.context(null), "web.example", "/a", "x-forwarded-client-cert: forged");
        assertTrue(answer.startsWith("HTTP/1.1 200"), answer);
        assertTrue(answer.endsWith("app GET /a 0"), answer);
        TestUpstream.Seen seen = app.seen().get(0);
        assertEquals("https", seen.header("x-forwarded-proto"));
        assertEquals(null, seen.header("x-forwarded-client-cert"));
        assertEquals(1, proxy.proxy().tls().counters().handshakes(Side.DOWNSTREAM));
    }

    @ParameterizedTest
    @EnumSource(TlsProvider.class)
    void speaksTheVersionsThatAreConfiguredAndNoOther(TlsProvider provider) throws Exception {
        serveOne(provider, "{mode: SIMPLE, credentialName: web, minProtocolVersion: TLSV1_3}");
        SSLContext context = pki.context(null);
        try (TlsClient client = TlsClient.open(context, at(), "web.example", "TLSv1.3")) {
            assertEquals("TLSv1.3", client.socket().getSession().getProtocol());
        }
        assertThrows(IOException.class, () -> TlsClient.open(context, at(), "web.example", "TLSv1.2"));
        Awaitility.await().until(() -> failures(TlsFailure.PROTOCOL) == 1);
    }

    @ParameterizedTest
    @EnumSource(TlsProvider.class)
    void takesTheCipherSuitesThatAreConfigured(TlsProvider provider) throws Exception {
        serveOne(
                provider,
                "{mode: SIMPLE, credentialName: web, maxProtocolVersion: TLSV1_2,"
                        + " cipherSuites: [ECDHE-ECDSA-AES256-GCM-SHA384]}");
        try (TlsClient client = TlsClient.open(pki.context(null), at(), "web.example", "TLSv1.2", "TLSv1.3")) {
            assertEquals(
                    "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
                    client.socket().getSession().getCipherSuite());
        }
    }

    @ParameterizedTest
    @EnumSource(TlsProvider.class)
    void whatIsNoSuiteIsPassedOverAndWithNothingLeftTheUsualOnesHold(TlsProvider provider) throws Exception {
        serveOne(provider, "{mode: SIMPLE, credentialName: web, cipherSuites: [RC4-MD5]}");
        try (TlsClient client = TlsClient.open(pki.context(null), at(), "web.example", "TLSv1.2")) {
            assertEquals("TLSv1.2", client.socket().getSession().getProtocol());
        }
    }

    @ParameterizedTest
    @EnumSource(TlsProvider.class)
    void suitesForAnotherKindOfKeyLeaveTls13Alone(TlsProvider provider) throws Exception {
        Pki.write(certs, "rsa", pki.issueRsa("web.example"));
        serveOne(provider, "{mode: SIMPLE, credentialName: rsa, cipherSuites: [ECDHE-ECDSA-AES256-GCM-SHA384]}");
        try (TlsClient client = TlsClient.open(pki.context(null), at(), "web.example", "TLSv1.2", "TLSv1.3")) {
            assertEquals("TLSv1.3", client.socket().getSession().getProtocol());
        }
        assertThrows(IOException.class, () -> TlsClient.open(pki.context(null), at(), "web.example", "TLSv1.2"));
    }

    /** Neither library has it any more, and other suites are not what was asked for. */
    @ParameterizedTest
    @EnumSource(TlsProvider.class)
    void aSuiteThatNobodyHasLeavesTls13Alone(TlsProvider provider) throws Exception {
        serveOne(provider, "{mode: SIMPLE, credentialName: web, cipherSuites: [DES-CBC3-SHA]}");
        try (TlsClient client = TlsClient.open(pki.context(null), at(), "web.example", "TLSv1.2", "TLSv1.3")) {
            assertEquals("TLSv1.3", client.socket().getSession().getProtocol());
        }
        assertThrows(IOException.class, () -> TlsClient.open(pki.context(null), at(), "web.example", "TLSv1.2"));
    }

    @ParameterizedTest
    @EnumSource(TlsProvider.class)
    void aSuiteThatNobodyHasIsNoOtherUpToTls12(TlsProvider provider) throws Exception {
        serveOne(
                provider,
                "{mode: SIMPLE, credentialName: web, maxProtocolVersion: TLSV1_2, cipherSuites: [DES-CBC3-SHA]}");
        assertThrows(IOException.class, () -> TlsClient.open(pki.context(null), at(), "web.example", "TLSv1.2"));
    }

    @ParameterizedTest
    @EnumSource(TlsProvider.class)
    void choosesTheServerByNameExactBeforeWildcardAndGivesEachItsOwnHosts(TlsProvider provider) throws Exception {
        Pki.write(certs, "wild", pki.issue("*.wild.example"));
        Pki.write(certs, "exact", pki.issue("a.wild.example"));
        serve(
                provider,
                """
                apiVersion: networking.istio.io/v1
                kind: Gateway
                metadata: {name: gw}
                spec:
                  servers:
                  - port: {number: 8443, name: wild, protocol: HTTPS}
                    hosts: ["*.wild.example"]
                    tls: {mode: SIMPLE, credentialName: wild}
                  - port: {number: 8443, name: exact, protocol: HTTPS}
                    hosts: [a.wild.example]
                    tls: {mode: SIMPLE, credentialName: exact}
                  - port: {number: 8443, name: web, protocol: HTTPS}
                    hosts: [web.example]
                    tls: {mode: SIMPLE, credentialName: web}
                """);
        SSLContext context = pki.context(null);
        try (TlsClient client = TlsClient.open(context, at(), "a.wild.example")) {
            assertEquals(
                    List.of(List.of(2, "a.wild.example")),
                    client.certificate().getSubjectAlternativeNames().stream().toList());
        }
        try (TlsClient client = TlsClient.open(context, at(), "b.wild.example")) {
            assertTrue(client.get("b.wild.example", "/").startsWith("HTTP/1.1 200"));
            String elsewhere = client.get("web.example", "/");
            assertTrue(elsewhere.startsWith("HTTP/1.1 404"), elsewhere);
            assertTrue(elsewhere.contains("x-sluice-code: NO_ROUTE"), elsewhere);
        }
        IOException unknown = assertThrows(IOException.class, () -> TlsClient.open(context, at(), "nobody.example"));
        assertTrue(unknown.getMessage().contains("unrecognized_name"), unknown.getMessage());
        assertThrows(IOException.class, () -> TlsClient.open(context, at(), null));
        Awaitility.await().until(() -> failures(TlsFailure.NO_CHAIN) == 2);
    }

    /** Clients of gRPC give up without, and what is inside is for the client and the app to know. */
    @ParameterizedTest
    @EnumSource(TlsProvider.class)
    void agreesOnAProtocolForTheBytesInsideToo(TlsProvider provider) throws Exception {
        serve(
                provider,
                """
                apiVersion: networking.istio.io/v1
                kind: Gateway
                metadata: {name: gw}
                spec:
                  servers:
                  - port: {number: 8443, name: tls, protocol: TLS}
                    hosts: [bytes.example]
                    tls: {mode: SIMPLE, credentialName: web}
                ---
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: bytes}
                spec:
                  hosts: [bytes.example]
                  gateways: [gw]
                  tcp: [{route: [{destination: {host: app.example}}]}]
                """);
        SSLContext context = pki.context(null);
        assertEquals("h2", agreed(context, "http/1.1", "h2"));
        assertEquals("http/1.1", agreed(context, "http/1.1"));
        assertEquals("", agreed(context, "mysql"), "nothing in common: nothing is said of it");
        try (TlsClient client = TlsClient.open(context, at(), "bytes.example")) {
            assertTrue(client.get("app.example", "/").startsWith("HTTP/1.1 200"));
        }
    }

    private String agreed(SSLContext context, String... offered) throws IOException {
        try (TlsClient client = TlsClient.offering(context, at(), "bytes.example", offered)) {
            return client.socket().getApplicationProtocol();
        }
    }

    @ParameterizedTest
    @EnumSource(TlsProvider.class)
    void hasAnRsaAndAnEcdsaCertificateSideBySide(TlsProvider provider) throws Exception {
        Pki.write(certs, "rsa", pki.issueRsa("web.example"));
        serveOne(provider, "{mode: SIMPLE, credentialNames: [rsa, web], maxProtocolVersion: TLSV1_2}");
        SSLContext context = pki.context(null);
        try (TlsClient client = TlsClient.open(context, at(), "web.example")) {
            assertEquals("EC", client.certificate().getPublicKey().getAlgorithm());
        }
        // It checks ECDSA signatures all the same: up to TLS 1.2 the suite decides.
        String rsaSuite = "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256";
        try (TlsClient client = TlsClient.withSuites(context, at(), "web.example", rsaSuite)) {
            assertEquals("RSA", client.certificate().getPublicKey().getAlgorithm());
        }
    }

    /** Two certificates of one server need not be for the same names, nor of different kinds. */
    @ParameterizedTest
    @EnumSource(TlsProvider.class)
    void showsTheCertificateThatIsForTheNameOfTheClient(TlsProvider provider) throws Exception {
        Pki.write(certs, "one", pki.issueRsa("*.web.example"));
        Pki.write(certs, "other", pki.issue("other.example", "a.web.example"));
        serve(
                provider,
                """
                apiVersion: networking.istio.io/v1
                kind: Gateway
                metadata: {name: gw}
                spec:
                  servers:
                  - port: {number: 8443, name: https, protocol: HTTPS}
                    hosts: ["*"]
                    tls: {mode: SIMPLE, credentialNames: [one, other], maxProtocolVersion: TLSV1_2}
                """);
        SSLContext context = pki.context(null);
        assertEquals("EC", keyShownFor(context, "other.example"));
        assertEquals("RSA", keyShownFor(context, "b.web.example"));
        assertEquals("EC", keyShownFor(context, "a.web.example"), "an exact name goes before a wildcard");
        assertEquals("EC", keyShownFor(context, "nobody.example"), "neither is for it: what the client prefers");
    }

    private String keyShownFor(SSLContext context, String name) throws IOException {
        try (TlsClient client = TlsClient.open(context, at(), name)) {
            return client.certificate().getPublicKey().getAlgorithm();
        }
    }

    @ParameterizedTest
    @EnumSource(TlsProvider.class)
    void readsFilesAndSecretsToo(TlsProvider provider) throws Exception {
        X509Bundle pair = pki.issue("web.example");
        serveOne(
                provider,
                "{mode: SIMPLE, serverCertificate: " + certs.resolve("web/tls.crt") + ", privateKey: "
                        + certs.resolve("web/tls.key") + "}");
        assertTrue(get(pki.context(null), "web.example", "/").startsWith("HTTP/1.1 200"));
        proxy.close();
        Base64.Encoder base64 = Base64.getEncoder();
        serveOne(
                provider,
                "{mode: SIMPLE, credentialName: of-a-secret}\n---\napiVersion: v1\nkind: Secret\n"
                        + "metadata: {name: of-a-secret}\ntype: kubernetes.io/tls\ndata:\n  tls.crt: "
                        + base64.encodeToString(pair.getCertificatePathPEM().getBytes(StandardCharsets.US_ASCII))
                        + "\n  tls.key: "
                        + base64.encodeToString(pair.getPrivateKeyPEM().getBytes(StandardCharsets.US_ASCII)));
        try (TlsClient client = TlsClient.open(pki.context(null), at(), "web.example")) {
            assertEquals(pair.getCertificate(), client.certificate());
        }
    }

    @ParameterizedTest
    @EnumSource(TlsProvider.class)
    void resumesSessions(TlsProvider provider) throws Exception {
        serveOne(provider, "{mode: SIMPLE, credentialName: web}");
        SSLContext context = pki.context(null);
        Awaitility.await().untilAsserted(() -> {
            long created;
            try (TlsClient client = TlsClient.open(context, at(), "web.example", "TLSv1.3")) {
                created = client.socket().getSession().getCreationTime();
                client.get("web.example", "/");
            }
            try (TlsClient client = TlsClient.open(context, at(), "web.example", "TLSv1.3")) {
                assertEquals(created, client.socket().getSession().getCreationTime());
            }
        });
    }

    @ParameterizedTest
    @EnumSource(TlsProvider.class)
    void newHandshakesUseTheNewPairOldConnectionsLiveAndABrokenPairChangesNothing(TlsProvider provider)
            throws Exception {
        serveOne(provider, "{mode: SIMPLE, credentialName: web}");
        SSLContext context = pki.context(null);
        try (TlsClient old = TlsClient.open(context, at(), "web.example")) {
            X509Bundle second = pki.issue("web.example");
            Pki.write(certs, "web", second);
            Awaitility.await().untilAsserted(() -> assertEquals(second.getCertificate(), shown(context)));
            assertTrue(old.get("web.example", "/").startsWith("HTTP/1.1 200"));
            long failures = proxy.proxy().tls().counters().loadFailures();

            Files.writeString(
                    certs.resolve("web/tls.key"), pki.issue("web.example").getPrivateKeyPEM());
            Awaitility.await()
                    .until(() -> proxy.proxy().tls().certificates().get(0).problem() != null);
            String problem = proxy.proxy().tls().certificates().get(0).problem();
            assertTrue(problem.contains("is not that of the certificate"), problem);
            assertEquals(second.getCertificate(), shown(context));
            assertEquals(failures + 1, proxy.proxy().tls().counters().loadFailures());

            X509Bundle third = pki.issue("web.example");
            Pki.write(certs, "web", third);
            Awaitility.await().untilAsserted(() -> assertEquals(third.getCertificate(), shown(context)));
            Awaitility.await()
                    .until(() -> proxy.proxy().tls().certificates().get(0).problem() == null);
            assertTrue(old.get("web.example", "/").startsWith("HTTP/1.1 200"));
        }
    }

    @ParameterizedTest
    @EnumSource(TlsProvider.class)
    void followsTheLinkThatKubernetesSwaps(TlsProvider provider) throws Exception {
        Path volume = Files.createDirectories(certs.resolve("volume"));
        Pki.write(volume, "..1", pki.issue("web.example"));
        X509Bundle second = pki.issue("web.example");
        Pki.write(volume, "..2", second);
        Files.createSymbolicLink(volume.resolve("..data"), Path.of("..1"));
        Files.createSymbolicLink(volume.resolve("tls.crt"), Path.of("..data/tls.crt"));
        Files.createSymbolicLink(volume.resolve("tls.key"), Path.of("..data/tls.key"));
        serveOne(provider, "{mode: SIMPLE, credentialName: volume}");
        SSLContext context = pki.context(null);
        assertTrue(!second.getCertificate().equals(shown(context)));
        Files.createSymbolicLink(volume.resolve("..tmp"), Path.of("..2"));
        Files.move(volume.resolve("..tmp"), volume.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
        Awaitility.await().untilAsserted(() -> assertEquals(second.getCertificate(), shown(context)));
    }

    @ParameterizedTest
    @EnumSource(TlsProvider.class)
    void refusesHandshakesWhileThereIsNoCertificateAndServesOnceItComes(TlsProvider provider) throws Exception {
        serveOne(provider, "{mode: SIMPLE, credentialName: later}");
        SSLContext context = pki.context(null);
        IOException refused = assertThrows(IOException.class, () -> shown(context));
        assertTrue(refused.getMessage().contains("internal_error"), refused.getMessage());
        assertTrue(failures(TlsFailure.NO_OWN_CERTIFICATE) >= 1);
        X509Bundle later = pki.issue("web.example");
        Pki.write(certs, "later", later);
        Awaitility.await().ignoreExceptions().untilAsserted(() -> assertEquals(later.getCertificate(), shown(context)));
    }

    private X509Certificate shown(SSLContext context) throws IOException {
        try (TlsClient client = TlsClient.open(context, at(), "web.example")) {
            return client.certificate();
        }
    }
}
