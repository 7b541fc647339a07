package dev.sluice.proxy.listener;

import dev.sluice.proxy.codec.ChannelConnection;
import dev.sluice.proxy.codec.CodecLimits;
import dev.sluice.proxy.codec.DrainEvent;
import dev.sluice.proxy.codec.LingeringClose;
import dev.sluice.proxy.codec.http1.connection.H1ServerHandler;
import dev.sluice.proxy.codec.http2.connection.H2ServerHandler;
import dev.sluice.proxy.stream.ServerStreamHandler;
import dev.sluice.proxy.tcp.TcpRelay;
import dev.sluice.proxy.tls.ClientHello;
import dev.sluice.proxy.tls.FinishedHandshake;
import dev.sluice.proxy.tls.ForwardedCertificate;
import dev.sluice.proxy.tls.ServerTls;
import dev.sluice.proxy.tls.ServerTls.Ending;
import dev.sluice.proxy.tls.TlsCounters.Side;
import dev.sluice.proxy.tls.TlsSignals;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import javax.net.ssl.SSLSession;

/**
 * Stands behind the TLS handler of a client until the handshake is done, and replaces itself by the codec that ALPN
 * agreed on; without ALPN the first bytes tell. What fails is counted and logged. Event loop of the connection.
 */
final class TlsEntrance extends ChannelInboundHandlerAdapter {
    /** For a ClientHello, and then for the rest of the handshake; as Netty's own. */
    static final long HANDSHAKE_MILLIS = 10_000;

    private final Inside inside;
    private final ServerTls tls;
    private final ClientHello hello;
    private final Ending ending;
    /** So that a client which is still sending reads why it is refused. */
    private final LingeringClose lingering;

    private boolean announced;

    private TlsEntrance(Inside inside, ServerTls tls, ClientHello hello, Ending ending) {
        this.inside = inside;
        this.tls = tls;
        this.hello = hello;
        this.ending = ending;
        CodecLimits limits = inside.pipelines().limits();
        this.lingering = new LingeringClose(
                limits.times().lingerMillis(), limits.buffers().linger());
        lingering.arm();
    }

    /** Ends TLS of a connection in place of {@code opening}; refuses it while its chain has no usable certificate. */
    static void begin(OpeningHandler opening, ChannelHandlerContext ctx, Inside inside, ClientHello hello) {
        ServerTls tls = inside.chain().tls();
        Ending ending = tls == null ? null : tls.begin(ctx.alloc(), hello, HANDSHAKE_MILLIS);
        if (tls == null || ending == null) {
            Refusal.NO_CERTIFICATE.give(
                    opening,
                    ctx,
                    inside.pipelines().handshakes(),
                    inside.listener().plan().name() + " from "
                            + inside.connection().remoteAddress());
            return;
        }
        new TlsEntrance(inside, tls, hello, ending).addAfter(ctx);
        opening.leave(ctx);
    }

    /** Puts TLS, and itself, behind the handler of {@code ctx}. */
    private void addAfter(ChannelHandlerContext ctx) {
        ChannelPipeline pipeline = ctx.pipeline();
        pipeline.addAfter(ctx.name(), null, this);
        pipeline.addAfter(ctx.name(), null, TlsSignals.INSTANCE);
        pipeline.addAfter(ctx.name(), null, ending.handler());
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
        inside.pipelines().handshakes().completed(Side.DOWNSTREAM);
        ctx.pipeline().remove(lingering);
        SSLSession session = ending.handler().engine().getSession();
        ChannelConnection connection = inside.connection()
                .secured(
                        new FinishedHandshake(session, ending.own()),
                        hello.serverName(),
                        tls.asksForCertificates() ? ForwardedCertificate.of(session, ending.own()) : null);
        ServerStreamHandler requests = inside.requests();
        if (requests == null) {
            TcpRelay.begin(
                    ctx.channel(),
                    connection,
                    inside.chain().route(),
                    inside.listener().streams());
            ctx.pipeline().remove(this);
            return;
        }
        CodecLimits limits = inside.pipelines().limits();
        String agreed = ending.handler().applicationProtocol();
        ChannelPipeline pipeline = ctx.pipeline();
        if (ApplicationProtocolNames.HTTP_2.equals(agreed)) {
            pipeline.addLast(new H2ServerHandler(requests, connection, limits));
        } else if (ApplicationProtocolNames.HTTP_1_1.equals(agreed)) {
            pipeline.addLast(new H1ServerHandler(requests, connection, limits));
        } else {
            ProtocolDetector detector = new ProtocolDetector(requests, connection, limits);
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
        String who =
                inside.chain().plan().name() + " from " + inside.connection().remoteAddress();
        inside.pipelines().handshakes().failed(Side.DOWNSTREAM, name == null ? who : who + " for " + name, cause);
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
