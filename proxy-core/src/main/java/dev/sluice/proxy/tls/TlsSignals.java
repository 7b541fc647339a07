package dev.sluice.proxy.tls;

import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import javax.net.ssl.SSLException;

/**
 * Stands behind the TLS handler and makes its signs those of a plain channel, so that codecs need not know: the peer's
 * close_notify is the end of its bytes, and broken records are a broken connection. Shared by all connections.
 */
@Sharable
public final class TlsSignals extends ChannelInboundHandlerAdapter {
    /** The only one. */
    public static final TlsSignals INSTANCE = new TlsSignals();

    private TlsSignals() {}

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof SslCloseCompletionEvent closed
                && closed.isSuccess()
                && ctx.channel().isActive()) {
            ctx.fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        } else {
            ctx.fireUserEventTriggered(event);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        // Netty's decoders wrap what they throw.
        Throwable inner = cause.getCause();
        ctx.fireExceptionCaught(inner instanceof SSLException ? inner : cause);
    }
}
