package dev.sluice.proxy.e2e.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.proxy.e2e.fixture.Streams;
import dev.sluice.proxy.e2e.fixture.TestProxy;
import dev.sluice.proxy.stream.CertificateFact;
import dev.sluice.proxy.stream.ConnectionTls;
import dev.sluice.proxy.stream.ConnectionTls.Principals;
import dev.sluice.proxy.tls.HandshakeLog;
import dev.sluice.proxy.tls.TlsCounters.Side;
import dev.sluice.proxy.tls.TlsFailure;
import dev.sluice.proxy.tls.TlsProvider;
import dev.sluice.proxy.tls.TlsRegistry;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** TLS towards upstreams as DestinationRules ask for it, by both providers. */
class TlsUpstreamIT {
    private static final String ME = "spiffe://cluster.local/ns/default/sa/me";
    private static final String APP = "spiffe://cluster.local/ns/default/sa/app";
    private static final String YAML =
            """
            apiVersion: networking.istio.io/v1
            kind: Gateway
            metadata: {name: gw}
            spec:
              servers:
              - port: {number: 8080, name: http, protocol: HTTP}
                hosts: ["*"]
            ---
            apiVersion: networking.istio.io/v1
            kind: ServiceEntry
            metadata: {name: app}
            spec:
              hosts: [app.example]
              resolution: STATIC
              ports: [{number: 80, name: http, protocol: HTTP, targetPort: 443}]
              endpoints: [{address: 127.0.0.1, ports: {http: PORT}}]
            ---
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: app}
            spec:
              hosts: ["*"]
              gateways: [gw]
              http: [{route: [{destination: {host: app.example}}], retries: {attempts: 0}}]
            ---
            apiVersion: networking.istio.io/v1
            kind: DestinationRule
            metadata: {name: app}
            spec:
              host: app.example
              trafficPolicy:
                tls: TLS
            """;

    @TempDir
    Path files;

    private final HttpClient client = HttpClient.newHttpClient();
    private Pki pki;
    private TlsUpstream app;
    private TestProxy proxy;

    @BeforeEach
    void start() throws Exception {
        pki = new Pki("authority");
        Files.writeString(files.resolve("ca.crt"), pki.pem());
    }

    @AfterEach
    void stop() {
        if (proxy != null) {
            proxy.close();
        }
        if (app != null) {
            app.close();
        }
    }

    private void serve(TlsProvider provider, X509Bundle server, boolean needsClient, String tls) throws Exception {
        app = new TlsUpstream(pki.context(server), needsClient);
        serve(provider, app.port(), tls);
    }

    /** With mutual TLS as in a mesh, to an app of that identity. */
    private void serveMesh(TlsProvider provider, String... versions) throws Exception {
        Path own = Pki.write(files, "default", pki.issue(ME));
        Files.copy(files.resolve("ca.crt"), own.resolve("ca.crt"));
        app = new TlsUpstream(pki.context(pki.issue(APP)), true, versions);
        serve(provider, app.port(), "{mode: ISTIO_MUTUAL, sni: mesh.example}");
    }

    private void serve(TlsProvider provider, int port, String tls) throws Exception {
        proxy = TestProxy.start(
                YAML.replace("PORT", String.valueOf(port))
                        .replace("TLS\n", tls.replace("DIR", files.toString()) + "\n"),
                new TlsRegistry(files, () -> provider));
    }

    private HttpResponse<String> get(String host) throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(URI.create(proxy.url(8080) + "/"))
                        .setHeader("Host", host)
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private void refuses(TlsFailure why, String host) throws IOException, InterruptedException {
        refuses(why, host, host);
    }

    /** @param name that the server is asked for */
    private void refuses(TlsFailure why, String host, String name) throws IOException, InterruptedException {
        try (LogLines log = LogLines.of(HandshakeLog.class)) {
            HttpResponse<String> answer = get(host);
            assertEquals(503, answer.statusCode());
            assertEquals(
                    "CONNECT_FAILED",
                    answer.headers().firstValue("x-sluice-code").orElse(""));
            assertEquals(
                    "upstream connect error or disconnect/reset before headers. reset reason: remote connection failure,"
                            + " transport failure reason: TLS_error:|268435581:SSL routines:OPENSSL_internal:"
                            + "CERTIFICATE_VERIFY_FAILED:TLS_error_end",
                    answer.body());
            assertEquals(1, log.all().size(), log.all().toString());
            String line = log.all().get(0);
            assertTrue(line.startsWith("WARNING TLS to "), line);
            assertTrue(line.contains(" for " + name + ": " + why.text() + ": "), line);
            assertTrue(line.contains("a.example"), "the name of the certificate: " + line);
        }
        assertEquals(1, proxy.proxy().tls().counters().failures(Side.UPSTREAM, why));
        assertTrue(app.seen().isEmpty());
    }

