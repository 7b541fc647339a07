package dev.sluice.proxy.stream;

import java.security.cert.X509Certificate;
import org.jspecify.annotations.Nullable;

/** TLS of a client's connection that ends here. Event loop of the connection. */
public interface DownstreamTls {
    /** Such as {@code TLSv1.3}. */
    String version();

    /** The cipher suite by OpenSSL's name, as Envoy tells it. */
    String cipher();

    /** The session's id; empty when it has none. */
    byte[] sessionId();

    /** The certificate that the client was shown. */
    X509Certificate own();

    /** The certificate that the client showed and that was checked; null for none. */
    @Nullable
    X509Certificate peer();

    /** Who talks to whom; null where the client showed no certificate. Always the same object. */
    @Nullable
    Principals principals();

    /**
     * The first URIs that both certificates are for; empty for none.
     *
     * @param client of the client's
     * @param server of the one that it was shown
     */
    record Principals(String client, String server) {}
}
