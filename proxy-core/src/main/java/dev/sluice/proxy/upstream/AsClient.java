package dev.sluice.proxy.upstream;

import dev.sluice.proxy.log.Logs;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.unix.IntegerUnixChannelOption;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Connects to the app from its client's own address, as Istio does with interceptionMode TPROXY (Envoy's original_src filter).
 * The socket is transparent, and its packets carry the mark by which the rules of interception tell them from the client's
 * and lead the app's answers back here. Both take CAP_NET_ADMIN; without it the app sees this proxy, which is told once.
 * Thread-safe.
 */
final class AsClient {
    private static final Logger LOG = Logs.of(AsClient.class);

    /** linux/in.h and asm-generic/socket.h. IP_TRANSPARENT counts for IPv6 too. */
    private static final ChannelOption<Integer> IP_TRANSPARENT = new IntegerUnixChannelOption("IP_TRANSPARENT", 0, 19);

    private static final ChannelOption<Integer> SO_MARK = new IntegerUnixChannelOption("SO_MARK", 1, 36);

    /** What {@code sluice iptables} and Istio's rules look for. */
    private static final int MARK = 1337;

    /**
     * Ports that clients do not get from their system (Linux gives 32768 and above). With the port of one of the client's
     * own connections to the app, two connections would have the same ends, and the kernel would give the packets of this one
     * to that one.
     */
    private static final int FIRST_PORT = 16_384;

    private static final int PORTS = 16_384;

    /** Somebody may listen on one of them. */
    private static final int ATTEMPTS = 8;

    private final AtomicInteger dialled = new AtomicInteger();
    private volatile boolean refused;

    /**
     * Connects on the calling thread's own event loop.
     *
     * @return null where that cannot be done from {@code client}: it is to be reached in another manner
     */
    @Nullable
    ChannelFuture connect(Bootstrap bootstrap, InetSocketAddress app, InetAddress client) {
        if (refused || !isBetweenHosts(app.getAddress(), client)) {
            return null;
        }
        ChannelFuture registered = bootstrap.register();
        Channel channel = registered.channel();
        if (!registered.isSuccess()) {
            return registered;
        }
        if (!isTransparent(channel)) {
            refused = true;
            ChannelFuture unused = channel.close();
            return null;
        }
        ChannelFuture bound = channel.bind(new InetSocketAddress(client, nextPort()));
        for (int i = 1; i < ATTEMPTS && bound.isDone() && !bound.isSuccess(); i++) {
            bound = channel.bind(new InetSocketAddress(client, nextPort()));
        }
        if (bound.isSuccess()) {
            return Dialer.connectNow(channel, app, null);
        }
        ChannelFuture unused = channel.close();
        return bound;
    }

    /** Loopback answers to loopback alone. */
    private static boolean isBetweenHosts(@Nullable InetAddress app, InetAddress client) {
        return app != null
                && app.getClass() == client.getClass()
                && !app.isLoopbackAddress()
                && !client.isLoopbackAddress();
    }

    private int nextPort() {
        return FIRST_PORT + Math.floorMod(dialled.getAndIncrement(), PORTS);
    }

    private static boolean isTransparent(Channel channel) {
        try {
            // The port of a connection that ended lately may be taken again.
            if (channel.config().setOption(IP_TRANSPARENT, 1)
                    && channel.config().setOption(SO_MARK, MARK)
                    && channel.config().setOption(ChannelOption.SO_REUSEADDR, true)) {
                return true;
            }
            LOG.log(
                    Level.WARNING,
                    "The app does not see its clients' addresses: the transport has no transparent sockets");
        } catch (ChannelException e) {
            LOG.log(
                    Level.WARNING,
                    "The app does not see its clients'' addresses, which takes CAP_NET_ADMIN: {0}",
                    String.valueOf(
                            e.getCause() == null ? e.getMessage() : e.getCause().getMessage()));
        }
        return false;
    }
}
