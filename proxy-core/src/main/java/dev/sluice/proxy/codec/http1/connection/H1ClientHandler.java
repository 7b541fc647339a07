package dev.sluice.proxy.codec.http1.connection;

import dev.sluice.proxy.codec.CodecLimits;
import dev.sluice.proxy.log.Logs;
import dev.sluice.proxy.loop.LoopTime;
import dev.sluice.proxy.stream.ClientConnection;
import dev.sluice.proxy.stream.ClientStream;
import dev.sluice.proxy.stream.ConnectionTls;
import dev.sluice.proxy.stream.ErrorCode;
import dev.sluice.proxy.stream.ProxyError;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ChannelOutputShutdownEvent;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * HTTP/1 towards an upstream (RFC 9112; spec/reliability.md B4, B5): one {@link ClientStream} at a time, never a second
 * request before the response to the first has ended. A connection that says anything unasked is closed, and none of it
 * reaches a reader.
 *
 * <p>Reads are asked for one by one, whatever the channel's {@code autoRead} was. The channel must allow half-closure.
 * A failed write does not close it: an upstream that refuses an upload closes its receiving side, and its answer is
 * still to be read (B42). What was received before an upstream went is still delivered, also to a reader that has
 * paused, who hears of the loss after it.
 *
 * <p>One instance a connection, on its event loop.
 */
public final class H1ClientHandler extends ChannelInboundHandlerAdapter {
    private static final System.Logger LOG = Logs.of(H1ClientHandler.class);

    private final CodecLimits limits;
    private final @Nullable ConnectionTls tls;

    @SuppressWarnings("NullAway.Init") // set in handlerAdded, before any event
    private H1ClientConnection connection;

    @SuppressWarnings("NullAway.Init")
    private H1Holder holder;

    /**
     * A connection within {@code limits}.
     *
     * @param tls that is done on it; null for clear text
     */
    public H1ClientHandler(CodecLimits limits, @Nullable ConnectionTls tls) {
        this.limits = limits;
        this.tls = tls;
    }

    /** The connection, for the pool; there once this is in a pipeline. */
    public ClientConnection connection() {
        return connection;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        ctx.channel().config().setOption(ChannelOption.AUTO_CLOSE, false);
        Wire wire = Wire.of(ctx, limits.buffers(), false, () -> connection.writable());
        connection = new H1ClientConnection(limits, wire, tls);
        holder = new H1Holder(wire, connection::fail);
        if (ctx.channel().isActive()) {
            connection.readMore();
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        connection.readMore();
        ctx.fireChannelActive();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        LoopTime.look(ctx.channel().eventLoop());
        connection.received((ByteBuf) message);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        connection.readCompleted();
        ctx.fireChannelReadComplete();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (ctx.channel().isWritable()) {
            connection.writable();
        }
        ctx.fireChannelWritabilityChanged();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            connection.inputClosed();
        } else if (event instanceof ChannelOutputShutdownEvent) {
            connection.outputClosed();
        }
        ctx.fireUserEventTriggered(event);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        holder.leave();
        connection.gone();
        ctx.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof IOException failure) {
            connection.failed(failure);
        } else if (cause instanceof OutOfMemoryError none) {
            connection.fail(holder.exhausted(none));
        } else {
            LOG.log(System.Logger.Level.ERROR, () -> "connection to " + connection.remoteAddress() + " failed", cause);
            connection.fail(ProxyError.proxy(ErrorCode.INTERNAL, cause.toString()));
        }
    }
}