    @ParameterizedTest
    @EnumSource(TlsProvider.class)
    void namesAndVerifiesTheRequestsOwnHostWhereNothingElseIsSaid(TlsProvider provider) throws Exception {
        serve(provider, pki.issue("a.example", "b.example"), false, "{mode: SIMPLE, caCertificates: DIR/ca.crt}");
        assertEquals("secured", get("a.example").body());
        assertEquals("secured", get("B.example:8080").body());
        assertEquals("secured", get("a.example").body());
        assertEquals(
                List.of("a.example", "b.example", "a.example"),
                app.seen().stream().map(TlsUpstream.Seen::serverName).toList());
        assertEquals(2, proxy.proxy().tls().counters().handshakes(Side.UPSTREAM), "one connection for each name");
    }

    @ParameterizedTest
    @EnumSource(TlsProvider.class)
    void refusesACertificateForAnotherName(TlsProvider provider) throws Exception {
        serve(provider, pki.issue("a.example"), false, "{mode: SIMPLE, caCertificates: DIR/ca.crt}");
        refuses(TlsFailure.NAME_MISMATCH, "b.example");
    }

    @ParameterizedTest
    @EnumSource(TlsProvider.class)
    void theLogSaysTheNameThatIsConfigured(TlsProvider provider) throws Exception {
        serve(
                provider,
                pki.issue("a.example"),
                false,
                "{mode: SIMPLE, caCertificates: DIR/ca.crt, sni: other.example}");
        refuses(TlsFailure.NAME_MISMATCH, "b.example", "other.example");
    }

    @ParameterizedTest
    @EnumSource(TlsProvider.class)
    void theLogSaysThatACommonNameDoesNotCount(TlsProvider provider) throws Exception {
        serve(provider, pki.issue(), false, "{mode: SIMPLE, caCertificates: DIR/ca.crt, sni: nobody}");
        try (LogLines log = LogLines.of(HandshakeLog.class)) {
            assertEquals(503, get("a.example").statusCode());
            String line = log.all().get(0);
            assertTrue(line.endsWith("no subjectAltName, and a common name does not count; wanted [nobody]"), line);
        }
    }

    @ParameterizedTest
    @EnumSource(TlsProvider.class)
    void refusesAnUnknownAuthorityAlsoWhenTheSystemsAreAsked(TlsProvider provider) throws Exception {
        serve(provider, pki.issue("a.example"), false, "{mode: SIMPLE}");
        refuses(TlsFailure.UNKNOWN_CA, "a.example");
    }

    @ParameterizedTest
    @EnumSource(TlsProvider.class)
    void refusesAnExpiredCertificate(TlsProvider provider) throws Exception {
        serve(provider, pki.issueExpired("a.example"), false, "{mode: SIMPLE, caCertificates: DIR/ca.crt}");
        refuses(TlsFailure.EXPIRED, "a.example");
    }

    @ParameterizedTest
    @EnumSource(TlsProvider.class)
    void refusesARevokedCertificate(TlsProvider provider) throws Exception {
        X509Bundle revoked = pki.issue("a.example");
        Files.writeString(files.resolve("ca.crl"), pki.crl(revoked));
        serve(provider, revoked, false, "{mode: SIMPLE, caCertificates: DIR/ca.crt, caCrl: DIR/ca.crl}");
        refuses(TlsFailure.REVOKED, "a.example");
    }

    @ParameterizedTest
    @EnumSource(TlsProvider.class)
    void refusesWhatTheCredentialsOwnListRevokesFromWhenItSaysSo(TlsProvider provider) throws Exception {
        X509Bundle server = pki.issue("a.example");
        Path trusted = Files.createDirectories(files.resolve("trusted"));
        Files.writeString(trusted.resolve("ca.crt"), pki.pem());
        serve(provider, server, false, "{mode: SIMPLE, credentialName: trusted}");
        assertEquals("secured", get("a.example").body());
        Files.writeString(trusted.resolve("ca.crl"), pki.crl(server));
        // The connection that is there lives on: another name makes a new one.
        Awaitility.await().untilAsserted(() -> {
            assertEquals(503, get("x" + System.nanoTime() + ".example").statusCode());
            assertTrue(proxy.proxy().tls().counters().failures(Side.UPSTREAM, TlsFailure.REVOKED) > 0);
        });
    }

