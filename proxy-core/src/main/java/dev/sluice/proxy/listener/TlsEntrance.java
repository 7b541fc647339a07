package dev.sluice.proxy.listener;

import dev.sluice.proxy.cluster.UnixAddress;
import dev.sluice.proxy.codec.ChannelConnection;
import dev.sluice.proxy.codec.CodecLimits;
import dev.sluice.proxy.codec.DrainEvent;
import dev.sluice.proxy.codec.H1ServerHandler;
import dev.sluice.proxy.codec.H2ServerHandler;
import dev.sluice.proxy.codec.LingeringClose;
import dev.sluice.proxy.snapshot.ChainRuntime;
import dev.sluice.proxy.snapshot.ListenerRuntime;
import dev.sluice.proxy.stream.ServerStreamHandler;
import dev.sluice.proxy.tcp.TcpRelay;
import dev.sluice.proxy.tls.ClientHello;
import dev.sluice.proxy.tls.ForwardedCertificate;
import dev.sluice.proxy.tls.ServerTls;
import dev.sluice.proxy.tls.TlsCounters.Side;
import dev.sluice.proxy.tls.TlsSignals;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import org.jspecify.annotations.Nullable;

/**
 * Stands behind the TLS handler of a client until the handshake is done, and replaces itself by the codec that ALPN
 * agreed on; without ALPN the first bytes tell. What fails is counted and logged. Event loop of the connection.
 */
final class TlsEntrance extends ChannelInboundHandlerAdapter {
    private final ListenerPipelines pipelines;
    private final ListenerRuntime listener;
    private final ChainRuntime chain;
    private final ServerTls tls;
    private final ClientHello hello;
    private final SslHandler handler;
    /** So that a client which is still sending reads why it is refused. */
    private final LingeringClose lingering;

    private boolean announced;

    private TlsEntrance(
            ListenerPipelines pipelines,
            ListenerRuntime listener,
            ChainRuntime chain,
            ServerTls tls,
            ClientHello hello,
            SslHandler handler) {
        this.pipelines = pipelines;
        this.listener = listener;
        this.chain = chain;
        this.tls = tls;
        this.hello = hello;
        this.handler = handler;
        CodecLimits limits = pipelines.limits();
        this.lingering = new LingeringClose(
                limits.times().lingerMillis(), limits.buffers().linger());
        lingering.arm();
    }

    /** For a connection that {@code chain} takes; null while the chain has no usable certificate. */
    static @Nullable TlsEntrance of(
            ByteBufAllocator alloc,
            ListenerPipelines pipelines,
            ListenerRuntime listener,
            ChainRuntime chain,
            ClientHello hello) {
        ServerTls tls = chain.tls();
        SslHandler handler = tls == null ? null : tls.newHandler(alloc, hello, ChainChooser.HANDSHAKE_MILLIS);
        return tls == null || handler == null ? null : new TlsEntrance(pipelines, listener, chain, tls, hello, handler);
    }

    /** Puts TLS, and itself, behind the handler of {@code ctx}. */
    void addAfter(ChannelHandlerContext ctx) {
        ChannelPipeline pipeline = ctx.pipeline();
        pipeline.addAfter(ctx.name(), null, this);
        pipeline.addAfter(ctx.name(), null, TlsSignals.INSTANCE);
        pipeline.addAfter(ctx.name(), null, handler);
        pipeline.addAfter(ctx.name(), null, lingering);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof SslHandshakeCompletionEvent done) {
            if (done.isSuccess()) {
                completed(ctx);
            } else {
                failed(ctx, done.cause());
            }
        } else if (event == DrainEvent.ANNOUNCE) {
            announced = true;
        } else if (event == DrainEvent.CLOSE_IDLE) {
            // The client hears of it by then, or its handshake ends by its own deadline.
            OpeningHandler.closeIdleLater(ctx.channel());
        } else {
            ctx.fireUserEventTriggered(event);
        }
    }

    private void completed(ChannelHandlerContext ctx) {
        pipelines.handshakes().completed(Side.DOWNSTREAM);
        ctx.pipeline().remove(lingering);
        Channel channel = ctx.channel();
        ChannelConnection connection = new ChannelConnection(
                UnixAddress.remote(channel),
                UnixAddress.local(channel),
                true,
                hello.serverName(),
                tls.asksForCertificates()
                        ? ForwardedCertificate.of(handler.engine().getSession())
                        : null);
        if (chain.http() == null) {
            TcpRelay.begin(channel, connection, chain.route(), listener.streams());
            ctx.pipeline().remove(this);
            return;
        }
        ServerStreamHandler requests = pipelines.requests(chain.plan().name());
        String agreed = handler.applicationProtocol();
        ChannelPipeline pipeline = ctx.pipeline();
        if (ApplicationProtocolNames.HTTP_2.equals(agreed)) {
            pipeline.addLast(new H2ServerHandler(requests, connection, pipelines.limits()));
        } else if (ApplicationProtocolNames.HTTP_1_1.equals(agreed)) {
            pipeline.addLast(new H1ServerHandler(requests, connection, pipelines.limits()));
        } else {
            ProtocolDetector detector = new ProtocolDetector(requests, connection, pipelines.limits());
            pipeline.addLast(detector);
            detector.start(pipeline.context(detector));
        }
        if (announced) {
            ctx.fireUserEventTriggered(DrainEvent.ANNOUNCE);
        }
        pipeline.remove(this);
    }

    private void failed(ChannelHandlerContext ctx, Throwable cause) {
        String name = hello.serverName();
        pipelines
                .handshakes()
                .failed(
                        Side.DOWNSTREAM,
                        chain.plan().name() + " from " + UnixAddress.remote(ctx.channel())
                                + (name == null ? "" : " for " + name),
                        cause);
        close(ctx);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        // The handshake's event has told it, or the client was gone.
        close(ctx);
    }

    private static void close(ChannelHandlerContext ctx) {
        ChannelFuture unused = ctx.close();
    }
}
