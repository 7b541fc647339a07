package dev.sluice.proxy.tcp;

import dev.sluice.proxy.overload.LoopMemory;
import dev.sluice.proxy.overload.MemoryHolder;
import dev.sluice.proxy.overload.PeerReset;
import dev.sluice.proxy.overload.TakenSignal;
import dev.sluice.proxy.timer.LoopTimers;
import dev.sluice.proxy.tls.TlsEnds;
import dev.sluice.proxy.upstream.tunnel.HttpTunnel;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One end of a relay: the last handler of the client's channel or of the upstream's. What it reads it writes to the other
 * one, and reads on when that has room; so no more is held of a connection than the other's buffer takes and one read.
 * Event loop of both.
 */
final class Side extends ChannelInboundHandlerAdapter {
    /** While the upstream takes nothing, the system is asked at this distance whether the client is still there. */
    private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final TcpRelay relay;
    private final boolean isClient;
    private @Nullable ChannelHandlerContext ctx;
    private @Nullable Side other;
    /** What came before there was another side; nothing is asked for meanwhile, so it is what was read ahead. */
    private @Nullable ArrayDeque<ByteBuf> early;

    private boolean looking;
    private boolean inputEnded;
    private boolean outputEnding;
    private boolean outputEnded;
    private final TakenSignal taken = new TakenSignal();

    Side(TcpRelay relay, boolean isClient) {
        this.relay = relay;
        this.isClient = isClient;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        ctx = added;
    }

    /** Both sides are there: what came early goes first. */
    void join(Side upstream) {
        other = upstream;
        upstream.other = this;
        ArrayDeque<ByteBuf> held = early;
        early = null;
        if (held != null) {
            held.forEach(upstream::write);
            upstream.context().flush();
        }
        if (inputEnded) {
            upstream.endOutput();
        }
        upstream.readIfOtherHasRoom();
        readIfOtherHasRoom();
    }

    private ChannelHandlerContext context() {
        return Objects.requireNonNull(ctx, "not in a pipeline");
    }

    Channel channel() {
        return context().channel();
    }

    boolean isClient() {
        return isClient;
    }

    boolean isOutputEnded() {
        return outputEnded;
    }

    private void write(ByteBuf bytes) {
        // A write that fails is told as an exception of this channel.
        ChannelFuture unused = context().write(bytes, channel().voidPromise());
    }

    private void readIfOtherHasRoom() {
        Side to = other;
        if (to == null || inputEnded) {
            return;
        }
        if (to.hasRoom()) {
            context().read();
        } else if (isClient && !looking) {
            looking = true;
            LoopTimers.of(channel().eventLoop()).schedule(LOOK_NANOS, this::look);
        }
    }

    /** A reset is told by a read, behind the bytes before it, and those are not read while the upstream stands still. */
    private void look() {
        looking = false;
        if (relay.isOver()) {
            return;
        }
        IOException reset = PeerReset.of(channel());
        if (reset != null) {
            relay.broken(this, reset);
        } else {
            readIfOtherHasRoom();
        }
    }

    /** Whether its channel takes more; while memory is short that is when the socket has taken all. */
    private boolean hasRoom() {
        return channel().isWritable()
                && (!LoopMemory.of(channel().eventLoop()).isTight() || taken.isTaken(context(), this::roomAgain));
    }

    private void roomAgain() {
        Side from = other;
        if (from != null && !relay.isOver()) {
            relay.progressed();
            from.readIfOtherHasRoom();
        }
    }

    /** Bytes read and not taken by the socket. */
    long heldBytes() {
        long bytes = MemoryHolder.unsentBytes(channel());
        if (early != null) {
            for (ByteBuf piece : early) {
                bytes += piece.readableBytes();
            }
        }
        return bytes;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        relay.carried(isClient, bytes.readableBytes());
        Side to = other;
        if (relay.isOver()) {
            bytes.release();
        } else if (to != null) {
            to.write(bytes);
        } else {
            if (early == null) {
                early = new ArrayDeque<>(1);
            }
            early.add(bytes);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        Side to = other;
        if (to != null && !relay.isOver()) {
            to.context().flush();
            readIfOtherHasRoom();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (context.channel().isWritable()) {
            roomAgain();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            endInput();
        }
        // A drain is none of the relay's business: bytes cannot be asked to go elsewhere.
    }

    private void endInput() {
        if (inputEnded || relay.isOver()) {
            return;
        }
        inputEnded = true;
        Side to = other;
        if (to != null) {
            to.endOutput();
        }
    }

    /** Sends FIN once everything before it is sent; in a tunnel that is a body, what ends that. */
    private void endOutput() {
        if (outputEnding) {
            return;
        }
        outputEnding = true;
        HttpTunnel tunnel = context().pipeline().get(HttpTunnel.class);
        if (tunnel != null && tunnel.carriesBodies()) {
            tunnel.endOutput().addListener(done -> outputEnded());
            return;
        }
        SslHandler tls = context().pipeline().get(SslHandler.class);
        ChannelFuture flushed = tls != null ? tls.closeOutbound() : context().writeAndFlush(Unpooled.EMPTY_BUFFER);
        // Where that fails the channel is gone, which is told otherwise.
        flushed.addListener((ChannelFutureListener) done -> {
            if (done.isSuccess() && done.channel() instanceof DuplexChannel duplex) {
                duplex.shutdownOutput().addListener(shut -> outputEnded());
            }
        });
    }

    private void outputEnded() {
        outputEnded = true;
        relay.outputEnded();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof OutOfMemoryError none) {
            relay.cut(LoopMemory.of(channel().eventLoop()).pressure().exhausted(none));
        } else {
            relay.broken(this, cause);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        relay.gone(this);
    }

    /** Closes in order: what is not sent yet is lost. */
    void close() {
        releaseEarly();
        ChannelFuture unused = channel().close();
    }

    /**
     * Closes so that the peer gets a reset, as the other side did, and no close_notify before; a Unix domain socket knows no
     * reset, and is just closed.
     */
    void reset() {
        Channel channel = channel();
        if (channel instanceof SocketChannel
                && channel.isOpen()
                && !channel.config().setOption(ChannelOption.SO_LINGER, 0)) {
            throw new IllegalStateException("no SO_LINGER on " + channel);
        }
        TlsEnds.silence(channel);
        close();
    }

    private void releaseEarly() {
        ArrayDeque<ByteBuf> held = early;
        early = null;
        if (held != null) {
            held.forEach(ByteBuf::release);
        }
    }
}
