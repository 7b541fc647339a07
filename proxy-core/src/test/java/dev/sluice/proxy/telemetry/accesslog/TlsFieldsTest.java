package dev.sluice.proxy.telemetry.accesslog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.proxy.exchange.Destination;
import dev.sluice.proxy.telemetry.AgreedTls;
import dev.sluice.proxy.telemetry.Traffic;
import java.io.ByteArrayInputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What Envoy's operators say of TLS that ends here, and of TLS that begins here. */
class TlsFieldsTest {
    private static final AgreedTls MUTUAL = AgreedTls.mutual();
    private static final Destination REVIEWS = Traffic.destination("reviews", null, Map.of());

    /** Of a request that came in by {@code tls}, as the server that we are saw it, and went on by the like as a client. */
    private static String said(String format, AgreedTls tls) {
        Written written = Written.text(format);
        Traffic traffic = new Traffic(written).over(tls).onwardsOver(tls.fromTheOtherSide());
        traffic.answer(traffic.start(Traffic.get("/").build()), REVIEWS, 200);
        return written.line();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "%DOWNSTREAM_TLS_VERSION% | TLSv1.3",
                "%DOWNSTREAM_TLS_CIPHER% | TLS_AES_128_GCM_SHA256",
                "%DOWNSTREAM_TLS_SESSION_ID% | 0aff",
                "%DOWNSTREAM_PEER_SUBJECT% | CN=client,O=Shop",
                "%DOWNSTREAM_PEER_ISSUER% | CN=client,O=Shop",
                "%DOWNSTREAM_PEER_SERIAL% | 0abc",
                "%DOWNSTREAM_PEER_URI_SAN% | spiffe://cluster.local/ns/shop/sa/client",
                "%DOWNSTREAM_PEER_DNS_SAN% | client.example,client.test",
                "%DOWNSTREAM_PEER_IP_SAN% | 10.0.0.1",
                "%DOWNSTREAM_PEER_EMAIL_SAN% | -",
                "%DOWNSTREAM_LOCAL_SUBJECT% | CN=server,O=Shop",
                "%DOWNSTREAM_LOCAL_URI_SAN% | spiffe://cluster.local/ns/shop/sa/server",
                "%DOWNSTREAM_LOCAL_DNS_SAN% | server.example,server.test",
                "%DOWNSTREAM_LOCAL_OTHERNAME_SAN% | -",
                "%UPSTREAM_TLS_VERSION% | TLSv1.3",
                "%UPSTREAM_TLS_CIPHER% | TLS_AES_128_GCM_SHA256",
                "%UPSTREAM_TLS_SESSION_ID% | 0aff",
                "%UPSTREAM_PEER_SUBJECT% | CN=server,O=Shop",
                "%UPSTREAM_PEER_ISSUER% | CN=server,O=Shop",
                "%UPSTREAM_PEER_SERIAL% | 0abc",
                "%UPSTREAM_PEER_URI_SAN% | spiffe://cluster.local/ns/shop/sa/server",
                "%UPSTREAM_PEER_DNS_SAN% | server.example,server.test",
                "%UPSTREAM_PEER_IP_SAN% | 10.0.0.1",
                "%UPSTREAM_PEER_EMAIL_SAN% | -",
                "%UPSTREAM_PEER_CERT_V_START% | -",
                "%UPSTREAM_LOCAL_SUBJECT% | CN=client,O=Shop",
                "%UPSTREAM_LOCAL_URI_SAN% | spiffe://cluster.local/ns/shop/sa/client",
                "%UPSTREAM_LOCAL_DNS_SAN% | client.example,client.test",
                "%UPSTREAM_LOCAL_OTHERNAME_SAN% | -",
            })
    void anOperatorSays(String format, String expected) {
        assertEquals(expected, said(format, MUTUAL));
    }

    @ParameterizedTest
    @CsvSource({"FINGERPRINT_256, SHA-256", "FINGERPRINT_1, SHA-1"})
    void aFingerprintIsThatOfThePeersCertificate(String operator, String digest) throws Exception {
        assertEquals(fingerprint(MUTUAL.peerCertificate(), digest), said("%DOWNSTREAM_PEER_" + operator + "%", MUTUAL));
        assertEquals(fingerprint(MUTUAL.ownCertificate(), digest), said("%UPSTREAM_PEER_" + operator + "%", MUTUAL));
    }

    @ParameterizedTest
    @ValueSource(strings = {"%DOWNSTREAM_PEER_CERT%", "%UPSTREAM_PEER_CERT%"})
    void theWholeCertificateIsOneWord(String format) throws Exception {
        String word = said(format, MUTUAL);
        assertTrue(word.matches("[A-Za-z0-9._~%-]+"), word);
        X509Certificate peer = format.startsWith("%DOWN") ? MUTUAL.peerCertificate() : MUTUAL.ownCertificate();
        String pem = URLDecoder.decode(word, StandardCharsets.US_ASCII);
        assertEquals(
                peer,
                CertificateFactory.getInstance("X.509")
                        .generateCertificate(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII))));
    }

    private static String fingerprint(X509Certificate certificate, String digest) throws Exception {
        assertNotNull(certificate);
        return HexFormat.of().formatHex(MessageDigest.getInstance(digest).digest(certificate.getEncoded()));
    }

    @Test
    void aClientWithoutACertificateHasNoName() {
        String format = "%DOWNSTREAM_TLS_VERSION% %DOWNSTREAM_PEER_SUBJECT% %DOWNSTREAM_LOCAL_SUBJECT%";
        assertEquals("TLSv1.3 - CN=server,O=Shop", said(format, AgreedTls.simple()));
    }

    @Test
    void towardsAnUpstreamWeHaveNoNameWithoutACertificate() {
        String format = "%UPSTREAM_TLS_VERSION% %UPSTREAM_PEER_SUBJECT% %UPSTREAM_LOCAL_SUBJECT%";
        assertEquals("TLSv1.3 CN=server,O=Shop -", said(format, AgreedTls.simple()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "%DOWNSTREAM_TLS_VERSION%",
                "%DOWNSTREAM_LOCAL_SUBJECT%",
                "%DOWNSTREAM_PEER_SERIAL%",
                "%UPSTREAM_TLS_VERSION%",
                "%UPSTREAM_LOCAL_SUBJECT%",
                "%UPSTREAM_PEER_SERIAL%"
            })
    void clearTextHasNone(String format) {
        Written written = Written.text(format);
        Traffic traffic = new Traffic(written);
        traffic.answer(traffic.start(Traffic.get("/").build()), REVIEWS, 200);
        assertEquals("-", written.line());
    }
}
