package dev.sluice.proxy.codec.http1.connection;

import dev.sluice.proxy.codec.ChannelConnection;
import dev.sluice.proxy.codec.CodecLimits;
import dev.sluice.proxy.codec.Heads;
import dev.sluice.proxy.stream.ClientConnection;
import dev.sluice.proxy.stream.ClientStream;
import dev.sluice.proxy.stream.ErrorCode;
import dev.sluice.proxy.stream.ProxyError;
import dev.sluice.proxy.stream.RequestHead;
import dev.sluice.proxy.stream.RequestReader;
import dev.sluice.proxy.stream.ResponseHead;
import dev.sluice.proxy.stream.ResponseReader;
import dev.sluice.proxy.stream.ServerStream;
import dev.sluice.proxy.stream.ServerStreamHandler;
import dev.sluice.proxy.stream.headers.HeaderOverlay;
import dev.sluice.proxy.stream.headers.Headers;
import dev.sluice.proxy.upstream.Transport;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The two HTTP/1 codecs back to back over real sockets, with nothing between them but backpressure. */
final class RelayProxy implements ServerStreamHandler, AutoCloseable {
    /** Its own, so that what the proxy holds can be told from what the test holds. */
    final PooledByteBufAllocator memory = new PooledByteBufAllocator(true);

    /** Little goes out ahead of a reader that does not read, much comes in: a FIN behind it arrives while paused. */
    private static final int SEND_BUFFER = 32 * 1024;

    private static final int RECEIVE_BUFFER = 1024 * 1024;

    private final Transport transport;
    private final Channel listener;
    private final int upstreamPort;

    RelayProxy(Transport transport, int upstreamPort) throws InterruptedException {
        this.transport = transport;
        this.upstreamPort = upstreamPort;
        this.listener = new ServerBootstrap()
                .group(transport.group())
                .channel(transport.server())
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childOption(ChannelOption.ALLOCATOR, memory)
                .childOption(ChannelOption.SO_SNDBUF, SEND_BUFFER)
                .childOption(ChannelOption.SO_RCVBUF, RECEIVE_BUFFER)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline()
                                .addLast(new H1ServerHandler(
                                        RelayProxy.this, ChannelConnection.cleartext(channel), CodecLimits.DEFAULT));
                    }
                })
                .bind(InetAddress.getLoopbackAddress(), 0)
                .sync()
                .channel();
    }

    int port() {
        return ((InetSocketAddress) listener.localAddress()).getPort();
    }

    /** Bytes that the proxy's buffers hold now. */
    long heldBytes() {
        return memory.pinnedDirectMemory() + memory.pinnedHeapMemory();
    }

    @Override
    public RequestReader onRequest(RequestHead head, boolean last, ServerStream stream) {
        Relay relay = new Relay(stream);
        stream.requestGate().pause();
        H1ClientHandler upstream = new H1ClientHandler(CodecLimits.DEFAULT, null);
        ChannelFuture connected = new Bootstrap()
                .group(stream.loop())
                .channel(transport.client())
                .option(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .option(ChannelOption.ALLOCATOR, memory)
                .option(ChannelOption.SO_SNDBUF, SEND_BUFFER)
                .option(ChannelOption.SO_RCVBUF, RECEIVE_BUFFER)
                .handler(upstream)
                .connect(InetAddress.getLoopbackAddress(), upstreamPort);
        connected.addListener(done -> relay.connected(upstream.connection(), head, last, done.isSuccess()));
        return relay;
    }

    @Override
    public void onBadRequest(ProxyError error, @Nullable RequestHead head, ServerStream stream) {
        stream.head(Heads.response(error.code().status()), true);
    }

    @Override
    public void close() {
        listener.close().syncUninterruptibly();
        transport.group().shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    }

    /** One exchange: the request's direction; {@link #response} is the other. */
    private static final class Relay implements RequestReader {
        private final ServerStream downstream;
        private @Nullable ClientStream upstream;
        private boolean gone;

        private final ResponseReader response = new ResponseReader() {
            private boolean started;

            @Override
            public void onInformational(ResponseHead head) {
                downstream.informational(head);
            }

            @Override
            public void onHead(ResponseHead head, boolean last) {
                started = true;
                downstream.head(head, last);
            }

            @Override
            public void onData(ByteBuf data, boolean last) {
                downstream.data(data, last);
                if (!downstream.isWritable()) {
                    upstream().responseGate().pause();
                }
            }

            @Override
            public void onTrailers(Headers trailers) {
                downstream.trailers(trailers);
            }

            @Override
            public void onReset(ProxyError error) {
                if (started) {
                    downstream.reset(error);
                } else {
                    downstream.head(Heads.response(error.code().status()), true);
                }
            }

            @Override
            public void onWritable() {
                downstream.requestGate().resume();
            }
        };

        Relay(ServerStream downstream) {
            this.downstream = downstream;
        }

        void connected(ClientConnection connection, RequestHead head, boolean last, boolean success) {
            if (gone || !success) {
                connection.close(ProxyError.notProcessed(ErrorCode.CONNECT_FAILED, "in a test"));
                downstream.head(Heads.response(503), true);
                return;
            }
            ClientStream opened = connection.open(response);
            upstream = opened;
            opened.head(head, HeaderOverlay.NONE, last);
            downstream.requestGate().resume();
        }

        private ClientStream upstream() {
            if (upstream == null) {
                throw new IllegalStateException("not connected yet");
            }
            return upstream;
        }

        @Override
        public void onData(ByteBuf data, boolean last) {
            upstream().data(data, last);
            if (!upstream().isWritable()) {
                downstream.requestGate().pause();
            }
        }

        @Override
        public void onTrailers(Headers trailers) {
            upstream().trailers(trailers);
        }

        @Override
        public void onReset(ProxyError error) {
            gone = true;
            if (upstream != null) {
                upstream.reset(error);
            }
        }

        @Override
        public void onWritable() {
            upstream().responseGate().resume();
        }
    }
}