    @ParameterizedTest
    @EnumSource(TlsProvider.class)
    void refusesATrustedCertificateWhoseTimeIsOver(TlsProvider provider) throws Exception {
        X509Bundle pinned = pki.issueExpired("a.example");
        Files.writeString(files.resolve("ca.crt"), pinned.getCertificatePEM());
        serve(provider, pinned, false, "{mode: SIMPLE, caCertificates: DIR/ca.crt}");
        refuses(TlsFailure.EXPIRED, "a.example");
    }

    @ParameterizedTest
    @EnumSource(TlsProvider.class)
    void takesASpiffeIdentityAndSaysTheNameThatIsConfigured(TlsProvider provider) throws Exception {
        serve(
                provider,
                pki.issue(APP),
                false,
                "{mode: SIMPLE, caCertificates: DIR/ca.crt, sni: front.example," + " subjectAltNames: [\"" + APP
                        + "\"]}");
        assertEquals("secured", get("any.example").body());
        assertEquals("front.example", app.seen().get(0).serverName());
    }

    @ParameterizedTest
    @EnumSource(TlsProvider.class)
    void skipsAllChecksWhenToldTo(TlsProvider provider) throws Exception {
        serve(provider, pki.issueExpired("other.example"), false, "{mode: SIMPLE, insecureSkipVerify: true}");
        assertEquals("secured", get("a.example").body());
    }

    @ParameterizedTest
    @EnumSource(TlsProvider.class)
    void showsItsOwnCertificateByFilesAndByCredential(TlsProvider provider) throws Exception {
        Path own = Pki.write(files, "client", pki.issue("client.example"));
        Files.copy(files.resolve("ca.crt"), own.resolve("ca.crt"));
        serve(
                provider,
                pki.issue("a.example"),
                true,
                "{mode: MUTUAL, caCertificates: DIR/ca.crt, clientCertificate: DIR/client/tls.crt,"
                        + " privateKey: DIR/client/tls.key}");
        assertEquals("secured", get("a.example").body());
        assertEquals("CN=of a test", app.seen().get(0).client());
        int port = app.port();
        proxy.reload(YAML.replace("PORT", String.valueOf(port))
                .replace("TLS\n", "{mode: MUTUAL, credentialName: client}\n"));
        assertEquals("secured", get("a.example").body());
        assertEquals("CN=of a test", app.seen().get(1).client());
    }

    @ParameterizedTest
    @EnumSource(TlsProvider.class)
    void istioMutualTakesTheWorkloadsCredential(TlsProvider provider) throws Exception {
        serveMesh(provider, "TLSv1.3", "TLSv1.2");
        assertEquals("secured", get("a.example").body());
        assertEquals("CN=of a test", app.seen().get(0).client());
        assertEquals("mesh.example", app.seen().get(0).serverName());
    }

    @ParameterizedTest
    @EnumSource(TlsProvider.class)
    void aHandshakeWithoutTheCertificateThatIsAskedForIs503AndCounted(TlsProvider provider) throws Exception {
        serve(provider, pki.issue("a.example"), false, "{mode: MUTUAL, credentialName: missing}");
        HttpResponse<String> answer = get("a.example");
        assertEquals(503, answer.statusCode());
        assertEquals(1, proxy.proxy().tls().counters().failures(Side.UPSTREAM, TlsFailure.NO_OWN_CERTIFICATE));
    }

    @ParameterizedTest
    @EnumSource(TlsProvider.class)
    void aServerThatRefusesOurCertificateIsToldOfAlsoByTls13(TlsProvider provider) throws Exception {
        try (RefusingTlsServer server = RefusingTlsServer.start(pki.context(pki.issue("a.example")));
                LogLines log = LogLines.of(HandshakeLog.class)) {
            serve(provider, server.port(), "{mode: SIMPLE, caCertificates: DIR/ca.crt}");
            // The handshake is done on this side and the request is under way when the alert comes.
            HttpResponse<String> answer = get("a.example");
            assertEquals(503, answer.statusCode());
            assertEquals(
                    "UPSTREAM_CLOSED",
                    answer.headers().firstValue("x-sluice-code").orElse(""));
            Awaitility.await().until(() -> !log.all().isEmpty());
            String line = log.all().get(0);
            assertTrue(line.startsWith("WARNING TLS to "), line);
            assertTrue(line.contains(" for a.example: peer_alert: "), line);
            assertEquals(1, log.all().size(), log.all().toString());
        }
        assertEquals(1, proxy.proxy().tls().counters().failures(Side.UPSTREAM, TlsFailure.PEER_ALERT));
    }

