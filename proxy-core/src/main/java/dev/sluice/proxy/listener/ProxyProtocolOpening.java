package dev.sluice.proxy.listener;

import dev.sluice.proxy.codec.ChannelConnection;
import dev.sluice.proxy.codec.proxyprotocol.ProxyProtocolReader;
import dev.sluice.proxy.codec.proxyprotocol.ProxyProtocolReader.Header;
import dev.sluice.proxy.codec.proxyprotocol.ProxyProtocolReader.Malformed;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import java.net.InetSocketAddress;

/**
 * Takes the header of the PROXY protocol off a connection, and then gives its place to what serves the client that the header
 * names. Without one, or with a broken one, the connection is closed: nobody knows whose it is. Event loop of the connection.
 */
final class ProxyProtocolOpening extends OpeningHandler {
    /** As long as a ClientHello may take. */
    private static final long WAIT_MILLIS = TlsEntrance.HANDSHAKE_MILLIS;

    private final String listener;
    private final ProxyProtocolLog log;
    private final Server server;

    /** Puts the handlers of a connection at the end of its pipeline. */
    @FunctionalInterface
    interface Server {
        void serve(Channel channel, ChannelConnection connection);
    }

    /** @param listener its name, for the log */
    ProxyProtocolOpening(String listener, ProxyProtocolLog log, Server server) {
        this.listener = listener;
        this.log = log;
        this.server = server;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        after(ctx, WAIT_MILLIS, late -> {
            log.late(listener, ctx.channel());
            refuse(ctx);
        });
        ctx.read();
    }

    @Override
    void look(ChannelHandlerContext ctx, ByteBuf bytes) {
        Header header;
        try {
            header = ProxyProtocolReader.read(bytes);
        } catch (Malformed e) {
            log.malformed(listener, ctx.channel(), String.valueOf(e.getMessage()));
            refuse(ctx);
            return;
        }
        if (header == null) {
            ctx.read();
            return;
        }
        bytes.skipBytes(header.length());
        ChannelConnection connection = ChannelConnection.cleartext(ctx.channel());
        InetSocketAddress client = header.client();
        InetSocketAddress target = header.target();
        server.serve(
                ctx.channel(), client == null || target == null ? connection : connection.onBehalfOf(client, target));
        // Those that were put behind begin as on a connection that has just come.
        ctx.fireChannelActive();
        leave(ctx);
    }

    /** Who connects and goes without a word only looks whether somebody listens. */
    @Override
    void inputEnded(ChannelHandlerContext ctx) {
        if (first() != null) {
            log.malformed(listener, ctx.channel(), "it ends within the header");
        }
        refuse(ctx);
    }

    private void refuse(ChannelHandlerContext ctx) {
        forget();
        close(ctx);
    }
}
