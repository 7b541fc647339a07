package dev.sluice.proxy.tls;

import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * What {@code x-forwarded-client-cert} says of a client's certificate: as Istio has Envoy write it, By, Hash, Cert, Subject,
 * URI and DNS. Made once a connection.
 */
public final class ForwardedCertificate {
    private ForwardedCertificate() {}

    /**
     * The element for the client of {@code session}; null when it showed no certificate.
     *
     * @param ours the certificate that it was shown
     */
    public static @Nullable String of(SSLSession session, X509Certificate ours) {
        X509Certificate leaf = leaf(session);
        if (leaf == null) {
            return null;
        }
        StringBuilder text = new StringBuilder(2_048);
        for (String uri : PeerNames.ofType(ours, true)) {
            text.append("By=").append(quoted(uri)).append(';');
        }
        text.append("Hash=").append(CertificateText.fingerprint(leaf, "SHA-256"));
        text.append(";Cert=\"").append(CertificateText.encodedPem(leaf)).append('"');
        text.append(";Subject=\"")
                .append(CertificateText.subject(leaf).replace("\\", "\\\\").replace("\"", "\\\""))
                .append('"');
        // Envoy writes an empty URI where there is none.
        List<String> uris = PeerNames.ofType(leaf, true);
        if (uris.isEmpty()) {
            text.append(";URI=");
        }
        for (String uri : uris) {
            text.append(";URI=").append(quoted(uri));
        }
        for (String dns : PeerNames.ofType(leaf, false)) {
            text.append(";DNS=").append(quoted(dns));
        }
        return text.toString();
    }

    /** The peer's own certificate; null when it showed none. */
    static @Nullable X509Certificate leaf(SSLSession session) {
        try {
            Certificate[] chain = session.getPeerCertificates();
            return chain.length > 0 && chain[0] instanceof X509Certificate leaf ? leaf : null;
        } catch (SSLPeerUnverifiedException e) {
            // The JDK's way to say that there is none.
            return null;
        }
    }

    /** The client chose these names: none of them may begin another element, or another header. */
    private static String quoted(String value) {
        boolean plain = true;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            plain &= c > ' ' && c < 0x7f && c != ',' && c != ';' && c != '=' && c != '"' && c != '\\';
        }
        return plain ? value : '"' + CertificateText.encoded(value) + '"';
    }
}
