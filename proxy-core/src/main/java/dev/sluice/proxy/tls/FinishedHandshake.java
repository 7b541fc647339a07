package dev.sluice.proxy.tls;

import dev.sluice.proxy.stream.CertificateFact;
import dev.sluice.proxy.stream.ConnectionTls;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * A handshake that is over. What a closed engine might not know any more is asked at once; all else is read when somebody
 * wants it, once a connection. Two threads may both read it, which is no harm.
 */
public final class FinishedHandshake implements ConnectionTls {
    private final SSLSession session;
    private final @Nullable X509Certificate own;
    private final String version;
    private final String cipher;
    private volatile @Nullable Certificates certificates;

    /** @param own the certificate that the peer of {@code session} was shown, or would have been; null for none */
    public FinishedHandshake(SSLSession session, @Nullable X509Certificate own) {
        this.session = session;
        this.own = own;
        this.version = session.getProtocol();
        this.cipher = CipherSuites.openSsl(session.getCipherSuite());
    }

    /** Both sides'. */
    private record Certificates(
            @Nullable CertificateText own, @Nullable CertificateText peer, @Nullable Principals principals) {
        static Certificates of(@Nullable X509Certificate own, @Nullable X509Certificate peer) {
            return new Certificates(
                    own == null ? null : new CertificateText(own),
                    peer == null ? null : new CertificateText(peer),
                    peer == null ? null : new Principals(PeerNames.firstUri(own), PeerNames.firstUri(peer)));
        }
    }

    @Override
    public String version() {
        return version;
    }

    @Override
    public String cipher() {
        return cipher;
    }

    @Override
    public byte[] sessionId() {
        byte[] id = session.getId();
        return id == null ? new byte[0] : id;
    }

    @Override
    public @Nullable String own(CertificateFact fact) {
        return said(certificates().own(), fact);
    }

    @Override
    public @Nullable String peer(CertificateFact fact) {
        return said(certificates().peer(), fact);
    }

    @Override
    public @Nullable Principals principals() {
        return certificates().principals();
    }

    private static @Nullable String said(@Nullable CertificateText certificate, CertificateFact fact) {
        return certificate == null ? null : certificate.of(fact);
    }

    private Certificates certificates() {
        Certificates known = certificates;
        if (known == null) {
            known = Certificates.of(own, ForwardedCertificate.leaf(session));
            certificates = known;
        }
        return known;
    }
}
