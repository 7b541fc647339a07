package dev.sluice.proxy.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.proxy.stream.Headers;
import dev.sluice.proxy.stream.ProxyError;
import dev.sluice.proxy.stream.RequestHead;
import dev.sluice.proxy.stream.RequestReader;
import dev.sluice.proxy.stream.ServerStream;
import dev.sluice.proxy.stream.ServerStreamHandler;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The server end on a real socket, against the conformance suite. */
class H2SpecIT {
    @Test
    void everyCaseOfH2specPasses() throws Exception {
        EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        try {
            Channel server = new ServerBootstrap()
                    .group(loops)
                    .channel(NioServerSocketChannel.class)
                    .childOption(ChannelOption.AUTO_READ, false)
                    .childHandler(new ChannelInitializer<>() {
                        @Override
                        protected void initChannel(Channel channel) {
                            channel.pipeline()
                                    .addLast(new H2ServerHandler(
                                            new Greeting(), ChannelConnection.cleartext(channel), CodecLimits.DEFAULT));
                        }
                    })
                    .bind(InetAddress.getLoopbackAddress(), 0)
                    .sync()
                    .channel();
            H2Spec.Report report = H2Spec.run(((InetSocketAddress) server.localAddress()).getPort(), H2Spec.ALL);
            assertEquals(0, report.failed(), report.output());
            assertTrue(report.passed() >= 140, report.output());
        } finally {
            loops.shutdownGracefully().syncUninterruptibly();
        }
    }

    /** Answers every request once it has ended. */
    private static final class Greeting implements ServerStreamHandler {
        @Override
        public RequestReader onRequest(RequestHead head, boolean last, ServerStream stream) {
            if (last) {
                greet(stream);
            }
            return new RequestReader() {
                @Override
                public void onData(ByteBuf data, boolean end) {
                    data.release();
                    if (end) {
                        greet(stream);
                    }
                }

                @Override
                public void onTrailers(Headers trailers) {
                    greet(stream);
                }

                @Override
                public void onReset(ProxyError error) {
                    // Nothing waits for it.
                }

                @Override
                public void onWritable() {
                    // The greeting is small.
                }
            };
        }

        @Override
        public void onBadRequest(ProxyError error, @Nullable RequestHead head, ServerStream stream) {
            stream.head(Heads.response(error.code().status()), true);
        }

        private static void greet(ServerStream stream) {
            stream.head(Heads.response(200, "content-length", "5"), false);
            stream.data(Heads.bytes("hello"), true);
        }
    }
}
