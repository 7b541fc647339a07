package dev.sluice.proxy.tls;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.sluice.config.plan.chain.PeerChecksPlan;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.CertificateBuilder.KeyUsage;
import io.netty.pkitesting.X509Bundle;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.cert.X509v2CRLBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is asked of a certificate that is trusted, where the JDK asks nothing of it. */
class TrustedAuthoritiesTest {
    private final Instant now = Instant.now();
    private static final Duration DAY = Duration.ofDays(1);

    private static CertificateBuilder authority(String name, Instant from, Instant to) {
        return new CertificateBuilder()
                .ecp256()
                .subject("CN=" + name)
                .notBefore(from)
                .notAfter(to)
                .setIsCertificateAuthority(true)
                .setKeyUsage(true, KeyUsage.keyCertSign, KeyUsage.cRLSign);
    }

    private CertificateBuilder leaf() {
        return new CertificateBuilder()
                .ecp256()
                .subject("CN=leaf")
                .addSanDnsName("leaf.example")
                .notBefore(now.minus(DAY))
                .notAfter(now.plus(DAY.multipliedBy(10)));
    }

    private static TrustedAuthorities trusting(@Nullable String crl, X509Bundle... trusted) throws Exception {
        StringBuilder pem = new StringBuilder();
        for (X509Bundle one : trusted) {
            pem.append(one.getCertificatePEM());
        }
        return TrustedAuthorities.read(
                "test",
                pem.toString().getBytes(StandardCharsets.US_ASCII),
                crl == null ? null : crl.getBytes(StandardCharsets.US_ASCII));
    }

    private static void check(TrustedAuthorities authorities, X509Bundle shown, Instant when)
            throws CertificateException {
        X509Certificate[] chain = shown.getCertificatePath();
        authorities.check(chain, "ECDHE_ECDSA", false, when.toEpochMilli());
        authorities.check(chain, "ECDHE_ECDSA", true, when.toEpochMilli());
    }

    /** What a peer that shows {@code shown} is refused for now. */
    private static TlsFailure refused(TrustedAuthorities authorities, X509Bundle shown) throws Exception {
        PeerVerifier verifier = new PeerVerifier(authorities, PeerChecksPlan.NONE, false, Alerts.of(TlsProvider.JDK));
        SSLEngine engine = SSLContext.getDefault().createSSLEngine();
        CertificateException thrown = assertThrows(
                CertificateException.class,
                () -> verifier.checkServerTrusted(shown.getCertificatePath(), "ECDHE_ECDSA", engine));
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof PeerRefused refused) {
                return refused.failure();
            }
        }
        throw new AssertionError("no reason", thrown);
    }

    @SuppressWarnings("JavaUtilDate") // the builder takes nothing else
    private String list(X509Bundle issuer, Instant until, BigInteger... revoked) throws Exception {
        Date begun = Date.from(now.minus(DAY));
        X509v2CRLBuilder list = new X509v2CRLBuilder(
                new X500Name(issuer.getCertificate().getSubjectX500Principal().getName()), begun);
        list.setNextUpdate(Date.from(until));
        for (BigInteger serial : revoked) {
            list.addCRLEntry(serial, begun, CRLReason.keyCompromise);
        }
        byte[] der = list.build(new JcaContentSignerBuilder("SHA256withECDSA")
                        .build(issuer.getKeyPair().getPrivate()))
                .getEncoded();
        return "-----BEGIN X509 CRL-----\n" + Base64.getMimeEncoder().encodeToString(der)
                + "\n-----END X509 CRL-----\n";
    }

    @Test
    void anAuthorityCountsInItsTime() throws Exception {
        X509Bundle root = authority("root", now.minus(DAY), now.plus(DAY)).buildSelfSigned();
        X509Bundle leaf = leaf().buildIssuedBy(root);
        TrustedAuthorities authorities = trusting(null, root);
        check(authorities, leaf, now);
        assertThrows(CertificateExpiredException.class, () -> check(authorities, leaf, now.plus(DAY.multipliedBy(2))));
        assertThrows(
                CertificateNotYetValidException.class, () -> check(authorities, leaf, now.minus(DAY.multipliedBy(2))));
        check(authorities, leaf, now);
    }

    @Test
    void oneThatIsOverIsToldAmongOthers() throws Exception {
        X509Bundle over = authority("over", now.minus(DAY.multipliedBy(3)), now.minus(DAY))
                .buildSelfSigned();
        X509Bundle root = authority("root", now.minus(DAY), now.plus(DAY)).buildSelfSigned();
        TrustedAuthorities authorities = trusting(null, over, root);
        check(authorities, leaf().buildIssuedBy(root), now);
        assertEquals(TlsFailure.EXPIRED, refused(authorities, leaf().buildIssuedBy(over)));
        X509Bundle stranger = authority("root", now.minus(DAY), now.plus(DAY)).buildSelfSigned();
        assertEquals(TlsFailure.UNKNOWN_CA, refused(authorities, leaf().buildIssuedBy(stranger)));
    }

    @Test
    void oneThatWasRenewedWithItsKeyVouchesForWhatItSignedBefore() throws Exception {
        X509Bundle over = authority("root", now.minus(DAY.multipliedBy(3)), now.minus(DAY))
                .buildSelfSigned();
        X509Bundle renewed = authority("root", now.minus(DAY), now.plus(DAY))
                .publicKey(over.getKeyPair().getPublic())
                .buildIssuedBy(over);
        TrustedAuthorities authorities = trusting(null, over, renewed);
        assertDoesNotThrow(() -> check(authorities, leaf().buildIssuedBy(over), now));
    }

    @Test
    void aTrustedLeafCountsInItsTime() throws Exception {
        X509Bundle root = authority("root", now.minus(DAY), now.plus(DAY)).buildSelfSigned();
        X509Bundle pinned = leaf().buildIssuedBy(root);
        check(trusting(null, pinned), pinned, now);
        X509Bundle over = leaf().notBefore(now.minus(DAY.multipliedBy(3)))
                .notAfter(now.minus(DAY))
                .buildIssuedBy(root);
        assertEquals(TlsFailure.EXPIRED, refused(trusting(null, over), over));
    }

    @Test
    void aTrustedLeafMayBeRevoked() throws Exception {
        X509Bundle root = authority("root", now.minus(DAY), now.plus(DAY)).buildSelfSigned();
        X509Bundle pinned = leaf().buildIssuedBy(root);
        BigInteger serial = pinned.getCertificate().getSerialNumber();
        Instant later = now.plus(DAY);
        check(trusting(list(root, later, serial.add(BigInteger.ONE)), pinned), pinned, now);
        assertEquals(TlsFailure.REVOKED, refused(trusting(list(root, later, serial), pinned), pinned));
        assertEquals(TlsFailure.REVOKED, refused(trusting(list(root, later, serial), pinned, root), pinned));
        assertEquals(TlsFailure.REVOKED, refused(trusting(list(root, now.minusSeconds(60)), pinned), pinned));
        X509Bundle other = authority("other", now.minus(DAY), now.plus(DAY)).buildSelfSigned();
        assertEquals(TlsFailure.REVOKED, refused(trusting(list(other, later), pinned), pinned));
    }
}
