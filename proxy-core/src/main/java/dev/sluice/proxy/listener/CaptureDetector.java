package dev.sluice.proxy.listener;

import dev.sluice.proxy.codec.ChannelConnection;
import dev.sluice.proxy.codec.CodecLimits;
import dev.sluice.proxy.codec.H1ServerHandler;
import dev.sluice.proxy.codec.H2ServerHandler;
import dev.sluice.proxy.session.TcpObserver;
import dev.sluice.proxy.snapshot.Ways;
import dev.sluice.proxy.stream.ServerStreamHandler;
import dev.sluice.proxy.tcp.TcpRelay;
import dev.sluice.proxy.tcp.TcpRoute;
import dev.sluice.proxy.tls.ClientHello;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Finds out what a redirected connection speaks, and gives it to the one of its ways that is for that. Nothing is waited
 * for where there is one way only. Where a port is declared to be HTTP, a silent client may be silent as long as any; where
 * nobody declared anything, one that has sent nothing for a while waits for its server to speak first, as with MySQL and
 * SMTP, and is carried as bytes. Event loop of the connection.
 */
final class CaptureDetector extends OpeningHandler {
    private static final Logger LOG = System.getLogger(CaptureDetector.class.getName());

    private final Ways ways;
    private final ServerStreamHandler requests;
    private final TcpObserver streams;
    private final ChannelConnection connection;
    private final CodecLimits limits;
    private final long silenceMillis;
    private @Nullable String serverName;
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
                after(ctx, silenceMillis, this::silent);
            } else {
                after(ctx, limits.times().idleMillis(), OpeningHandler::close);
            }
            ctx.read();
        }
    }

    private void silent(ChannelHandlerContext ctx) {
        ByteBuf bytes = first();
        if (bytes == null) {
            carry(ctx, ways.bytes());
        } else if (bytes.getByte(bytes.readerIndex()) == FirstBytes.TLS_HANDSHAKE) {
            carry(ctx, ways.unnamed());
        } else {
            // Who has begun a request and fell silent is slow, not waiting.
            http(ctx, new H1ServerHandler(requests, connection, limits));
        }
    }

    @Override
    void look(ChannelHandlerContext ctx, ByteBuf bytes) {
        switch (FirstBytes.of(bytes)) {
            case HTTP1 -> http(ctx, new H1ServerHandler(requests, connection, limits));
            case HTTP2 -> http(ctx, new H2ServerHandler(requests, connection, limits));
            case TLS -> byName(ctx, bytes);
            case OTHER -> carry(ctx, ways.unnamed());
            case UNDECIDED -> {
                after(ctx, limits.times().headMillis(), this::silent);
                ctx.read();
            }
        }
    }

    /** Where nothing is declared to be HTTP, such as a port of TLS, it is bytes like any. */
    private void http(ChannelHandlerContext ctx, ChannelHandler codec) {
        if (ways.http() == null) {
            carry(ctx, ways.unnamed());
        } else {
            speak(ctx, codec);
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
            after(ctx, limits.times().headMillis(), this::silent);
            ctx.read();
        } else {
            TcpRoute named = ways.names().find(hello.serverName());
            serverName = hello.serverName();
            carry(ctx, named == null ? ways.unnamed() : named);
        }
    }

    /** @param to null for what nobody declared where that goes nowhere: closed, and told as such */
    private void carry(ChannelHandlerContext ctx, @Nullable TcpRoute to) {
        if (!decided) {
            decided = true;
            TcpRelay.begin(ctx.channel(), named(ctx), to, streams);
            leave(ctx);
        }
    }

    private ChannelConnection named(ChannelHandlerContext ctx) {
        InetSocketAddress dialled = connection.dialled();
        return serverName == null || dialled == null
                ? connection
                : ChannelConnection.redirected(ctx.channel(), dialled, serverName);
    }

    private void speak(ChannelHandlerContext ctx, ChannelHandler codec) {
        if (!decided) {
            decided = true;
            become(ctx, codec);
        }
    }

    /** The end of what the client sends may be all that the server waits for. */
    @Override
    void inputEnded(ChannelHandlerContext ctx) {
        if (first() == null && ways.bytes() != null) {
            carry(ctx, ways.bytes());
        } else {
            close(ctx);
        }
    }
}
