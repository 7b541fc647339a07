package dev.sluice.proxy.listener;

import dev.sluice.proxy.cluster.UnixAddress;
import dev.sluice.proxy.codec.ChannelConnection;
import dev.sluice.proxy.snapshot.ChainRuntime;
import dev.sluice.proxy.snapshot.ListenerRuntime;
import dev.sluice.proxy.stream.ServerStreamHandler;
import dev.sluice.proxy.tcp.TcpRelay;
import dev.sluice.proxy.tls.ClientHello;
import dev.sluice.proxy.tls.TlsCounters.Side;
import dev.sluice.proxy.tls.TlsFailure;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Reads the first bytes of a connection without consuming them, chooses the chain that takes it (by destination, and by the
 * server name of a ClientHello), and replaces itself by what serves that chain. A hello may be so long and take so much
 * time and no more (spec/reliability.md A3). Event loop of the connection.
 */
final class ChainChooser extends OpeningHandler {
    /** For a ClientHello, and then for the rest of the handshake; as Netty's own. */
    static final long HANDSHAKE_MILLIS = 10_000;

    private static final byte[] UNRECOGNIZED_NAME = {21, 3, 3, 0, 2, 2, 112};
    private static final byte[] INTERNAL_ERROR = {21, 3, 3, 0, 2, 2, 80};

    private final ListenerPipelines pipelines;
    private final ListenerRuntime listener;
    private boolean timed;

    /** @param listener as of the moment when the connection came */
    ChainChooser(ListenerPipelines pipelines, ListenerRuntime listener) {
        this.pipelines = pipelines;
        this.listener = listener;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        // A connection of cleartext HTTP that is opened ahead of use may idle.
        after(ctx, listener.http() != null ? pipelines.limits().times().idleMillis() : HANDSHAKE_MILLIS, this::expired);
        ctx.read();
    }

    @Override
    void look(ChannelHandlerContext ctx, ByteBuf bytes) {
        if (!ClientHello.mayBegin(bytes.getUnsignedByte(bytes.readerIndex()))) {
            chosen(ctx, withoutBytes(ctx.channel(), listener), null);
            return;
        }
        ClientHello hello;
        try {
            hello = ClientHello.read(bytes);
        } catch (ClientHello.Malformed e) {
            refuse(ctx, TlsFailure.PROTOCOL, String.valueOf(e.getMessage()), null);
            return;
        }
        if (hello != null) {
            chosen(ctx, listener.chains().choose(destination(ctx.channel()), true, hello.serverName()), hello);
            return;
        }
        if (!timed) {
            timed = true;
            after(ctx, HANDSHAKE_MILLIS, this::expired);
        }
        ctx.read();
    }

    /** The chain of a connection that is not TLS, or whose bytes decide nothing. */
    static @Nullable ChainRuntime withoutBytes(Channel channel, ListenerRuntime listener) {
        return listener.chains().choose(destination(channel), false, null);
    }

    private static @Nullable InetSocketAddress destination(Channel channel) {
        return channel.localAddress() instanceof InetSocketAddress inet ? inet : null;
    }

    /** @param hello null for a connection that is not TLS, or whose bytes decide nothing */
    private void chosen(ChannelHandlerContext ctx, @Nullable ChainRuntime chain, @Nullable ClientHello hello) {
        if (chain == null && hello == null && listener.http() != null) {
            detectHttp(ctx, pipelines.requests(null));
        } else if (chain == null && hello != null) {
            String name = hello.serverName();
            refuse(
                    ctx,
                    TlsFailure.NO_CHAIN,
                    name == null ? "no server is for clients that name none" : "no server is for the name " + name,
                    UNRECOGNIZED_NAME);
        } else if (chain != null && chain.plan().tls() != null) {
            endTls(ctx, chain, hello);
        } else if (chain != null && chain.http() != null) {
            detectHttp(ctx, pipelines.requests(chain.plan().name()));
        } else {
            carry(ctx.channel(), listener, chain, hello == null ? null : hello.serverName());
            leave(ctx);
        }
    }

    /**
     * Carries the bytes of a connection; with no chain for it that is its end, and is told.
     *
     * @param serverName that a client of TLS asks for; null for none
     */
    static void carry(
            Channel channel, ListenerRuntime listener, @Nullable ChainRuntime chain, @Nullable String serverName) {
        TcpRelay.begin(
                channel,
                ChannelConnection.unopened(channel, serverName),
                chain == null ? null : chain.route(),
                listener.streams());
    }

    private void detectHttp(ChannelHandlerContext ctx, ServerStreamHandler requests) {
        ChannelConnection connection = ChannelConnection.cleartext(ctx.channel());
        become(ctx, new ProtocolDetector(requests, connection, pipelines.limits()));
    }

    private void endTls(ChannelHandlerContext ctx, ChainRuntime chain, @Nullable ClientHello hello) {
        if (hello == null) {
            refuse(ctx, TlsFailure.PROTOCOL, "the first bytes are not TLS", null);
            return;
        }
        TlsEntrance entrance = TlsEntrance.of(ctx.alloc(), pipelines, listener, chain, hello);
        if (entrance == null) {
            refuse(ctx, TlsFailure.NO_OWN_CERTIFICATE, "no usable certificate for it", INTERNAL_ERROR);
            return;
        }
        entrance.addAfter(ctx);
        leave(ctx);
    }

    private void refuse(ChannelHandlerContext ctx, TlsFailure failure, String reason, byte @Nullable [] alert) {
        pipelines
                .handshakes()
                .failed(
                        Side.DOWNSTREAM,
                        listener.plan().name() + " from " + UnixAddress.remote(ctx.channel()),
                        failure,
                        reason);
        forget();
        if (alert == null) {
            close(ctx);
        } else {
            ChannelFuture unused =
                    ctx.writeAndFlush(Unpooled.wrappedBuffer(alert)).addListener(ChannelFutureListener.CLOSE);
        }
    }

    private void expired(ChannelHandlerContext ctx) {
        if (first() == null) {
            close(ctx);
        } else {
            refuse(ctx, TlsFailure.TIMEOUT, "the ClientHello was not complete in time", null);
        }
    }
}
