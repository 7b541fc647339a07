package dev.sluice.proxy.admin.status;

import dev.sluice.config.plan.ListenerPlan.BindAddress;
import dev.sluice.proxy.listener.BindSockets;
import dev.sluice.proxy.listener.SystemReason;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.timeout.IdleStateHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Ports that other hosts ask for health and metrics, apart from the admin port: nothing on them tells about configuration,
 * and nothing but {@code /quitquitquit} and {@code /drain}, from this host alone, changes anything. One thread for all of them.
 */
final class StatusServer implements AutoCloseable {
    private static final int MAX_HEAD = 8 * 1024;
    private static final int MAX_BODY = 8 * 1024;
    private static final int MAX_CONNECTIONS = 256;
    /** For a request to come and its answer to be taken; how long the answer itself may take is the page's business. */
    private static final int IDLE_SECONDS = 60;

    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("sluice-status", true), NioIoHandler.newFactory());
    private final List<Channel> servers = new ArrayList<>();
    private final ChannelGroup open = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);

    /** @throws IOException when the address cannot be bound; the message is one line that names it */
    InetSocketAddress bind(BindAddress address, List<StatusPage> pages) throws IOException {
        ChannelFuture done = new ServerBootstrap()
                .group(group)
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        pipeline(channel, pages);
                    }
                })
                .bind(BindSockets.of(address))
                .awaitUninterruptibly();
        if (!done.isSuccess()) {
            throw new IOException("cannot bind " + address + ": " + SystemReason.of(done.cause()), done.cause());
        }
        servers.add(done.channel());
        return (InetSocketAddress) done.channel().localAddress();
    }

    /** Asks the app, on the thread of these ports. */
    ProbeClient probeClient() {
        return new ProbeClient(group);
    }

    /** The one thread. */
    EventLoop loop() {
        return group.next();
    }

    private void pipeline(Channel channel, List<StatusPage> pages) {
        if (open.size() >= MAX_CONNECTIONS) {
            ChannelFuture unused = channel.close();
            return;
        }
        open.add(channel);
        channel.pipeline()
                .addLast(new IdleStateHandler(0, 0, IDLE_SECONDS))
                .addLast(new HttpServerCodec(new HttpDecoderConfig()
                        .setMaxInitialLineLength(MAX_HEAD)
                        .setMaxHeaderSize(MAX_HEAD)))
                .addLast(new HttpObjectAggregator(MAX_BODY, true))
                .addLast(new StatusHandler(pages));
    }

    @Override
    public void close() {
        servers.forEach(server -> server.close().awaitUninterruptibly());
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
