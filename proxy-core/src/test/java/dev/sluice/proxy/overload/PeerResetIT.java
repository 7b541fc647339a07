package dev.sluice.proxy.overload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.TimeUnit;
import jdk.net.ExtendedSocketOptions;
import org.junit.jupiter.api.Test;

class PeerResetIT {
    @Test
    void epollAsksAPeerThatEndedItsSideWhetherItIsThere() throws Exception {
        assumeTrue(Epoll.isAvailable());
        assertEquals(
                15,
                idleSeconds(EpollIoHandler.newFactory(), EpollSocketChannel.class, EpollChannelOption.TCP_KEEPIDLE));
    }

    @Test
    void nioAsksAPeerThatEndedItsSideWhetherItIsThere() throws Exception {
        ChannelOption<Integer> idle = NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPIDLE);
        assertEquals(15, idleSeconds(NioIoHandler.newFactory(), NioSocketChannel.class, idle));
    }

    private static int idleSeconds(
            IoHandlerFactory transport, Class<? extends Channel> kind, ChannelOption<Integer> idle) throws Exception {
        EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, transport);
        try (ServerSocket peer = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Channel channel = new Bootstrap()
                    .group(loops)
                    .channel(kind)
                    .handler(new ChannelInboundHandlerAdapter())
                    .connect(peer.getLocalSocketAddress())
                    .sync()
                    .channel();
            PeerReset.watch(channel);
            assertTrue(channel.config().getOption(ChannelOption.SO_KEEPALIVE));
            int seconds = channel.config().getOption(idle);
            channel.close().sync();
            PeerReset.watch(channel);
            return seconds;
        } finally {
            loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
        }
    }
}
