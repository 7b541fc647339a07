package dev.sluice.proxy.telemetry;

import dev.sluice.proxy.stream.DownstreamTls;
import io.netty.pkitesting.CertificateBuilder;
import java.math.BigInteger;
import java.security.cert.X509Certificate;
import org.jspecify.annotations.Nullable;

/** A handshake as it might have ended: between {@link #CLIENT} and {@link #SERVER}. */
public record AgreedTls(X509Certificate own, @Nullable X509Certificate peer) implements DownstreamTls {
    public static final String CLIENT = "spiffe://cluster.local/ns/shop/sa/client";
    public static final String SERVER = "spiffe://cluster.local/ns/shop/sa/server";

    /** By mutual TLS. */
    public static AgreedTls mutual() {
        return new AgreedTls(certificate("server", SERVER), certificate("client", CLIENT));
    }

    /** With a client that showed no certificate. */
    public static AgreedTls simple() {
        return new AgreedTls(certificate("server", SERVER), null);
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
    public @Nullable Principals principals() {
        return peer == null ? null : new Principals(CLIENT, SERVER);
    }
}
