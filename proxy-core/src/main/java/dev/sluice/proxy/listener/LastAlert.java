package dev.sluice.proxy.listener;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * Stands before the TLS handler during a handshake: where that is refused and the connection closed, the alert must be read.
 * A client that is still sending would be answered by the kernel with a reset, and forget it; so the end of our side is
 * announced first, and what comes is dropped for a moment. Event loop of the connection.
 */
final class LastAlert extends ChannelDuplexHandler {
    private static final long LINGER_MILLIS = 1_000;
    private static final int MAX_DROPPED = 64 * 1024;

    private boolean closing;
    private int dropped;

    @Override
    public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
        if (closing) {
            // Whoever hears of the refusal closes too.
            ctx.channel().closeFuture().addListener(closed -> promise.trySuccess());
            return;
        }
        if (!(ctx.channel() instanceof DuplexChannel duplex) || !duplex.isActive()) {
            ChannelFuture unused = ctx.close(promise);
            return;
        }
        closing = true;
        ScheduledFuture<?> unusedTimer =
                ctx.executor().schedule(() -> closeNow(ctx, promise), LINGER_MILLIS, TimeUnit.MILLISECONDS);
        // Ordered behind the alert, which was flushed before.
        ChannelFuture unused = duplex.shutdownOutput();
        ctx.read();
    }

    private static void closeNow(ChannelHandlerContext ctx, ChannelPromise promise) {
        ChannelFuture unused = ctx.close(promise);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (!closing) {
            ctx.fireChannelRead(message);
            return;
        }
        dropped += message instanceof io.netty.buffer.ByteBuf bytes ? bytes.readableBytes() : 0;
        ReferenceCountUtil.release(message);
        if (dropped > MAX_DROPPED) {
            ChannelFuture unused = ctx.close();
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
            ChannelFuture unused = ctx.close();
        } else {
            ctx.fireUserEventTriggered(event);
        }
    }
}
