package dev.sluice.proxy.e2e.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.proxy.e2e.fixture.TestProxy;
import dev.sluice.proxy.e2e.fixture.TestUpstream;
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
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Objects;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Which clients' certificates a server takes, and what the others are told, by both providers. */
class MutualTlsIT {
    private static final String SPIFFE = "spiffe://cluster.local/ns/default/sa/client";

    @TempDir
    Path certs;

    private TestUpstream app;
    private Pki pki;
    private TestProxy proxy;
    private boolean jdk;

    @BeforeEach
    void start() throws Exception {
        app = new TestUpstream("app");
        pki = new Pki("authority");
        Path own = Pki.write(certs, "web", pki.issue("web.example"));
        Files.writeString(own.resolve("ca.crt"), pki.pem());
    }

    @AfterEach
    void stop() {
        if (proxy != null) {
            proxy.close();
        }
        app.close();
    }

    private void serve(TlsProvider provider, String tls) throws Exception {
        start(provider, TlsShop.yaml(app.port(), tls));
    }

    private void start(TlsProvider provider, String yaml) throws Exception {
        jdk = provider == TlsProvider.JDK;
        proxy = TestProxy.start(yaml, new TlsRegistry(certs, () -> provider));
    }

    private String get(@Nullable X509Bundle own, String version, String... headers) throws Exception {
        try (TlsClient client = TlsClient.open(pki.context(own), proxy.address(8443), "web.example", version)) {
            return client.get("web.example", "/", headers);
        }
    }

    /** In both versions: with 1.3 a client learns of a refusal only after its own part of the handshake. */
    private void refuses(TlsFailure why, @Nullable X509Bundle own, String... alerts) throws Exception {
        try (LogLines log = LogLines.of(HandshakeLog.class)) {
            refused(why, own, alerts);
            assertEquals(2, log.all().size(), log.all().toString());
            for (String line : log.all()) {
                assertTrue(line.startsWith("WARNING TLS https.8443.https.gw.default from "), line);
                assertTrue(line.contains(" for web.example: " + why.text() + ": "), line);
                if (own != null && why != TlsFailure.PIN_MISMATCH) {
                    String name = firstName(own);
                    assertTrue(line.contains(name), line);
                }
                assertTrue(!line.contains("PRIVATE") && !line.contains("\n"), line);
            }
        }
    }

    private void refused(TlsFailure why, @Nullable X509Bundle own, String... alerts) throws Exception {
        long before = failures(why);
        for (String version : new String[] {"TLSv1.2", "TLSv1.3"}) {
            IOException refused = assertThrows(IOException.class, () -> get(own, version), version);
            String text = refused.toString();
            // The JDK's servers have one word for most of what is wrong with a client's certificate.
            boolean told =
                    Arrays.stream(alerts).anyMatch(text::contains) || (jdk && text.contains("certificate_unknown"));
            assertTrue(told, () -> version + ": " + text);
        }
        Awaitility.await().untilAsserted(() -> assertEquals(before + 2, failures(why)));
        assertTrue(app.seen().isEmpty());
    }

    private static String firstName(X509Bundle own) throws Exception {
        return own.getCertificate()
                .getSubjectAlternativeNames()
                .iterator()
                .next()
                .get(1)
                .toString();
    }

    private long failures(TlsFailure why) {
        return proxy.proxy().tls().counters().failures(Side.DOWNSTREAM, why);
    }

