package dev.sluice.proxy.stream;

import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/** What an exchange may know of the connection it came on. Immutable facts; any thread. */
public interface DownstreamConnection {
    /** The client, after PROXY protocol if any. */
    SocketAddress remoteAddress();

    /** The other end of the socket, which may be a proxy in front of us. */
    default SocketAddress directRemoteAddress() {
        return remoteAddress();
    }

    /**
     * The client's IP address as text, without port, IPv6 as RFC 5952 writes it; null when it has none (a Unix socket). Other
     * proxies write and hash it in this form.
     */
    default @Nullable String remoteHost() {
        return remoteAddress() instanceof InetSocketAddress inet && inet.getAddress() != null
                ? NetUtil.toAddressString(inet.getAddress())
                : null;
    }

    /** Our own end, or what the client had connected to, after PROXY protocol if any. */
    SocketAddress localAddress();

    /**
     * Where the client of a redirected connection wanted to go, a resolved address; null for a connection that was made to
     * this proxy.
     */
    default @Nullable InetSocketAddress dialled() {
        return null;
    }

    /** Whether the client's side is TLS that ends here. */
    boolean isTls();

    /** Server name of the TLS handshake, also of one that is carried unopened; null without TLS or SNI. */
    @Nullable
    String serverName();

    /**
     * The certificate that the client showed and that was checked, in the words of {@code x-forwarded-client-cert}; null
     * without one.
     */
    default @Nullable String certificate() {
        return null;
    }

    /** TLS of the client's side; null where none ends here. */
    default @Nullable ConnectionTls tls() {
        return null;
    }

    /** Process-wide number of the connection, for logs. */
    long id();
}
