package dev.sluice.proxy.tls;

import dev.sluice.proxy.log.Logs;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/** Looks at clients' certificates and lets all in ({@code insecureSkipVerify} of a server, which Istio warns of). */
final class Lenient extends X509ExtendedTrustManager {
    private static final Logger LOG = Logs.of(Lenient.class);

    private final PeerVerifier strict;

    /** @param strict says what would have been wrong */
    Lenient(PeerVerifier strict) {
        this.strict = strict;
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {
        try {
            strict.checkClientTrusted(chain, authType, engine);
        } catch (CertificateException e) {
            LOG.log(Level.DEBUG, "let in by insecureSkipVerify: {0}", e.getMessage());
        }
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return strict.getAcceptedIssuers();
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        strict.checkServerTrusted(chain, authType, engine);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        strict.checkClientTrusted(chain, authType, socket);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        strict.checkServerTrusted(chain, authType, socket);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        strict.checkClientTrusted(chain, authType);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        strict.checkServerTrusted(chain, authType);
    }
}
