package dev.sluice.proxy.listener;

import dev.sluice.proxy.codec.ChannelConnection;
import dev.sluice.proxy.codec.CodecLimits;
import dev.sluice.proxy.codec.DrainEvent;
import dev.sluice.proxy.codec.H1ServerHandler;
import dev.sluice.proxy.codec.H2ServerHandler;
import dev.sluice.proxy.session.TcpObserver;
import dev.sluice.proxy.snapshot.Ways;
import dev.sluice.proxy.stream.ServerStreamHandler;
import dev.sluice.proxy.tcp.TcpRelay;
import dev.sluice.proxy.tcp.TcpRoute;
import dev.sluice.proxy.tls.ClientHello;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.util.concurrent.ScheduledFuture;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Finds out what a redirected connection speaks, and gives it to the one of its ways that is for that. Nothing is waited
 * for where there is one way only. Where a port is declared to be HTTP, a silent client may be silent as long as any; where
 * nobody declared anything, one that has sent nothing for a while waits for its server to speak first, as with MySQL and
 * SMTP, and is carried as bytes. Event loop of the connection.
 */
final class CaptureDetector extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = System.getLogger(CaptureDetector.class.getName());

    private final long acceptedNanos = System.nanoTime();
    private final Ways ways;
    private final ServerStreamHandler requests;
    private final TcpObserver streams;
    private final ChannelConnection connection;
    private final CodecLimits limits;
    private final long silenceMillis;
    private @Nullable ByteBuf first;
    private @Nullable ScheduledFuture<?> deadline;
    private boolean announced;
    private boolean decided;

    /** @param silenceMillis after which a client counts as waiting for its server; 0 for never */
    CaptureDetector(
            Ways ways,
            ServerStreamHandler requests,
            TcpObserver streams,
            ChannelConnection connection,
            CodecLimits limits,
            long silenceMillis) {
        this.ways = ways;
        this.requests = requests;
        this.streams = streams;
        this.connection = connection;
        this.limits = limits;
        this.silenceMillis = silenceMillis;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        if (!ways.toldByBytes()) {
            carry(ctx, ways.bytes());
        } else {
            if (ways.serverMaySpeakFirst() && silenceMillis > 0) {
                schedule(ctx, silenceMillis, this::silent);
            } else {
                schedule(ctx, limits.times().idleMillis(), CaptureDetector::close);
            }
            ctx.read();
        }
    }

    private void silent(ChannelHandlerContext ctx) {
        ByteBuf bytes = first;
        if (bytes == null) {
            carry(ctx, ways.bytes());
        } else if (bytes.getByte(bytes.readerIndex()) == FirstBytes.TLS_HANDSHAKE) {
            carry(ctx, ways.unnamed());
        } else {
            // Who has begun a request and fell silent is slow, not waiting.
            become(ctx, new H1ServerHandler(requests, connection, limits));
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        ByteBuf before = first;
        if (before != null) {
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
        switch (FirstBytes.of(bytes)) {
            case HTTP1 -> become(ctx, new H1ServerHandler(requests, connection, limits));
            case HTTP2 -> become(ctx, new H2ServerHandler(requests, connection, limits));
            case TLS -> byName(ctx, bytes);
            case OTHER -> carry(ctx, ways.unnamed());
            case UNDECIDED -> {
                schedule(ctx, limits.times().headMillis(), this::silent);
                ctx.read();
            }
        }
    }

    /** By the name in the ClientHello where some name is somebody's, else as any bytes. */
    private void byName(ChannelHandlerContext ctx, ByteBuf bytes) {
        if (ways.names().isEmpty()) {
            carry(ctx, ways.unnamed());
            return;
        }
        ClientHello hello;
        try {
            hello = ClientHello.read(bytes);
        } catch (ClientHello.Malformed e) {
            LOG.log(Level.DEBUG, "{0} is carried as bytes: {1}", connection, e.getMessage());
            carry(ctx, ways.unnamed());
            return;
        }
        if (hello == null) {
            schedule(ctx, limits.times().headMillis(), this::silent);
            ctx.read();
        } else {
            TcpRoute named = ways.names().find(hello.serverName());
            carry(ctx, named == null ? ways.unnamed() : named);
        }
    }

    /** @param to null for what nobody declared where that goes nowhere: closed, and told as such */
    private void carry(ChannelHandlerContext ctx, @Nullable TcpRoute to) {
        if (!decided) {
            decided = true;
            TcpRelay.begin(ctx.channel(), connection, to, streams);
            leave(ctx);
        }
    }

    private void become(ChannelHandlerContext ctx, ChannelHandler codec) {
        if (!decided) {
            decided = true;
            ctx.pipeline().addAfter(ctx.name(), null, codec);
            leave(ctx);
        }
    }

    private void leave(ChannelHandlerContext ctx) {
        if (announced) {
            ctx.fireUserEventTriggered(DrainEvent.ANNOUNCE);
        }
        // Removal hands the first bytes on.
        ctx.pipeline().remove(this);
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
        } else if (event == DrainEvent.CLOSE_IDLE && ProtocolDetector.isYoung(acceptedNanos)) {
            ProtocolDetector.closeIdleLater(ctx.channel());
        } else if (event == DrainEvent.CLOSE_IDLE) {
            close(ctx);
        } else if (event instanceof ChannelInputShutdownEvent) {
            // The end of what the client sends may be all that the server waits for.
            if (first == null && ways.bytes() != null) {
                carry(ctx, ways.bytes());
            } else {
                close(ctx);
            }
        } else {
            ctx.fireUserEventTriggered(event);
        }
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

    private void schedule(ChannelHandlerContext ctx, long millis, Consumer<ChannelHandlerContext> action) {
        cancelDeadline();
        deadline = ctx.executor().schedule(() -> action.accept(ctx), millis, TimeUnit.MILLISECONDS);
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
