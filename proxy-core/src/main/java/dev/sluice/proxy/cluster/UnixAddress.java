package dev.sluice.proxy.cluster;

import io.netty.channel.Channel;
import io.netty.channel.unix.DomainSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * A Unix domain socket as plans, logs and the admin port write it: an absolute path, or {@code @name} for an abstract one.
 * Transports have address types of their own, in which an abstract name begins with a NUL. Immutable.
 */
public final class UnixAddress extends SocketAddress {
    /** The end of a client, which has no name. */
    public static final UnixAddress UNNAMED = new UnixAddress("unix:");

    private static final long serialVersionUID = 1;

    private final String text;

    /** @param text absolute path, or {@code @} and a name */
    public UnixAddress(String text) {
        this.text = text;
    }

    /** The client's end of an accepted connection: what the transport says, or {@link #UNNAMED} for a Unix domain socket. */
    public static SocketAddress remote(Channel accepted) {
        return isUnix(accepted) ? UNNAMED : accepted.remoteAddress();
    }

    /** Our end of an accepted connection: what the transport says, or where a Unix domain socket listens. */
    public static SocketAddress local(Channel accepted) {
        return isUnix(accepted) ? of(accepted.parent().localAddress()) : accepted.localAddress();
    }

    /** {@code address} in this form, if it is one of a transport's; else as it is. */
    public static SocketAddress of(@Nullable SocketAddress address) {
        if (address == null) {
            return UNNAMED;
        }
        if (address instanceof DomainSocketAddress unix) {
            return of(unix.path());
        }
        return address instanceof UnixDomainSocketAddress unix
                ? of(unix.getPath().toString())
                : address;
    }

    private static UnixAddress of(String path) {
        if (path.isEmpty()) {
            return UNNAMED;
        }
        return new UnixAddress(path.charAt(0) == 0 ? "@" + path.substring(1) : path);
    }

    /** The parent says it: on some transports the accepted end knows no address at all. */
    private static boolean isUnix(Channel accepted) {
        Channel listener = accepted.parent();
        SocketAddress address = listener == null ? null : listener.localAddress();
        return address instanceof DomainSocketAddress || address instanceof UnixDomainSocketAddress;
    }

    /** Whether it is an abstract one, which has no file. */
    public boolean isAbstract() {
        return text.startsWith("@");
    }

    /** As the system calls take it: an abstract name begins with a NUL. */
    public String path() {
        return isAbstract() ? "\0" + text.substring(1) : text;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof UnixAddress unix && unix.text.equals(text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }
}
