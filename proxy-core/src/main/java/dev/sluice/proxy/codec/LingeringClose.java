package dev.sluice.proxy.codec;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Lets the last words, a GOAWAY or the alert of a refused handshake, reach a peer that still sends. A socket that is closed with unread bytes is answered by the kernel
 * with a reset, which makes the peer forget what it had not read yet, the reason for the close first of all: so the end
 * of our side is announced, and what the peer sends is dropped for a while.
 *
 * <p>Stands before the handler that has them, next to the socket, and does nothing until it is armed. Event loop of the
 * connection.
 */
public final class LingeringClose extends ChannelDuplexHandler {
    private final long millis;
    private final int maxBytes;
    private boolean armed;
    private boolean closing;
    private int dropped;

    /**
     * @param millis the longest that is waited
     * @param maxBytes the most that is dropped
     */
    public LingeringClose(long millis, int maxBytes) {
        this.millis = millis;
        this.maxBytes = maxBytes;
    }

    /** The next close is to linger. */
    public void arm() {
        armed = true;
    }

    @Override
    public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
        if (!armed || !(ctx.channel() instanceof DuplexChannel duplex) || duplex.isInputShutdown()) {
            ChannelFuture unused = ctx.close(promise);
            return;
        }
        duplex.closeFuture().addListener(closed -> promise.trySuccess());
        if (!closing) {
            closing = true;
            Future<?> unused = duplex.shutdownOutput();
            unused = ctx.executor().schedule(() -> end(ctx), millis, TimeUnit.MILLISECONDS);
            ctx.read();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (!closing) {
            ctx.fireChannelRead(message);
            return;
        }
        dropped += message instanceof ByteBuf bytes ? bytes.readableBytes() : 0;
        ReferenceCountUtil.release(message);
        if (dropped > maxBytes) {
            end(ctx);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (closing) {
            ctx.read();
        } else {
            ctx.fireChannelReadComplete();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (closing && event instanceof ChannelInputShutdownEvent) {
            end(ctx);
        } else {
            ctx.fireUserEventTriggered(event);
        }
    }

    private static void end(ChannelHandlerContext ctx) {
        ChannelFuture unused = ctx.close();
    }
}
