package dev.sluice.proxy.listener;

import dev.sluice.proxy.codec.DrainEvent;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the first bytes of a connection, unconsumed, until they tell what serves it, and then gives its place and the bytes
 * to that. Until then a connection costs no codec. Whoever extends it decides what the bytes say and how long they may take;
 * what a drain, the end of the input, a reset and the close mean to a connection that has not begun is the same for all.
 * Event loop of the connection.
 */
abstract class OpeningHandler extends ChannelInboundHandlerAdapter {
    /** Whoever has just connected is about to send. */
    private static final long YOUNG_MILLIS = 1_000;

    private long acceptedNanos;
    private @Nullable ByteBuf first;
    private @Nullable ScheduledFuture<?> deadline;
    private boolean timed;
    private boolean announced;
    private boolean inputOver;

    /** Looks at the first bytes, of which there is one at least; more come after {@code ctx.read()}. */
    abstract void look(ChannelHandlerContext ctx, ByteBuf bytes);

    /** The client sends no more: no request will come. */
    void inputEnded(ChannelHandlerContext ctx) {
        close(ctx);
    }

    /** What has arrived; null before the first byte. */
    final @Nullable ByteBuf first() {
        return first;
    }

    /** Puts {@code next} in this handler's place. */
    final void become(ChannelHandlerContext ctx, ChannelHandler next) {
        ctx.pipeline().addAfter(ctx.name(), null, next);
        leave(ctx);
    }

    /** Leaves the connection to the handlers that were put behind, and hands the first bytes on. */
    final void leave(ChannelHandlerContext ctx) {
        if (announced) {
            ctx.fireUserEventTriggered(DrainEvent.ANNOUNCE);
        }
        ctx.pipeline().remove(this);
    }

    /** In place of what was to be done before. */
    final void after(ChannelHandlerContext ctx, long millis, Consumer<ChannelHandlerContext> action) {
        cancelDeadline();
        deadline = ctx.executor().schedule(() -> action.accept(ctx), millis, TimeUnit.MILLISECONDS);
    }

    /**
     * Reads on, for {@code millis} from the first such wait on: who sends a byte now and then gets no more time by it.
     *
     * @param late what is then done
     */
    final void waitForMore(ChannelHandlerContext ctx, long millis, Consumer<ChannelHandlerContext> late) {
        if (!timed) {
            timed = true;
            after(ctx, millis, late);
        }
        ctx.read();
    }

    /** Nothing more is waited for, and what has arrived is of no use. */
    final void forget() {
        cancelDeadline();
        ByteBuf bytes = first;
        first = null;
        if (bytes != null) {
            bytes.release();
        }
    }

    static void close(ChannelHandlerContext ctx) {
        ChannelFuture unused = ctx.close();
    }

    /** Says {@link DrainEvent#CLOSE_IDLE} to whatever handler the connection has by then. */
    static void closeIdleLater(Channel channel) {
        ScheduledFuture<?> unused = channel.eventLoop()
                .schedule(
                        () -> channel.pipeline().fireUserEventTriggered(DrainEvent.CLOSE_IDLE),
                        YOUNG_MILLIS,
                        TimeUnit.MILLISECONDS);
    }

    @Override
    public final void handlerAdded(ChannelHandlerContext ctx) {
        acceptedNanos = nowNanos(ctx);
    }

    @Override
    public final void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf before = first == null ? Unpooled.EMPTY_BUFFER : first;
        first = ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(ctx.alloc(), before, (ByteBuf) message);
    }

    @Override
    public final void channelReadComplete(ChannelHandlerContext ctx) {
        ByteBuf bytes = first;
        if (bytes == null || !bytes.isReadable()) {
            ctx.read();
        } else {
            look(ctx, bytes);
        }
    }

    @Override
    public final void handlerRemoved(ChannelHandlerContext ctx) {
        cancelDeadline();
        ByteBuf bytes = first;
        first = null;
        if (bytes != null && bytes.isReadable()) {
            ctx.fireChannelRead(bytes);
            ctx.fireChannelReadComplete();
        } else if (bytes != null) {
            bytes.release();
        }
        if (inputOver) {
            // Nobody hears of it from the channel again, and it ends what the bytes began.
            ctx.fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        }
    }

    @Override
    public final void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event == DrainEvent.ANNOUNCE) {
            announced = true;
        } else if (event == DrainEvent.CLOSE_IDLE && isYoung(ctx)) {
            closeIdleLater(ctx.channel());
        } else if (event == DrainEvent.CLOSE_IDLE) {
            // What comes after this was told to go elsewhere.
            close(ctx);
        } else if (event instanceof ChannelInputShutdownEvent) {
            inputOver = true;
            inputEnded(ctx);
        } else {
            ctx.fireUserEventTriggered(event);
        }
    }

    @Override
    public final void channelInactive(ChannelHandlerContext ctx) {
        forget();
        ctx.fireChannelInactive();
    }

    @Override
    public final void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        // A reset before the first request: nobody to tell.
        close(ctx);
    }

    private boolean isYoung(ChannelHandlerContext ctx) {
        return nowNanos(ctx) - acceptedNanos < TimeUnit.MILLISECONDS.toNanos(YOUNG_MILLIS);
    }

    private static long nowNanos(ChannelHandlerContext ctx) {
        return ctx.channel().eventLoop().ticker().nanoTime();
    }

    private void cancelDeadline() {
        if (deadline != null) {
            deadline.cancel(false);
            deadline = null;
        }
    }
}
