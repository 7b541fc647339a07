package dev.sluice.proxy.tls;

import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslProvider;

/** Who does the cryptography. Both give the same results; BoringSSL is several times faster. */
public enum TlsProvider {
    /** Native code, where its library loads. */
    BORINGSSL(SslProvider.OPENSSL_REFCNT),
    /** The Java runtime's own. */
    JDK(SslProvider.JDK);

    private final SslProvider netty;

    TlsProvider(SslProvider netty) {
        this.netty = netty;
    }

    SslProvider netty() {
        return netty;
    }

    /** The best that loads here. The first call loads the native library. */
    public static TlsProvider best() {
        return OpenSsl.isAvailable() ? BORINGSSL : JDK;
    }
}
