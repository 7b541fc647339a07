package dev.sluice.proxy.stream;

import org.jspecify.annotations.Nullable;

/** TLS of a connection, of a client's or to an upstream, once its handshake is done. Any thread. */
public interface ConnectionTls {
    /** Such as {@code TLSv1.3}. */
    String version();

    /** The cipher suite by OpenSSL's name, as Envoy tells it. */
    String cipher();

    /** The session's id; empty when it has none. */
    byte[] sessionId();

    /**
     * What our own certificate says: the one that a client was shown, or that an upstream is shown should it ask; null
     * without one, or where it says nothing of that.
     */
    @Nullable
    String own(CertificateFact fact);

    /** What the certificate says that the peer showed, checked as the configuration asks; null as of {@link #own}. */
    @Nullable
    String peer(CertificateFact fact);

    /** Who talks to whom; null where the peer showed no certificate. Equal whenever it is asked for. */
    @Nullable
    Principals principals();

    /**
     * The first URIs that both certificates are for; empty for none.
     *
     * @param own of our own
     * @param peer of the peer's
     */
    record Principals(String own, String peer) {}
}
