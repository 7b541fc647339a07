package dev.sluice.proxy.overload;

import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.uring.IoUringChannelOption;
import io.netty.channel.uring.IoUringSocketChannel;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Finds out whether a peer has reset its connection although bytes that it sent before are still to be read. A read tells of
 * a reset only behind the last of those bytes; who does not read on, because what it read is taken by nobody, would hold them
 * for a peer that is gone for as long as the other side stands still.
 */
public final class PeerReset {
    /** linux/tcp_states.h: what a reset, and nothing that leaves a socket open here, makes of a connection. */
    private static final int TCP_CLOSE = 7;

    private static final int PROBE_SECONDS = 15;
    private static final int PROBES = 4;

    private PeerReset() {}

    /**
     * Has the system ask, every 15 seconds, whether a peer that has ended its side is there to read. It looks the same from
     * here whether it has only ended its side or has closed, and the difference would be told by what we send; where nothing
     * is sent for long, the probes of TCP are answered with a reset once the peer's system has forgotten it, which {@link #of}
     * tells. Nothing is asked over NIO, where nobody would hear.
     */
    public static void watch(Channel channel) {
        ChannelConfig config = channel.config();
        try {
            if (channel instanceof EpollSocketChannel) {
                config.setOption(EpollChannelOption.TCP_KEEPIDLE, PROBE_SECONDS);
                config.setOption(EpollChannelOption.TCP_KEEPINTVL, PROBE_SECONDS);
                config.setOption(EpollChannelOption.TCP_KEEPCNT, PROBES);
            } else if (channel instanceof IoUringSocketChannel) {
                config.setOption(IoUringChannelOption.TCP_KEEPIDLE, PROBE_SECONDS);
                config.setOption(IoUringChannelOption.TCP_KEEPINTVL, PROBE_SECONDS);
                config.setOption(IoUringChannelOption.TCP_KEEPCNT, PROBES);
            } else {
                return;
            }
            config.setOption(ChannelOption.SO_KEEPALIVE, true);
        } catch (ChannelException e) {
            // It was closed here meanwhile, which its own event tells.
        }
    }

    /**
     * Asks the system.
     *
     * @return what a read would have failed with; null where there was none, or that cannot be known: not a TCP socket, or
     *     NIO, which learns of it by reading only
     */
    public static @Nullable IOException of(Channel channel) {
        return happenedTo(channel) ? new IOException("Connection reset by peer") : null;
    }

    private static boolean happenedTo(Channel channel) {
        if (!channel.isOpen()) {
            return false;
        }
        try {
            if (channel instanceof EpollSocketChannel socket) {
                return socket.tcpInfo().state() == TCP_CLOSE;
            }
            return channel instanceof IoUringSocketChannel socket
                    && socket.tcpInfo().state() == TCP_CLOSE;
        } catch (ChannelException e) {
            // It was closed here meanwhile, which its own event tells.
            return false;
        }
    }
}
