package dev.sluice.proxy.admin.http;

import dev.sluice.config.plan.ListenerPlan.BindAddress;
import dev.sluice.proxy.listener.BindSockets;
import dev.sluice.proxy.listener.SystemReason;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The admin port: a small HTTP/1.1 server on one thread of its own, so that nothing that is asked here takes time from
 * traffic. Everything a client may do to it is bounded: connections, head, body, and the time for each exchange.
 */
public final class AdminServer implements AutoCloseable {
    private static final int MAX_HEAD = 16 * 1024;
    private static final int MAX_BODY = 16 * 1024;

    private final EventLoopGroup group;
    private final Channel server;

    private AdminServer(EventLoopGroup group, Channel server) {
        this.group = group;
        this.server = server;
    }

    /**
     * What clients may take.
     *
     * @param connections open ones; a further one is closed at once
     * @param exchangeMillis for a request to come in and its answer to go out, and between two of them
     */
    public record Bounds(int connections, long exchangeMillis) {
        /** For a few dashboards, scrapers and probes. */
        public static final Bounds DEFAULT = new Bounds(64, 30_000);
    }

    /** Whether binding there needs a token: others than this host's own processes may connect. */
    public static boolean isBeyondLoopback(BindAddress address) {
        InetSocketAddress socket = BindSockets.of(address);
        return socket.isUnresolved() || !socket.getAddress().isLoopbackAddress();
    }

    /**
     * Binds.
     *
     * @param token needed for changes, and for reading from beyond loopback; null for none
     * @throws IOException when the address cannot be bound; the message is one line that names it
     */
    public static AdminServer bind(BindAddress address, @Nullable AdminToken token, List<Page> pages, Bounds bounds)
            throws IOException {
        Map<String, Page> byPath =
                pages.stream().collect(Collectors.toUnmodifiableMap(Page::path, Function.identity()));
        boolean beyondLoopback = isBeyondLoopback(address);
        String host = address.host() == null ? "" : address.host().toLowerCase(Locale.ROOT);
        AdminAccess access = new AdminAccess(new HostRule(host, beyondLoopback), token);
        InetSocketAddress socket = BindSockets.of(address);
        if (socket.isUnresolved()) {
            throw new IOException("cannot bind the admin port " + address + ": unknown host");
        }
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(
                1, new DefaultThreadFactory("sluice-admin", true), NioIoHandler.newFactory());
        ChannelFuture done = new ServerBootstrap()
                .group(group)
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childHandler(new Initializer(byPath, access, bounds))
                .bind(socket)
                .awaitUninterruptibly();
        if (!done.isSuccess()) {
            stop(group);
            throw new IOException(
                    "cannot bind the admin port " + address + ": " + SystemReason.of(done.cause()), done.cause());
        }
        return new AdminServer(group, done.channel());
    }

    /** As it is bound; an ephemeral port is resolved. */
    public InetSocketAddress address() {
        return (InetSocketAddress) server.localAddress();
    }

    /** Closes the port and its connections; what is being answered is answered first. */
    @Override
    public void close() {
        server.close().awaitUninterruptibly();
        stop(group);
    }

    private static void stop(EventLoopGroup group) {
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    /** The pipeline of a connection. */
    private static final class Initializer extends ChannelInitializer<Channel> {
        private final Map<String, Page> pages;
        private final AdminAccess access;
        private final Bounds bounds;
        private final ChannelGroup open = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);

        Initializer(Map<String, Page> pages, AdminAccess access, Bounds bounds) {
            this.pages = pages;
            this.access = access;
            this.bounds = bounds;
        }

        @Override
        protected void initChannel(Channel channel) {
            if (open.size() >= bounds.connections()) {
                ChannelFuture unused = channel.close();
                return;
            }
            open.add(channel);
            channel.pipeline()
                    .addLast(new HttpServerCodec(new HttpDecoderConfig()
                            .setMaxInitialLineLength(MAX_HEAD)
                            .setMaxHeaderSize(MAX_HEAD)))
                    .addLast(new HttpObjectAggregator(MAX_BODY, true))
                    .addLast(new AdminHandler(pages, access, bounds.exchangeMillis()));
        }
    }
}