    @ParameterizedTest
    @EnumSource(TlsProvider.class)
    void resumesSessions(TlsProvider provider) throws Exception {
        serve(provider, pki.issue("a.example"), false, "{mode: SIMPLE, caCertificates: DIR/ca.crt}");
        get("a.example");
        long first = app.seen().get(0).sessionMillis();
        // A change of the rule's settings makes new connections; the TLS stays the same, and with it its sessions.
        proxy.reload(YAML.replace("PORT", String.valueOf(app.port()))
                .replace(
                        "TLS\n",
                        "{mode: SIMPLE, caCertificates: " + files + "/ca.crt}\n"
                                + "    connectionPool: {tcp: {tcpKeepalive: {time: 60s}}}\n"));
        // The connections of before are let go by their own loops.
        Awaitility.await().until(() -> {
            get("a.example");
            return proxy.proxy().tls().counters().handshakes(Side.UPSTREAM) == 2;
        });
        assertEquals(first, app.seen().get(app.seen().size() - 1).sessionMillis());
        for (TlsUpstream.Seen each : app.seen()) {
            // Also of the one that was resumed, for which no certificate was sent.
            assertEquals("a.example", upstreamTls().peer(CertificateFact.DNS_SAN), each.toString());
        }
    }

    /** Of the next request that ends. */
    private ConnectionTls upstreamTls() throws InterruptedException {
        return Objects.requireNonNull(proxy.ended().upstreamTls());
    }

    @ParameterizedTest
    @CsvSource({
        "BORINGSSL, TLSv1.3, TLS_",
        "BORINGSSL, TLSv1.2, ECDHE-ECDSA-",
        "JDK, TLSv1.3, TLS_",
        "JDK, TLSv1.2, ECDHE-ECDSA-"
    })
    void whatAHandshakeAgreedOnIsKnownWhenItsConnectionIsOver(TlsProvider provider, String version, String cipher)
            throws Exception {
        serveMesh(provider, version);
        get("a.example");
        ConnectionTls tls = upstreamTls();
        // The engines of the first are freed with it.
        proxy.close();
        serve(provider, app.port(), "{mode: SIMPLE}");
        assertEquals(version, tls.version());
        assertTrue(tls.cipher().startsWith(cipher), tls.cipher());
        assertEquals(APP, tls.peer(CertificateFact.URI_SAN));
        assertEquals(ME, tls.own(CertificateFact.URI_SAN));
        assertEquals(new Principals(ME, APP), tls.principals());
    }

    @ParameterizedTest
    @EnumSource(TlsProvider.class)
    void withoutACertificateOfOurOwnOnlyTheServersIsKnown(TlsProvider provider) throws Exception {
        serve(provider, pki.issue("a.example"), false, "{mode: SIMPLE, caCertificates: DIR/ca.crt}");
        get("a.example");
        ConnectionTls tls = upstreamTls();
        assertEquals("a.example", tls.peer(CertificateFact.DNS_SAN));
        assertNull(tls.own(CertificateFact.SUBJECT));
        assertEquals(new Principals("", ""), tls.principals());
    }

    @ParameterizedTest
    @EnumSource(TlsProvider.class)
    void bytesGoOnByTlsThatIsKnownToo(TlsProvider provider) throws Exception {
        app = new TlsUpstream(pki.context(pki.issue("a.example")), false);
        proxy = TestProxy.start(
                Streams.yaml(
                        "[{destination: {host: bytes.example.com}}]",
                        "{tls: {mode: SIMPLE, sni: a.example, caCertificates: " + files.resolve("ca.crt") + "}}",
                        app.port()),
                new TlsRegistry(files, () -> provider));
        try (Socket client = Streams.connect(proxy.address(9000))) {
            Streams.send(client, "GET / HTTP/1.1\r\nHost: a.example\r\nConnection: close\r\n\r\n");
            assertTrue(Streams.readAll(client).endsWith("secured"));
        }
        Awaitility.await().until(() -> !proxy.streams().isEmpty());
        ConnectionTls tls = Objects.requireNonNull(proxy.streams().get(0).upstreamTls());
        assertEquals("TLSv1.3", tls.version());
        assertEquals("a.example", tls.peer(CertificateFact.DNS_SAN));
    }
}
