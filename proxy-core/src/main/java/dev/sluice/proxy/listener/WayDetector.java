package dev.sluice.proxy.listener;

import dev.sluice.proxy.codec.ChannelConnection;
import dev.sluice.proxy.codec.CodecLimits;
import dev.sluice.proxy.codec.http1.connection.H1ServerHandler;
import dev.sluice.proxy.codec.http2.connection.H2ServerHandler;
import dev.sluice.proxy.log.Logs;
import dev.sluice.proxy.snapshot.ChainRuntime;
import dev.sluice.proxy.snapshot.ListenerRuntime;
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
import org.jspecify.annotations.Nullable;

/**
 * Finds out what a connection speaks that was redirected, or that came to a port whose protocol nobody declared, and gives it
 * to the one of its ways that is for that. Nothing is waited for where there is one way only. Where a port is declared to be
 * HTTP, a silent client may be silent as long as any; where nobody declared anything, one that has sent nothing for a while
 * waits for its server to speak first, as with MySQL and SMTP, and is carried as bytes. Event loop of the connection.
 */
final class WayDetector extends OpeningHandler {
    private static final Logger LOG = Logs.of(WayDetector.class);

    private final ListenerPipelines pipelines;
    private final ListenerRuntime listener;
    private final Ways ways;
    private final ServerStreamHandler requests;
    private final ChannelConnection connection;
    private final CodecLimits limits;
    private final long silenceMillis;
    private @Nullable String serverName;
    private boolean decided;

    /**
     * @param listener as of the moment when the connection came
     * @param silenceMillis after which a client counts as waiting for its server; 0 for never
     */
    WayDetector(
            ListenerPipelines pipelines,
            ListenerRuntime listener,
            Ways ways,
            ServerStreamHandler requests,
            ChannelConnection connection,
            long silenceMillis) {
        this.pipelines = pipelines;
        this.listener = listener;
        this.ways = ways;
        this.requests = requests;
        this.connection = connection;
        this.limits = pipelines.limits();
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
        if (ways.ended() != null) {
            refuse(ctx, Refusal.LATE);
        } else if (bytes == null) {
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
        ChainRuntime ended = ways.ended();
        if (ended != null) {
            endTls(ctx, ended, bytes);
            return;
        }
        switch (FirstBytes.of(bytes)) {
            case HTTP1 -> http(ctx, new H1ServerHandler(requests, connection, limits));
            case HTTP1_WITHOUT_HOST -> withoutHost(ctx);
            case HTTP2 -> http(ctx, new H2ServerHandler(requests, connection, limits));
            case TLS -> byName(ctx, bytes);
            case OTHER -> carry(ctx, ways.unnamed());
            case UNDECIDED -> waitForMore(ctx, limits.times().headMillis(), this::silent);
        }
    }

    /** Where nobody declared the port it is left to the server, as in Istio, and told what is wrong where it is HTTP. */
    private void withoutHost(ChannelHandlerContext ctx) {
        if (ways.serverMaySpeakFirst()) {
            carry(ctx, ways.unnamed());
        } else {
            http(ctx, new H1ServerHandler(requests, connection, limits));
        }
    }

    private void endTls(ChannelHandlerContext ctx, ChainRuntime chain, ByteBuf bytes) {
        if (!ClientHello.mayBegin(bytes.getUnsignedByte(bytes.readerIndex()))) {
            refuse(ctx, Refusal.NOT_TLS);
            return;
        }
        try {
            ClientHello hello = ClientHello.read(bytes);
            if (hello == null) {
                waitForMore(ctx, TlsEntrance.HANDSHAKE_MILLIS, this::silent);
            } else {
                decided = true;
                ServerStreamHandler inside = chain.http() == null ? null : requests;
                TlsEntrance.begin(this, ctx, new Inside(pipelines, listener, chain, connection, inside), hello);
            }
        } catch (ClientHello.Malformed e) {
            refuse(ctx, Refusal.malformed(String.valueOf(e.getMessage())));
        }
    }

    private void refuse(ChannelHandlerContext ctx, Refusal why) {
        if (!decided) {
            decided = true;
            why.give(this, ctx, pipelines.handshakes(), listener.plan().name() + " from " + connection.remoteAddress());
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
            waitForMore(ctx, limits.times().headMillis(), this::silent);
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
            TcpRelay.begin(ctx.channel(), connection.unopened(serverName), to, listener.streams());
            leave(ctx);
        }
    }

    private void speak(ChannelHandlerContext ctx, ChannelHandler codec) {
        if (!decided) {
            decided = true;
            become(ctx, codec);
        }
    }

    /**
     * Half a request becomes no request any more: where nobody declared anything these are bytes like any, and their end, or
     * the end alone, may be all that the server waits for.
     */
    @Override
    void inputEnded(ChannelHandlerContext ctx) {
        if (ways.serverMaySpeakFirst()) {
            carry(ctx, ways.bytes());
        } else {
            close(ctx);
        }
    }
}
