package dev.sluice.proxy.e2e.tls;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.X509v2CRLBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.jspecify.annotations.Nullable;

/** An authority of a test, and the certificates that it issues. */
final class Pki {
    private static final char[] NO_PASSWORD = "none".toCharArray();

    private final String name;
    private final X509Bundle authority;

    Pki(String name) throws Exception {
        this.name = name;
        this.authority = new CertificateBuilder()
                .ecp256()
                .subject("CN=" + name)
                .setIsCertificateAuthority(true)
                .setKeyUsage(true, CertificateBuilder.KeyUsage.keyCertSign, CertificateBuilder.KeyUsage.cRLSign)
                .buildSelfSigned();
    }

    /** A certificate for these DNS names, or for a URI or an IP address where one is written. */
    X509Bundle issue(String... names) throws Exception {
        return builder(names).buildIssuedBy(authority);
    }

    /** The same with an RSA key. */
    X509Bundle issueRsa(String... names) throws Exception {
        return builder(names).rsa2048().buildIssuedBy(authority);
    }

    /** One whose time is over. */
    X509Bundle issueExpired(String... names) throws Exception {
        return builder(names)
                .notBefore(Instant.now().minus(Duration.ofDays(3)))
                .notAfter(Instant.now().minus(Duration.ofDays(1)))
                .buildIssuedBy(authority);
    }

    private static CertificateBuilder builder(String... names) throws Exception {
        CertificateBuilder builder =
                new CertificateBuilder().ecp256().subject("CN=" + (names.length == 0 ? "nobody" : "of a test"));
        for (String name : names) {
            if (name.contains("://")) {
                builder.addSanUriName(name);
            } else if (name.startsWith("*")) {
                // The builder takes no star, so the extension is written by hand.
                GeneralNames star = new GeneralNames(new GeneralName(GeneralName.dNSName, name));
                builder.addExtensionOctetString(Extension.subjectAlternativeName.getId(), false, star.getEncoded());
            } else if (Character.isDigit(name.charAt(0))) {
                builder.addSanIpAddress(name);
            } else {
                builder.addSanDnsName(name);
            }
        }
        return builder;
    }

    /** PEM of the authority's own certificate. */
    String pem() {
        return authority.getCertificatePEM();
    }

    /** PEM of a list that revokes {@code revoked}. */
    @SuppressWarnings("JavaUtilDate") // the builder takes nothing else
    String crl(X509Bundle... revoked) throws Exception {
        Date now = new Date();
        X509v2CRLBuilder list = new X509v2CRLBuilder(new X500Name("CN=" + name), now);
        list.setNextUpdate(Date.from(Instant.now().plus(Duration.ofDays(1))));
        for (X509Bundle one : revoked) {
            list.addCRLEntry(one.getCertificate().getSerialNumber(), now, CRLReason.keyCompromise);
        }
        byte[] der = list.build(new JcaContentSignerBuilder("SHA256withECDSA")
                        .build(authority.getKeyPair().getPrivate()))
                .getEncoded();
        return "-----BEGIN X509 CRL-----\n" + Base64.getMimeEncoder().encodeToString(der)
                + "\n-----END X509 CRL-----\n";
    }

    /** Writes a pair as {@code --certs} expects it. */
    static Path write(Path folder, String name, X509Bundle bundle) throws IOException {
        Path own = Files.createDirectories(folder.resolve(name));
        Files.writeString(own.resolve("tls.crt"), bundle.getCertificatePathPEM());
        Files.writeString(own.resolve("tls.key"), bundle.getPrivateKeyPEM());
        return own;
    }

    /** A JDK context that trusts this authority and shows {@code own}. */
    SSLContext context(@Nullable X509Bundle own) throws Exception {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry(
                "ca",
                CertificateFactory.getInstance("X.509")
                        .generateCertificate(new ByteArrayInputStream(pem().getBytes(StandardCharsets.US_ASCII))));
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(trusted);
        KeyManager[] keys = null;
        if (own != null) {
            KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX");
            factory.init(own.toKeyStore(NO_PASSWORD), NO_PASSWORD);
            keys = factory.getKeyManagers();
        }
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys, trust.getTrustManagers(), null);
        return context;
    }
}
