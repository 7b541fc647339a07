package dev.sluice.proxy.codec.http1.connection;

import dev.sluice.proxy.codec.ChannelConnection;
import dev.sluice.proxy.codec.CodecLimits;
import dev.sluice.proxy.codec.DrainEvent;
import dev.sluice.proxy.log.Logs;
import dev.sluice.proxy.loop.LoopTime;
import dev.sluice.proxy.stream.ErrorCode;
import dev.sluice.proxy.stream.ProxyError;
import dev.sluice.proxy.stream.ServerStreamHandler;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.io.IOException;

/**
 * HTTP/1 towards clients (RFC 9112; spec/reliability.md B1 to B3): turns the bytes of a connection into one {@link
 * dev.sluice.proxy.stream.ServerStream} at a time, strictly in order. Bytes of the next request stay as they came until
 * the response before it has ended; reading stops when there are many of them.
 *
 * <p>Reads are asked for one by one, whatever the channel's {@code autoRead} was. The channel must allow half-closure: a
 * client may shut its sending side down and still wait for the answer. Handles {@link DrainEvent}.
 *
 * <p>One instance a connection, on its event loop.
 */
public final class H1ServerHandler extends ChannelInboundHandlerAdapter {
    private static final System.Logger LOG = Logs.of(H1ServerHandler.class);

    private final ServerStreamHandler requests;
    private final ChannelConnection client;
    private final CodecLimits limits;

    @SuppressWarnings("NullAway.Init") // set in handlerAdded, before any event
    private H1ServerConnection connection;

    @SuppressWarnings("NullAway.Init")
    private FlushOnce flush;

    @SuppressWarnings("NullAway.Init")
    private H1Holder holder;

    /** Serves the connection of {@code client} with {@code requests}. */
    public H1ServerHandler(ServerStreamHandler requests, ChannelConnection client, CodecLimits limits) {
        this.requests = requests;
        this.client = client;
        this.limits = limits;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        Wire wire = Wire.of(ctx, limits.buffers(), true, () -> connection.writable());
        flush = wire.flush();
        connection = new H1ServerConnection(requests, client, limits, wire);
        holder = new H1Holder(wire, connection::fail);
        if (ctx.channel().isActive()) {
            connection.start();
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        connection.start();
        ctx.fireChannelActive();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        LoopTime.look(ctx.channel().eventLoop());
        flush.beginRead();
        connection.received((ByteBuf) message);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        flush.endRead();
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
        } else if (event instanceof DrainEvent step) {
            connection.drain(step);
        }
        ctx.fireUserEventTriggered(event);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        holder.leave();
        flush.drop();
        connection.stop(ProxyError.downstream(ErrorCode.CLIENT_GONE, "the client closed the connection"));
        ctx.fireChannelInactive();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        holder.leave();
        connection.stop(ProxyError.proxy(ErrorCode.INTERNAL, "the codec was removed"));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        // With half-closure allowed, Netty answers a reset by shutting the input down only: closing is up to us.
        if (cause instanceof IOException) {
            connection.fail(ProxyError.downstream(ErrorCode.CLIENT_GONE, String.valueOf(cause.getMessage())));
        } else if (cause instanceof OutOfMemoryError none) {
            connection.fail(holder.exhausted(none));
        } else {
            LOG.log(System.Logger.Level.ERROR, () -> "connection " + client + " failed", cause);
            connection.fail(ProxyError.proxy(ErrorCode.INTERNAL, cause.toString()));
        }
    }
}
