package dev.sluice.proxy.upstream;

import dev.sluice.config.plan.UnixSocket;
import dev.sluice.proxy.cluster.UnixAddress;
import io.netty.channel.Channel;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.uring.IoUringDomainSocketChannel;
import io.netty.channel.uring.IoUringServerDomainSocketChannel;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;

/**
 * Unix domain sockets of a transport. Every transport has them; abstract ones are Linux's and are not to be had by NIO.
 *
 * @param server listening channels
 * @param client connecting channels
 */
public record UnixChannels(Class<? extends ServerChannel> server, Class<? extends Channel> client) {
    /** Those of a transport. */
    public static UnixChannels of(Transport.Kind kind) {
        return switch (kind) {
            case EPOLL -> new UnixChannels(EpollServerDomainSocketChannel.class, EpollDomainSocketChannel.class);
            case IO_URING -> new UnixChannels(IoUringServerDomainSocketChannel.class, IoUringDomainSocketChannel.class);
            case NIO, AUTO -> new UnixChannels(NioServerDomainSocketChannel.class, NioDomainSocketChannel.class);
        };
    }

    /**
     * The address as the transport's channels take it.
     *
     * @throws SocketException when they cannot: it is longer than the system takes (the native transports would cut it off
     *     and use another socket), or abstract where there is nothing of the kind
     */
    public static SocketAddress address(UnixAddress address, Transport.Kind kind) throws SocketException {
        int length = address.path().getBytes(StandardCharsets.UTF_8).length;
        if (length > UnixSocket.MAX_BYTES) {
            throw new SocketException("the path of a Unix domain socket has at most " + UnixSocket.MAX_BYTES
                    + " bytes, this one " + length);
        }
        if (kind == Transport.Kind.EPOLL || kind == Transport.Kind.IO_URING) {
            return new DomainSocketAddress(address.path());
        }
        if (address.isAbstract()) {
            throw new SocketException("abstract Unix domain sockets need the epoll transport");
        }
        return UnixDomainSocketAddress.of(address.path());
    }
}
