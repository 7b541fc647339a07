package dev.sluice.proxy.upstream;

import dev.sluice.proxy.loop.BoundedLoops;
import dev.sluice.proxy.loop.LoopWatchdog;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.unix.UnixChannelOption;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringDatagramChannel;
import io.netty.channel.uring.IoUringServerSocketChannel;
import io.netty.channel.uring.IoUringSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.StandardSocketOptions;

/**
 * How bytes are moved: the event loops and the channel classes that go with them.
 *
 * @param kind what was chosen
 * @param group one thread an event loop
 * @param server listening channels
 * @param client connecting channels
 * @param datagram for DNS
 * @param watchdog of the event loops; ends with them
 */
public record Transport(
        Kind kind,
        EventLoopGroup group,
        Class<? extends ServerChannel> server,
        Class<? extends Channel> client,
        Class<? extends DatagramChannel> datagram,
        LoopWatchdog watchdog) {
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
        LoopWatchdog watchdog = new LoopWatchdog();
        EventLoopGroup group =
                new BoundedLoops(workers, new DefaultThreadFactory("sluice-worker", true), watchdog.watching(io(kind)));
        watchdog.start();
        return switch (kind) {
            case EPOLL ->
                new Transport(
                        kind,
                        group,
                        EpollServerSocketChannel.class,
                        EpollSocketChannel.class,
                        EpollDatagramChannel.class,
                        watchdog);
            case IO_URING ->
                new Transport(
                        kind,
                        group,
                        IoUringServerSocketChannel.class,
                        IoUringSocketChannel.class,
                        IoUringDatagramChannel.class,
                        watchdog);
            case NIO, AUTO ->
                new Transport(
                        Kind.NIO,
                        group,
                        NioServerSocketChannel.class,
                        NioSocketChannel.class,
                        NioDatagramChannel.class,
                        watchdog);
        };
    }

    private static IoHandlerFactory io(Kind kind) {
        return switch (kind) {
            case EPOLL -> RememberingEpoll.newFactory();
            case IO_URING -> RetryingIoUring.newFactory();
            case NIO, AUTO -> NioIoHandler.newFactory();
        };
    }

    /**
     * What a listening socket says that has its port beside another one: the kernel lets sockets overlap where all of them
     * say so, and a second process of the same user too, which would take a part of the connections.
     */
    public ChannelOption<Boolean> sharedPort() {
        return kind == Kind.NIO
                ? NioChannelOption.of(StandardSocketOptions.SO_REUSEPORT)
                : UnixChannelOption.SO_REUSEPORT;
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
}
