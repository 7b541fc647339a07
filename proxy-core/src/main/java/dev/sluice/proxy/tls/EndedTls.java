package dev.sluice.proxy.tls;

import dev.sluice.proxy.stream.DownstreamTls;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * A handshake with a client that is over. What a closed engine might not know any more is asked at once; all else is read
 * when somebody wants it.
 */
public final class EndedTls implements DownstreamTls {
    private final SSLSession session;
    private final X509Certificate own;
    private final String version;
    private final String suite;
    private boolean asked;
    private @Nullable X509Certificate peer;
    private @Nullable Principals principals;

    /** @param own the certificate that the client of {@code session} was shown */
    public EndedTls(SSLSession session, X509Certificate own) {
        this.session = session;
        this.own = own;
        this.version = session.getProtocol();
        this.suite = session.getCipherSuite();
    }

    @Override
    public String version() {
        return version;
    }

    @Override
    public String cipher() {
        return CipherSuites.openSsl(suite);
    }

    @Override
    public byte[] sessionId() {
        byte[] id = session.getId();
        return id == null ? new byte[0] : id;
    }

    @Override
    public X509Certificate own() {
        return own;
    }

    @Override
    public @Nullable X509Certificate peer() {
        ask();
        return peer;
    }

    @Override
    public @Nullable Principals principals() {
        ask();
        return principals;
    }

    private void ask() {
        if (asked) {
            return;
        }
        asked = true;
        X509Certificate leaf = ForwardedCertificate.leaf(session);
        if (leaf != null) {
            peer = leaf;
            principals = new Principals(uri(leaf), uri(own));
        }
    }

    private static String uri(X509Certificate certificate) {
        List<String> uris = PeerNames.ofType(certificate, true);
        return uris.isEmpty() ? "" : uris.get(0);
    }
}
