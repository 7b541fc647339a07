package dev.sluice.proxy.listener;

import dev.sluice.proxy.codec.ChannelConnection;
import dev.sluice.proxy.snapshot.ChainRuntime;
import dev.sluice.proxy.snapshot.ListenerRuntime;
import dev.sluice.proxy.stream.ServerStreamHandler;
import dev.sluice.proxy.tcp.TcpRelay;
import dev.sluice.proxy.tls.ClientHello;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Reads the first bytes of a connection without consuming them, chooses the chain that takes it (by destination, and by the
 * server name of a ClientHello), and replaces itself by what serves that chain. A hello may be so long and take so much
 * time and no more (spec/reliability.md A3). Event loop of the connection.
 */
final class ChainChooser extends OpeningHandler {
    private final ListenerPipelines pipelines;
    private final ListenerRuntime listener;
    private final ChannelConnection connection;

    /** @param listener as of the moment when the connection came */
    ChainChooser(ListenerPipelines pipelines, ListenerRuntime listener, ChannelConnection connection) {
        this.pipelines = pipelines;
        this.listener = listener;
        this.connection = connection;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        // A connection of cleartext HTTP that is opened ahead of use may idle.
        after(
                ctx,
                listener.http() != null ? pipelines.limits().times().idleMillis() : TlsEntrance.HANDSHAKE_MILLIS,
                this::expired);
        ctx.read();
    }

    @Override
    void look(ChannelHandlerContext ctx, ByteBuf bytes) {
        if (!ClientHello.mayBegin(bytes.getUnsignedByte(bytes.readerIndex()))) {
            chosen(ctx, withoutBytes(connection, listener), null);
            return;
        }
        ClientHello hello;
        try {
            hello = ClientHello.read(bytes);
        } catch (ClientHello.Malformed e) {
            refuse(ctx, Refusal.malformed(String.valueOf(e.getMessage())));
            return;
        }
        if (hello != null) {
            chosen(ctx, listener.chains().choose(destination(connection), true, hello.serverName()), hello);
            return;
        }
        waitForMore(ctx, TlsEntrance.HANDSHAKE_MILLIS, this::expired);
    }

    /** The chain of a connection that is not TLS, or whose bytes decide nothing. */
    static @Nullable ChainRuntime withoutBytes(ChannelConnection connection, ListenerRuntime listener) {
        return listener.chains().choose(destination(connection), false, null);
    }

    private static @Nullable InetSocketAddress destination(ChannelConnection connection) {
        return connection.localAddress() instanceof InetSocketAddress inet ? inet : null;
    }

    /** @param hello null for a connection that is not TLS, or whose bytes decide nothing */
    private void chosen(ChannelHandlerContext ctx, @Nullable ChainRuntime chain, @Nullable ClientHello hello) {
        if (chain == null && hello == null && listener.http() != null) {
            detectHttp(ctx, pipelines.requests(null));
        } else if (chain == null && hello != null) {
            refuse(ctx, Refusal.unknownName(hello.serverName()));
        } else if (chain != null && chain.plan().tls() != null) {
            endTls(ctx, chain, hello);
        } else if (chain != null && chain.http() != null) {
            detectHttp(ctx, pipelines.requests(chain.plan().name()));
        } else {
            carry(ctx.channel(), listener, chain, connection.unopened(hello == null ? null : hello.serverName()));
            leave(ctx);
        }
    }

    /**
     * Carries the bytes of a connection; with no chain for it that is its end, and is told.
     */
    static void carry(
            Channel channel, ListenerRuntime listener, @Nullable ChainRuntime chain, ChannelConnection connection) {
        TcpRelay.begin(channel, connection, chain == null ? null : chain.route(), listener.streams());
    }

    private void detectHttp(ChannelHandlerContext ctx, ServerStreamHandler requests) {
        become(ctx, new ProtocolDetector(requests, connection, pipelines.limits()));
    }

    private void endTls(ChannelHandlerContext ctx, ChainRuntime chain, @Nullable ClientHello hello) {
        if (hello == null) {
            refuse(ctx, Refusal.NOT_TLS);
            return;
        }
        ServerStreamHandler requests =
                chain.http() == null ? null : pipelines.requests(chain.plan().name());
        TlsEntrance.begin(this, ctx, new Inside(pipelines, listener, chain, connection, requests), hello);
    }

    private void refuse(ChannelHandlerContext ctx, Refusal why) {
        why.give(this, ctx, pipelines.handshakes(), listener.plan().name() + " from " + connection.remoteAddress());
    }

    private void expired(ChannelHandlerContext ctx) {
        if (first() == null) {
            close(ctx);
        } else {
            refuse(ctx, Refusal.LATE);
        }
    }
}
