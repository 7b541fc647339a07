package dev.sluice.proxy.tls;

import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.sluice.proxy.stream.CertificateFact;
import io.netty.pkitesting.CertificateBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What becomes of a certificate's facts when they are asked for again; what they say is TlsFieldsTest's. */
class CertificateTextTest {
    private static CertificateText text() throws Exception {
        return new CertificateText(new CertificateBuilder()
                .ecp256()
                .subject("CN=test")
                .setIsCertificateAuthority(true)
                .addSanUriName("spiffe://cluster.local/ns/shop/sa/cart")
                .addSanDnsName("cart.example")
                .addSanIpAddress("10.0.0.1")
                .buildSelfSigned()
                .getCertificate());
    }

    @ParameterizedTest
    @EnumSource(CertificateFact.class)
    void aFactIsWorkedOutOnce(CertificateFact fact) throws Exception {
        CertificateText text = text();
        assertSame(text.of(fact), text.of(fact));
    }

    @Test
    void whatItSaysNothingOfStaysNothing() throws Exception {
        CertificateText text = text();
        assertNull(text.of(CertificateFact.EMAIL_SAN));
        assertNull(text.of(CertificateFact.EMAIL_SAN));
    }
}
