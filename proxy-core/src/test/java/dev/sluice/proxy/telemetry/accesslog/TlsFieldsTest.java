package dev.sluice.proxy.telemetry.accesslog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import dev.sluice.proxy.exchange.Exchange;
import dev.sluice.proxy.stream.ErrorCode;
import dev.sluice.proxy.stream.ProxyError;
import dev.sluice.proxy.telemetry.AgreedTls;
import dev.sluice.proxy.telemetry.Traffic;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What Envoy's operators say of TLS that ends here. */
class TlsFieldsTest {
    private static final AgreedTls MUTUAL = AgreedTls.mutual();

    private static String said(String format, AgreedTls tls) {
        Written written = Written.text(format);
        Exchange exchange =
                new Traffic(written).over(tls).start(Traffic.get("/").build());
        exchange.fail(ProxyError.proxy(ErrorCode.NO_ROUTE, ""));
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
                "%UPSTREAM_LOCAL_URI_SAN% | -",
            })
    void anOperatorSays(String format, String expected) {
        assertEquals(expected, said(format, MUTUAL));
    }

    @ParameterizedTest
    @CsvSource({"FINGERPRINT_256, SHA-256", "FINGERPRINT_1, SHA-1"})
    void aFingerprintIsThatOfTheClientsCertificate(String operator, String digest) throws Exception {
        byte[] print =
                MessageDigest.getInstance(digest).digest(certificate(MUTUAL).getEncoded());
        assertEquals(HexFormat.of().formatHex(print), said("%DOWNSTREAM_PEER_" + operator + "%", MUTUAL));
    }

    private static X509Certificate certificate(AgreedTls tls) {
        X509Certificate peer = tls.peer();
        assertNotNull(peer);
        return peer;
    }

    @Test
    void aClientWithoutACertificateHasNoName() {
        String format = "%DOWNSTREAM_TLS_VERSION% %DOWNSTREAM_PEER_SUBJECT% %DOWNSTREAM_LOCAL_SUBJECT%";
        assertEquals("TLSv1.3 - CN=server,O=Shop", said(format, AgreedTls.simple()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"%DOWNSTREAM_TLS_VERSION%", "%DOWNSTREAM_LOCAL_SUBJECT%", "%DOWNSTREAM_PEER_SERIAL%"})
    void clearTextHasNone(String format) {
        Written written = Written.text(format);
        new Traffic(written).start(Traffic.get("/").build()).fail(ProxyError.proxy(ErrorCode.NO_ROUTE, ""));
        assertEquals("-", written.line());
    }
}
