package dev.sluice.proxy.upstream;

import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringDatagramChannel;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringServerSocketChannel;
import io.netty.channel.uring.IoUringSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;

/**
 * How bytes are moved: the event loops and the channel classes that go with them.
 *
 * @param kind what was chosen
 * @param group one thread an event loop
 * @param server listening channels
 * @param client connecting channels
 * @param datagram for DNS
 */
public record Transport(
        Kind kind,
        EventLoopGroup group,
        Class<? extends ServerChannel> server,
        Class<? extends Channel> client,
        Class<? extends DatagramChannel> datagram) {
    /** What may be chosen. */
    public enum Kind {
        /** The best that loads: epoll, else NIO. io_uring only when asked for. */
        AUTO,
        EPOLL,
        IO_URING,
        NIO
    }

    /**
     * Starts event loops.
     *
     * @param wanted falls back to NIO where its native library does not load
     * @param workers number of event loops, at least 1
     */
    public static Transport start(Kind wanted, int workers) {
        Kind kind = available(wanted);
        DefaultThreadFactory threads = new DefaultThreadFactory("sluice-worker", true);
        return switch (kind) {
            case EPOLL ->
                new Transport(
                        kind,
                        group(workers, threads, RememberingEpoll.newFactory()),
                        EpollServerSocketChannel.class,
                        EpollSocketChannel.class,
                        EpollDatagramChannel.class);
            case IO_URING ->
                new Transport(
                        kind,
                        group(workers, threads, IoUringIoHandler.newFactory()),
                        IoUringServerSocketChannel.class,
                        IoUringSocketChannel.class,
                        IoUringDatagramChannel.class);
            case NIO, AUTO ->
                new Transport(
                        Kind.NIO,
                        group(workers, threads, NioIoHandler.newFactory()),
                        NioServerSocketChannel.class,
                        NioSocketChannel.class,
                        NioDatagramChannel.class);
        };
    }

    /** What {@link Kind#AUTO} comes down to here. */
    public static Kind best() {
        return available(Kind.AUTO);
    }

    private static Kind available(Kind wanted) {
        return switch (wanted) {
            case AUTO, EPOLL -> Epoll.isAvailable() ? Kind.EPOLL : Kind.NIO;
            case IO_URING -> IoUring.isAvailable() ? Kind.IO_URING : available(Kind.EPOLL);
            case NIO -> Kind.NIO;
        };
    }

    private static EventLoopGroup group(int workers, DefaultThreadFactory threads, IoHandlerFactory io) {
        return new MultiThreadIoEventLoopGroup(workers, threads, io);
    }
}