    @ParameterizedTest
    @EnumSource(TlsProvider.class)
    void letsInWhoWasSignedAndTellsTheAppWhoItIs(TlsProvider provider) throws Exception {
        serve(provider, "{mode: MUTUAL, credentialName: web}");
        X509Bundle own = pki.issue(SPIFFE, "client.example");
        String answer = get(own, "TLSv1.3", "x-forwarded-client-cert: Hash=forged");
        assertTrue(answer.startsWith("HTTP/1.1 200"), answer);
        String told = app.seen().get(0).header("x-forwarded-client-cert");
        String hash = HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256")
                        .digest(own.getCertificate().getEncoded()));
        assertTrue(told.startsWith("Hash=" + hash + ";Cert=\"-----BEGIN%20CERTIFICATE-----%0A"), told);
        assertTrue(told.endsWith(";Subject=\"CN=of a test\";URI=" + SPIFFE + ";DNS=client.example"), told);
    }

    @ParameterizedTest
    @EnumSource(TlsProvider.class)
    void aHeaderOfTheRuleSaysWhoTheClientIs(TlsProvider provider) throws Exception {
        String set = "{x-client: '%DOWNSTREAM_PEER_URI_SAN%', x-tls: '%DOWNSTREAM_TLS_VERSION%'}";
        start(
                provider,
                TlsShop.yaml(app.port(), "{mode: MUTUAL, credentialName: web}")
                        .replace("{route:", "{headers: {request: {set: " + set + "}}, route:"));
        get(pki.issue(SPIFFE), "TLSv1.2", "x-client: somebody else");
        assertEquals(SPIFFE, app.seen().get(0).header("x-client"));
        assertEquals("TLSv1.2", app.seen().get(0).header("x-tls"));
    }

    @ParameterizedTest
    @EnumSource(TlsProvider.class)
    void refusesWhoShowsNothing(TlsProvider provider) throws Exception {
        serve(provider, "{mode: MUTUAL, credentialName: web}");
        refuses(TlsFailure.NO_PEER_CERTIFICATE, null, "certificate_required", "bad_certificate", "handshake_failure");
    }

    @ParameterizedTest
    @EnumSource(TlsProvider.class)
    void refusesAnUnknownAuthority(TlsProvider provider) throws Exception {
        serve(provider, "{mode: MUTUAL, credentialName: web}");
        X509Bundle stranger = new Pki("authority").issue(SPIFFE);
        refuses(TlsFailure.UNKNOWN_CA, stranger, "unknown_ca");
    }

    @ParameterizedTest
    @EnumSource(TlsProvider.class)
    void refusesWhatHasExpired(TlsProvider provider) throws Exception {
        serve(provider, "{mode: MUTUAL, credentialName: web}");
        refuses(TlsFailure.EXPIRED, pki.issueExpired(SPIFFE), "certificate_expired");
    }

    @ParameterizedTest
    @EnumSource(TlsProvider.class)
    void refusesWhatIsRevoked(TlsProvider provider) throws Exception {
        X509Bundle revoked = pki.issue(SPIFFE);
        Files.writeString(certs.resolve("web/ca.crl"), pki.crl(revoked));
        serve(provider, "{mode: MUTUAL, credentialName: web}");
        refuses(TlsFailure.REVOKED, revoked, "certificate_revoked");
        assertTrue(get(pki.issue(SPIFFE), "TLSv1.3").startsWith("HTTP/1.1 200"));
    }

    @ParameterizedTest
    @EnumSource(TlsProvider.class)
    void refusesWhatIsRevokedFromWhenTheListSaysSo(TlsProvider provider) throws Exception {
        X509Bundle own = pki.issue(SPIFFE);
        serve(provider, "{mode: MUTUAL, credentialName: web}");
        assertTrue(get(own, "TLSv1.3").startsWith("HTTP/1.1 200"));
        Files.writeString(certs.resolve("web/ca.crl"), pki.crl(own));
        Awaitility.await().untilAsserted(() -> assertThrows(IOException.class, () -> get(own, "TLSv1.3")));
        Files.writeString(certs.resolve("web/ca.crl"), pki.crl());
        Awaitility.await()
                .ignoreExceptions()
                .untilAsserted(() -> assertTrue(get(own, "TLSv1.3").startsWith("HTTP/1.1 200")));
    }

    @ParameterizedTest
    @EnumSource(TlsProvider.class)
    void aListMayBeInASecret(TlsProvider provider) throws Exception {
        X509Bundle revoked = pki.issue(SPIFFE);
        X509Bundle web = pki.issue("web.example");
        start(
                provider,
                TlsShop.yaml(app.port(), "{mode: MUTUAL, credentialName: other}")
                        + secret("other", "tls.crt", web.getCertificatePathPEM(), "tls.key", web.getPrivateKeyPEM())
                        + secret("other-cacert", "cacert", pki.pem(), "crl", pki.crl(revoked)));
        refuses(TlsFailure.REVOKED, revoked, "certificate_revoked");
        assertTrue(get(pki.issue(SPIFFE), "TLSv1.3").startsWith("HTTP/1.1 200"));
    }

    private static String secret(String name, String... entries) {
        StringBuilder yaml =
                new StringBuilder("\n---\napiVersion: v1\nkind: Secret\nmetadata: {name: " + name + "}\nstringData:\n");
        for (int i = 0; i < entries.length; i += 2) {
            yaml.append("  ").append(entries[i]).append(": |\n").append(entries[i + 1].indent(4));
        }
        return yaml.toString();
    }

    @ParameterizedTest
    @EnumSource(TlsProvider.class)
    void authoritiesOfTheirOwnCountBeforeTheOneThatSignedTheServer(TlsProvider provider) throws Exception {
        Pki clients = new Pki("clients");
        Files.createDirectories(certs.resolve("web-cacert"));
        Files.writeString(certs.resolve("web-cacert/ca.crt"), clients.pem());
        serve(provider, "{mode: MUTUAL, credentialName: web}");
        X509Bundle server = pki.issue(SPIFFE);
        assertThrows(IOException.class, () -> get(server, "TLSv1.3"));
        X509Bundle client = clients.issue(SPIFFE);
        assertTrue(get(client, "TLSv1.3").startsWith("HTTP/1.1 200"));
    }

    @ParameterizedTest
    @EnumSource(TlsProvider.class)
    void refusesAnotherNameThanThoseThatAreListed(TlsProvider provider) throws Exception {
        serve(provider, "{mode: MUTUAL, credentialName: web, subjectAltNames: [\"" + SPIFFE + "\"]}");
        refuses(
                TlsFailure.NAME_MISMATCH,
                pki.issue("spiffe://cluster.local/ns/default/sa/other"),
                "bad_certificate",
                "certificate_unknown");
        assertTrue(get(pki.issue(SPIFFE), "TLSv1.2").startsWith("HTTP/1.1 200"));
    }

    @ParameterizedTest
    @EnumSource(TlsProvider.class)
    void takesOnlyThePinnedKeyOrCertificate(TlsProvider provider) throws Exception {
        X509Bundle byKey = pki.issue(SPIFFE);
        X509Bundle byHash = pki.issue(SPIFFE);
        MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
        String spki = Base64.getEncoder()
                .encodeToString(
                        sha256.digest(byKey.getCertificate().getPublicKey().getEncoded()));
        String hash = HexFormat.ofDelimiter(":")
                .withUpperCase()
                .formatHex(sha256.digest(byHash.getCertificate().getEncoded()));
        serve(
                provider,
                "{mode: MUTUAL, credentialName: web, verifyCertificateSpki: [\"" + spki
                        + "\"], verifyCertificateHash: [\"" + hash + "\"]}");
        refuses(TlsFailure.PIN_MISMATCH, pki.issue(SPIFFE), "bad_certificate", "certificate_unknown");
        assertTrue(get(byKey, "TLSv1.3").startsWith("HTTP/1.1 200"));
        assertTrue(get(byHash, "TLSv1.3").startsWith("HTTP/1.1 200"));
    }

    @ParameterizedTest
    @EnumSource(TlsProvider.class)
    void anOptionalCertificateMayBeMissingButNotBad(TlsProvider provider) throws Exception {
        serve(provider, "{mode: OPTIONAL_MUTUAL, credentialName: web}");
        refuses(TlsFailure.EXPIRED, pki.issueExpired(SPIFFE), "certificate_expired");
        assertTrue(get(null, "TLSv1.3").startsWith("HTTP/1.1 200"));
        assertEquals(null, app.seen().get(0).header("x-forwarded-client-cert"));
        assertTrue(get(pki.issue(SPIFFE), "TLSv1.3").startsWith("HTTP/1.1 200"));
        assertTrue(app.seen().get(1).header("x-forwarded-client-cert").contains(SPIFFE));
    }

    @ParameterizedTest
    @EnumSource(TlsProvider.class)
    void insecureSkipVerifyLetsInWhatFails(TlsProvider provider) throws Exception {
        serve(provider, "{mode: MUTUAL, credentialName: web, insecureSkipVerify: true}");
        assertTrue(get(pki.issueExpired(SPIFFE), "TLSv1.3").startsWith("HTTP/1.1 200"));
    }

    @ParameterizedTest
    @EnumSource(TlsProvider.class)
    void withoutAuthoritiesNobodyIsLetIn(TlsProvider provider) throws Exception {
        Files.delete(certs.resolve("web/ca.crt"));
        serve(provider, "{mode: MUTUAL, credentialName: web}");
        assertThrows(IOException.class, () -> get(pki.issue(SPIFFE), "TLSv1.3"));
        assertTrue(failures(TlsFailure.NO_OWN_CERTIFICATE) >= 1);
        String problem = proxy.proxy().tls().certificates().get(0).problem();
        assertTrue(problem.contains("ca.crt"), problem);
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
        serve(provider, "{mode: OPTIONAL_MUTUAL, credentialName: web}");
        X509Bundle own = pki.issue(SPIFFE);
        get(own, version);
        ConnectionTls tls = Objects.requireNonNull(proxy.ended().connection().tls());
        // The engines of the first are freed with it.
        proxy.close();
        serve(provider, "{mode: SIMPLE, credentialName: web}");
        assertEquals(version, tls.version());
        assertTrue(tls.cipher().startsWith(cipher), tls.cipher());
        assertEquals(SPIFFE, tls.peer(CertificateFact.URI_SAN));
        assertEquals("web.example", tls.own(CertificateFact.DNS_SAN));
        assertEquals(new Principals("", SPIFFE), tls.principals());
    }

    @ParameterizedTest
    @EnumSource(TlsProvider.class)
    void aClientThatShowsNoCertificateIsNobody(TlsProvider provider) throws Exception {
        serve(provider, "{mode: OPTIONAL_MUTUAL, credentialName: web}");
        get(null, "TLSv1.3");
        ConnectionTls tls = Objects.requireNonNull(proxy.ended().connection().tls());
        assertNull(tls.peer(CertificateFact.SUBJECT));
        assertNull(tls.principals());
        assertEquals("web.example", tls.own(CertificateFact.DNS_SAN));
    }
}
