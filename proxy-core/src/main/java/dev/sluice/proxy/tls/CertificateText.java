package dev.sluice.proxy.tls;

import dev.sluice.proxy.stream.CertificateFact;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.StringJoiner;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What Envoy's command operators tell of a certificate, each worked out when it is first asked for: a connection to an
 * upstream has a line for each of its requests. Thread-safe.
 */
public final class CertificateText {
    /** Stands for what a certificate says nothing of: the map has no nulls. */
    private static final String NOTHING = "";

    private static final int PEM_LINE = 64;

    private final X509Certificate certificate;
    private final Map<CertificateFact, String> known = new ConcurrentHashMap<>();

    /** Of {@code certificate}. */
    public CertificateText(X509Certificate certificate) {
        this.certificate = certificate;
    }

    /** What it says; null when it says nothing of that. */
    public @Nullable String of(CertificateFact fact) {
        String text = known.computeIfAbsent(fact, this::read);
        return text.isEmpty() ? null : text;
    }

    private String read(CertificateFact fact) {
        return switch (fact) {
            case SUBJECT -> subject(certificate);
            case ISSUER -> certificate.getIssuerX500Principal().getName();
            case SERIAL -> serial(certificate.getSerialNumber());
            case FINGERPRINT_256 -> fingerprint(certificate, "SHA-256");
            case FINGERPRINT_1 -> fingerprint(certificate, "SHA-1");
            case CERT -> encodedPem(certificate);
            case URI_SAN -> names(PeerNames.URI);
            case DNS_SAN -> names(PeerNames.DNS);
            case IP_SAN -> names(PeerNames.IP);
            case EMAIL_SAN -> names(PeerNames.EMAIL);
        };
    }

    private String names(int type) {
        StringJoiner names = new StringJoiner(",").setEmptyValue(NOTHING);
        for (PeerNames.Name name : PeerNames.of(certificate)) {
            if (name.type() == type) {
                names.add(name.value());
            }
        }
        return names.toString();
    }

    private static String serial(BigInteger serial) {
        String digits = serial.abs().toString(16);
        String sign = serial.signum() < 0 ? "-" : "";
        return sign + (digits.length() % 2 == 0 ? digits : "0" + digits);
    }

    /** The subject as RFC 2253 writes it. */
    static String subject(X509Certificate certificate) {
        return certificate.getSubjectX500Principal().getName();
    }

    /**
     * The fingerprint, hexadecimal.
     *
     * @param digest {@code SHA-256} or {@code SHA-1}
     */
    static String fingerprint(X509Certificate certificate, String digest) {
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

    /** As PEM, percent-encoded: one word for a header. */
    static String encodedPem(X509Certificate certificate) {
        return encoded(pem(der(certificate)));
    }

    private static String pem(byte[] der) {
        return "-----BEGIN CERTIFICATE-----\n"
                + Base64.getMimeEncoder(PEM_LINE, new byte[] {'\n'}).encodeToString(der)
                + "\n-----END CERTIFICATE-----\n";
    }

    /** Its UTF-8, each byte percent-encoded that is not unreserved in a URI. */
    static String encoded(String text) {
        StringBuilder out = new StringBuilder(text.length() * 5 / 4);
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            int c = b & 0xff;
            boolean plain = (c >= 'a' && c <= 'z')
                    || (c >= 'A' && c <= 'Z')
                    || (c >= '0' && c <= '9')
                    || c == '-'
                    || c == '_'
                    || c == '.'
                    || c == '~';
            if (plain) {
                out.append((char) c);
            } else {
                out.append('%').append(HexFormat.of().withUpperCase().toHexDigits(b));
            }
        }
        return out.toString();
    }
}
