package dev.sluice.proxy.listener;

import dev.sluice.proxy.codec.ChannelConnection;
import dev.sluice.proxy.codec.CodecLimits;
import dev.sluice.proxy.codec.DrainEvent;
import dev.sluice.proxy.codec.H1ServerHandler;
import dev.sluice.proxy.codec.H2ServerHandler;
import dev.sluice.proxy.codec.http2.Preface;
import dev.sluice.proxy.stream.ServerStreamHandler;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Waits for the first bytes of a connection and replaces itself by the codec they ask for: the HTTP/2 preface (RFC 9113
 * §3.4) or anything else, which is HTTP/1 unless it names no version at all. Until then a connection costs no codec. Event loop of the connection.
 */
final class ProtocolDetector extends ChannelInboundHandlerAdapter {
    /** Whoever has just connected is about to send. */
    private static final long YOUNG_MILLIS = 1_000;

    private final long acceptedNanos = System.nanoTime();
    private final ServerStreamHandler requests;
    private final ChannelConnection connection;
    private final CodecLimits limits;
    private @Nullable ByteBuf first;
    private @Nullable ScheduledFuture<?> deadline;
    private boolean announced;

    ProtocolDetector(ServerStreamHandler requests, ChannelConnection connection, CodecLimits limits) {
        this.requests = requests;
        this.connection = connection;
        this.limits = limits;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        start(ctx);
    }

    /** Begins to read; for a channel that is active already. */
    void start(ChannelHandlerContext ctx) {
        // Nothing arrived yet: a connection opened ahead of use may idle as long as one that has been used.
        closeAfter(ctx, limits.times().idleMillis());
        ctx.read();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        ByteBuf before = first;
        if (before != null) {
            // A preface in pieces: 24 bytes at most are copied.
            ByteBuf joined = ctx.alloc().buffer(before.readableBytes() + bytes.readableBytes());
            joined.writeBytes(before).writeBytes(bytes);
            before.release();
            bytes.release();
            bytes = joined;
        }
        first = bytes;
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        ByteBuf bytes = first;
        if (bytes == null || !bytes.isReadable()) {
            ctx.read();
            return;
        }
        switch (Preface.of(bytes)) {
            case OTHER -> become(ctx, new H1ServerHandler(requests, connection, limits));
            case HTTP2 -> become(ctx, new H2ServerHandler(requests, connection, limits));
            case NEITHER -> close(ctx);
            case UNDECIDED -> {
                closeAfter(ctx, limits.times().headMillis());
                ctx.read();
            }
        }
    }

    private void become(ChannelHandlerContext ctx, ChannelHandler codec) {
        ChannelPipeline pipeline = ctx.pipeline();
        pipeline.addAfter(ctx.name(), null, codec);
        if (announced) {
            ctx.fireUserEventTriggered(DrainEvent.ANNOUNCE);
        }
        // Removal hands the first bytes on.
        pipeline.remove(this);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        cancelDeadline();
        ByteBuf bytes = first;
        first = null;
        if (bytes != null) {
            ctx.fireChannelRead(bytes);
            ctx.fireChannelReadComplete();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event == DrainEvent.ANNOUNCE) {
            announced = true;
        } else if (event == DrainEvent.CLOSE_IDLE && isYoung(acceptedNanos)) {
            closeIdleLater(ctx.channel());
        } else if (event == DrainEvent.CLOSE_IDLE || event instanceof ChannelInputShutdownEvent) {
            // No request will come, or none that was not told to go elsewhere.
            close(ctx);
        } else {
            ctx.fireUserEventTriggered(event);
        }
    }

    /** Whether a connection has been accepted so lately that its client is about to send. */
    static boolean isYoung(long acceptedNanos) {
        return System.nanoTime() - acceptedNanos < TimeUnit.MILLISECONDS.toNanos(YOUNG_MILLIS);
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
    public void channelInactive(ChannelHandlerContext ctx) {
        cancelDeadline();
        ByteBuf bytes = first;
        first = null;
        if (bytes != null) {
            bytes.release();
        }
        ctx.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        // A reset before the first request: nobody to tell.
        close(ctx);
    }

    private void closeAfter(ChannelHandlerContext ctx, long millis) {
        cancelDeadline();
        deadline = ctx.executor().schedule(() -> close(ctx), millis, TimeUnit.MILLISECONDS);
    }

    private static void close(ChannelHandlerContext ctx) {
        ChannelFuture unused = ctx.close();
    }

    private void cancelDeadline() {
        if (deadline != null) {
            deadline.cancel(false);
            deadline = null;
        }
    }
}
