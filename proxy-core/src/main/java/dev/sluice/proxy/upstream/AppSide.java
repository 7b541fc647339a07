package dev.sluice.proxy.upstream;

import dev.sluice.proxy.log.Logs;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.util.NetUtil;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Objects;

/**
 * How the app beside this proxy is reached at an address of this host that is not loopback. Interception rules lead such
 * connections of the proxy back to the proxy, as they do with an app that calls itself; what comes from 127.0.0.6 or ::6 they
 * leave alone (Istio's InboundPassthroughBindIpv4 and 6). 127.0.0.6 is there wherever IPv4 is, ::6 must have been added to
 * {@code lo}; without it the app is reached on ::1, which the rules leave alone too.
 */
final class AppSide {
    private static final Logger LOG = Logs.of(AppSide.class);
    private static final InetAddress V4 = literal("127.0.0.6");
    private static final InetAddress V6 = literal("::6");
    private static final InetAddress LOOPBACK_6 = literal("::1");

    private AppSide() {}

    /** Sets where {@code bootstrap} connects from, and returns where it must connect to. */
    static InetSocketAddress reach(Bootstrap bootstrap, InetSocketAddress app, Transport.Kind kind) {
        InetAddress host = app.getAddress();
        if (host == null || host.isLoopbackAddress()) {
            return app;
        }
        boolean v4 = host instanceof Inet4Address;
        if (!v4 && !isOfThisHost(V6)) {
            return new InetSocketAddress(LOOPBACK_6, app.getPort());
        }
        bootstrap.localAddress(new InetSocketAddress(v4 ? V4 : V6, 0));
        if (kind == Transport.Kind.EPOLL) {
            // Else each connection takes a port of its own on that address, and 28,000 are all there are.
            bootstrap.option(EpollChannelOption.IP_BIND_ADDRESS_NO_PORT, true);
        }
        return app;
    }

    private static boolean isOfThisHost(InetAddress address) {
        try {
            return NetworkInterface.getByInetAddress(address) != null;
        } catch (SocketException e) {
            LOG.log(Level.DEBUG, "cannot tell whether {0} is an address of this host: {1}", address, e.getMessage());
            return false;
        }
    }

    private static InetAddress literal(String text) {
        return Objects.requireNonNull(NetUtil.createInetAddressFromIpAddressString(text));
    }
}
