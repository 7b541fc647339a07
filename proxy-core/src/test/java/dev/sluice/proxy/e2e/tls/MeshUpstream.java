package dev.sluice.proxy.e2e.tls;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SniHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.pkitesting.X509Bundle;
import io.netty.util.Mapping;
import io.netty.util.ReferenceCountUtil;
import java.io.ByteArrayInputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/**
 * An app behind its sidecar: HTTP/1.1 inside mutual TLS, answered with the app's name. Knows server names with underscores,
 * which the JDK's own HTTPS server cannot take.
 */
final class MeshUpstream implements AutoCloseable {
    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final List<String> serverNames = new CopyOnWriteArrayList<>();
    private final List<String> clients = new CopyOnWriteArrayList<>();
    private final SslContext context;
    private final Channel server;

    MeshUpstream(String name, X509Bundle own, Pki trusted) throws Exception {
        context = SslContextBuilder.forServer(own.toKeyManagerFactory())
                .trustManager(new ByteArrayInputStream(trusted.pem().getBytes(StandardCharsets.US_ASCII)))
                .clientAuth(ClientAuth.REQUIRE)
                .build();
        byte[] answer = ("HTTP/1.1 200 OK\r\nContent-Length: " + name.length() + "\r\n\r\n" + name)
                .getBytes(StandardCharsets.US_ASCII);
        server = new ServerBootstrap()
                .group(loops)
                .channel(NioServerSocketChannel.class)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        // Names before anything of the JDK's looks at them, which takes no underscore.
                        Mapping<String, SslContext> byName = name -> {
                            serverNames.add(name);
                            return context;
                        };
                        channel.pipeline().addLast(new SniHandler(byName), new Answers(answer));
                    }
                })
                .bind(InetAddress.getLoopbackAddress(), 0)
                .sync()
                .channel();
    }

    private final class Answers extends SimpleChannelInboundHandler<ByteBuf> {
        private final byte[] answer;
        private final StringBuilder head = new StringBuilder();

        Answers(byte[] answer) {
            this.answer = answer;
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) throws Exception {
            if (event instanceof SslHandshakeCompletionEvent done && done.isSuccess()) {
                SslHandler tls = ctx.pipeline().get(SslHandler.class);
                clients.add(tls.engine().getSession().getPeerPrincipal().getName());
            }
            ctx.fireUserEventTriggered(event);
        }

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, ByteBuf bytes) {
            head.append(bytes.toString(StandardCharsets.US_ASCII));
            if (head.indexOf("\r\n\r\n") >= 0) {
                head.setLength(0);
                ChannelFuture unused = ctx.writeAndFlush(Unpooled.wrappedBuffer(answer));
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            // A client that refuses: it is its test that tells.
            ChannelFuture unused = ctx.close();
        }
    }

    /** Of each handshake that was begun. */
    List<String> serverNames() {
        return serverNames;
    }

    /** Subjects of the certificates that clients showed. */
    List<String> clients() {
        return clients;
    }

    int port() {
        return ((InetSocketAddress) server.localAddress()).getPort();
    }

    @Override
    public void close() {
        server.close().awaitUninterruptibly();
        ReferenceCountUtil.release(context);
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
