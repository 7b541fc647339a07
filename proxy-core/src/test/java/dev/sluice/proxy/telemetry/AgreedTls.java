package dev.sluice.proxy.telemetry;

import dev.sluice.proxy.stream.CertificateFact;
import dev.sluice.proxy.stream.ConnectionTls;
import dev.sluice.proxy.tls.CertificateText;
import io.netty.pkitesting.CertificateBuilder;
import java.math.BigInteger;
import java.security.cert.X509Certificate;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A handshake as it might have ended: between {@link #CLIENT} and {@link #SERVER}, as one of them sees it. */
public record AgreedTls(@Nullable X509Certificate ownCertificate, @Nullable X509Certificate peerCertificate)
        implements ConnectionTls {
    public static final String CLIENT = "spiffe://cluster.local/ns/shop/sa/client";
    public static final String SERVER = "spiffe://cluster.local/ns/shop/sa/server";

    /** By mutual TLS, as the server sees it. */
    public static AgreedTls mutual() {
        return new AgreedTls(certificate("server", SERVER), certificate("client", CLIENT));
    }

    /** With a client that showed no certificate, as the server sees it. */
    public static AgreedTls simple() {
        return new AgreedTls(certificate("server", SERVER), null);
    }

    /** The same handshake as the other side sees it. */
    public AgreedTls fromTheOtherSide() {
        return new AgreedTls(peerCertificate, ownCertificate);
    }

    private static X509Certificate certificate(String name, String uri) {
        try {
            return new CertificateBuilder()
                    .ecp256()
                    .setIsCertificateAuthority(true)
                    .serial(BigInteger.valueOf(0xabc))
                    .subject("CN=" + name + ",O=Shop")
                    .addSanUriName(uri)
                    .addSanDnsName(name + ".example")
                    .addSanDnsName(name + ".test")
                    .addSanIpAddress("10.0.0.1")
                    .buildSelfSigned()
                    .getCertificate();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public String version() {
        return "TLSv1.3";
    }

    @Override
    public String cipher() {
        return "TLS_AES_128_GCM_SHA256";
    }

    @Override
    public byte[] sessionId() {
        return new byte[] {0x0a, (byte) 0xff};
    }

    @Override
    public @Nullable String own(CertificateFact fact) {
        return ownCertificate == null ? null : new CertificateText(ownCertificate).of(fact);
    }

    @Override
    public @Nullable String peer(CertificateFact fact) {
        return peerCertificate == null ? null : new CertificateText(peerCertificate).of(fact);
    }

    @Override
    public @Nullable Principals principals() {
        String peer = peer(CertificateFact.URI_SAN);
        return peer == null ? null : new Principals(Objects.requireNonNullElse(own(CertificateFact.URI_SAN), ""), peer);
    }
}
