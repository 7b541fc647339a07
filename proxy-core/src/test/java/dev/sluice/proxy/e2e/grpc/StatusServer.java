package dev.sluice.proxy.e2e.grpc;

import dev.sluice.proxy.codec.ChannelConnection;
import dev.sluice.proxy.codec.CodecLimits;
import dev.sluice.proxy.codec.http2.connection.H2ServerHandler;
import dev.sluice.proxy.stream.ProxyError;
import dev.sluice.proxy.stream.RequestHead;
import dev.sluice.proxy.stream.RequestReader;
import dev.sluice.proxy.stream.ResponseHead;
import dev.sluice.proxy.stream.ServerStream;
import dev.sluice.proxy.stream.ServerStreamHandler;
import dev.sluice.proxy.stream.headers.H2Headers;
import dev.sluice.proxy.stream.headers.Headers;
import dev.sluice.proxy.upstream.Transport;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** An HTTP/2 upstream that answers every request, before its body, with the status that its path names. */
final class StatusServer implements ServerStreamHandler, AutoCloseable {
    private final Transport transport = Transport.start(Transport.Kind.AUTO, 1);
    private final Channel server = new ServerBootstrap()
            .group(transport.group())
            .channel(transport.server())
            .childOption(ChannelOption.AUTO_READ, false)
            .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
            .childHandler(new ChannelInitializer<>() {
                @Override
                protected void initChannel(Channel channel) {
                    channel.pipeline()
                            .addLast(new H2ServerHandler(
                                    StatusServer.this, ChannelConnection.cleartext(channel), CodecLimits.DEFAULT));
                }
            })
            .bind(InetAddress.getLoopbackAddress(), 0)
            .syncUninterruptibly()
            .channel();

    int port() {
        return ((InetSocketAddress) server.localAddress()).getPort();
    }

    @Override
    public RequestReader onRequest(RequestHead head, boolean last, ServerStream stream) {
        Headers headers = H2Headers.create();
        stream.head(new ResponseHead(Integer.parseInt(head.path().substring(1)), headers, -1), false);
        // The body has no end: whoever waits for it waits for ever.
        stream.data(Unpooled.buffer().writeZero(10), false);
        return new RequestReader() {
            @Override
            public void onData(ByteBuf data, boolean end) {
                data.release();
            }

            @Override
            public void onTrailers(Headers trailers) {
                // The answer is out already.
            }

            @Override
            public void onReset(ProxyError error) {
                // As it should be.
            }

            @Override
            public void onWritable() {
                // Ten bytes are no burden.
            }
        };
    }

    @Override
    public void onBadRequest(ProxyError error, @Nullable RequestHead head, ServerStream stream) {
        stream.reset(error);
    }

    @Override
    public void close() {
        server.close().syncUninterruptibly();
        transport.group().shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }
}
