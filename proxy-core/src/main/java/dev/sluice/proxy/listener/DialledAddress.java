package dev.sluice.proxy.listener;

import dev.sluice.proxy.log.Logs;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOption;
import io.netty.channel.unix.IntegerUnixChannelOption;
import io.netty.channel.unix.RawUnixChannelOption;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Where the client of a redirected connection wanted to go. Asked once for each connection, on its event loop; any
 * implementation is shared by all of them.
 */
@FunctionalInterface
public interface DialledAddress {
    /**
     * The address that was dialled; null when nobody knows: the connection was not redirected, or the transport cannot ask.
     */
    @Nullable
    InetSocketAddress of(Channel accepted);

    /** Asks the kernel, which remembers it of what iptables' REDIRECT or nftables' redirect sent here. */
    DialledAddress REDIRECTED = Kernel::dialled;

    /**
     * The connection's own end: what TPROXY hands over still has the dialled address. What has the listener's port was not
     * handed over but redirected: an app that calls itself comes by its own host's output, where TPROXY is not to be had.
     */
    DialledAddress TRANSPARENT = accepted -> {
        InetSocketAddress local = (InetSocketAddress) accepted.localAddress();
        InetSocketAddress listening = (InetSocketAddress) accepted.parent().localAddress();
        return local.getPort() == listening.getPort() ? REDIRECTED.of(accepted) : local;
    };

    /** Lets a listening socket take connections to addresses that are not this host's; needs CAP_NET_ADMIN. */
    ChannelOption<Integer> IP_TRANSPARENT = new IntegerUnixChannelOption("IP_TRANSPARENT", Kernel.SOL_IP, 19);

    /** linux/netfilter_ipv4.h and linux/netfilter_ipv6/ip6_tables.h. */
    final class Kernel {
        private static final Logger LOG = Logs.of(DialledAddress.class);
        private static final int SOL_IP = 0;
        private static final int SOL_IPV6 = 41;
        private static final int SO_ORIGINAL_DST = 80;
        private static final int SOCKADDR_IN = 16;
        private static final int SOCKADDR_IN6 = 28;
        private static final RawUnixChannelOption V4 =
                new RawUnixChannelOption("SO_ORIGINAL_DST", SOL_IP, SO_ORIGINAL_DST, SOCKADDR_IN);
        private static final RawUnixChannelOption V6 =
                new RawUnixChannelOption("IP6T_SO_ORIGINAL_DST", SOL_IPV6, SO_ORIGINAL_DST, SOCKADDR_IN6);

        private Kernel() {}

        private static @Nullable InetSocketAddress dialled(Channel accepted) {
            if (!(accepted.localAddress() instanceof InetSocketAddress local)) {
                return null;
            }
            // An IPv4 client of a socket for both families shows as IPv4, and its connection is tracked as such.
            boolean v6 = local.getAddress() instanceof Inet6Address;
            try {
                ByteBuffer told = accepted.config().getOption(v6 ? V6 : V4);
                return told == null ? null : address(told, v6);
            } catch (ChannelException e) {
                // ENOENT: this connection came to be without being redirected, or is gone by now.
                LOG.log(Level.DEBUG, "the kernel knows no original destination of {0}: {1}", accepted, e.getMessage());
                return null;
            }
        }

        /** From a {@code sockaddr_in} or {@code sockaddr_in6}: family, port, (flow,) address; in network order. */
        static @Nullable InetSocketAddress address(ByteBuffer sockaddr, boolean v6) {
            int start = sockaddr.position();
            if (sockaddr.remaining() < (v6 ? SOCKADDR_IN6 : SOCKADDR_IN)) {
                return null;
            }
            int port = ((sockaddr.get(start + 2) & 0xff) << 8) | (sockaddr.get(start + 3) & 0xff);
            byte[] address = new byte[v6 ? 16 : 4];
            for (int i = 0; i < address.length; i++) {
                address[i] = sockaddr.get(start + (v6 ? 8 : 4) + i);
            }
            try {
                return new InetSocketAddress(InetAddress.getByAddress(address), port);
            } catch (UnknownHostException e) {
                throw new IllegalStateException("an address of " + address.length + " bytes", e);
            }
        }
    }
}
