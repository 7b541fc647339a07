package dev.sluice.proxy.intercept;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A program that tells everybody who connects its name and which of its ports took the connection. A port with a {@code t}
 * behind it has a transparent socket. Ends when its standard input does.
 */
final class PortTeller {
    private PortTeller() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        String name = arguments[0];
        MultiThreadIoEventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
        for (String argument : List.of(arguments).subList(1, arguments.length)) {
            boolean transparent = argument.endsWith("t");
            int port = Integer.parseInt(transparent ? argument.substring(0, argument.length() - 1) : argument);
            new ServerBootstrap()
                    .group(loop)
                    .channel(EpollServerSocketChannel.class)
                    .option(EpollChannelOption.IP_TRANSPARENT, transparent)
                    .childHandler(new Teller(name + " " + port))
                    .bind(new InetSocketAddress("::", port))
                    .sync();
        }
        System.out.println("listening");
        int end = System.in.read();
        System.exit(end < 0 ? 0 : 1);
    }

    @Sharable
    private static final class Teller extends ChannelInboundHandlerAdapter {
        private final String told;

        Teller(String told) {
            this.told = told;
        }

        @Override
        public void channelActive(ChannelHandlerContext context) {
            // The peer's address shows whether it was kept.
            String peer = ((InetSocketAddress) context.channel().remoteAddress())
                    .getAddress()
                    .getHostAddress();
            String text = told + " from " + peer.split("%", 2)[0];
            context.writeAndFlush(Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII))
                    .addListener(ChannelFutureListener.CLOSE);
        }
    }
}
