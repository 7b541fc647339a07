package dev.sluice.proxy.tls;

import java.math.BigInteger;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** What Envoy's command operators tell of a certificate. */
public final class CertificateText {
    private CertificateText() {}

    /** Kinds of names that a certificate is for. */
    public enum NameKind {
        EMAIL(1),
        DNS(2),
        URI(6),
        IP(7);

        private final int type;

        NameKind(int type) {
            this.type = type;
        }
    }

    /** Names of one kind, joined with commas; null when there are none. */
    public static @Nullable String names(X509Certificate certificate, NameKind kind) {
        StringJoiner names = new StringJoiner(",");
        for (PeerNames.Name name : PeerNames.of(certificate)) {
            if (name.type() == kind.type) {
                names.add(name.value());
            }
        }
        return names.length() == 0 ? null : names.toString();
    }

    /** The subject as RFC 2253 writes it. */
    public static String subject(X509Certificate certificate) {
        return certificate.getSubjectX500Principal().getName();
    }

    /** The issuer as RFC 2253 writes it. */
    public static String issuer(X509Certificate certificate) {
        return certificate.getIssuerX500Principal().getName();
    }

    /** The serial number, hexadecimal, two digits a byte. */
    public static String serial(X509Certificate certificate) {
        BigInteger serial = certificate.getSerialNumber();
        String digits = serial.abs().toString(16);
        String sign = serial.signum() < 0 ? "-" : "";
        return sign + (digits.length() % 2 == 0 ? digits : "0" + digits);
    }

    /**
     * The fingerprint, hexadecimal.
     *
     * @param digest {@code SHA-256} or {@code SHA-1}
     */
    public static String fingerprint(X509Certificate certificate, String digest) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance(digest).digest(der(certificate)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-1 and SHA-256", e);
        }
    }

    /** Its bytes. */
    static byte[] der(X509Certificate certificate) {
        try {
            return certificate.getEncoded();
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("a certificate that is in use cannot be written", e);
        }
    }
}
