package dev.sluice.proxy.listener;

import dev.sluice.proxy.codec.ChannelConnection;
import dev.sluice.proxy.codec.CodecLimits;
import dev.sluice.proxy.codec.http1.connection.H1ServerHandler;
import dev.sluice.proxy.codec.http2.Preface;
import dev.sluice.proxy.codec.http2.connection.H2ServerHandler;
import dev.sluice.proxy.stream.ServerStreamHandler;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;

/**
 * Waits for the first bytes of a connection and replaces itself by the codec they ask for: the HTTP/2 preface (RFC 9113
 * §3.4) or anything else, which is HTTP/1 unless it names no version at all. Event loop of the connection.
 */
final class ProtocolDetector extends OpeningHandler {
    private final ServerStreamHandler requests;
    private final ChannelConnection connection;
    private final CodecLimits limits;

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
        after(ctx, limits.times().idleMillis(), OpeningHandler::close);
        ctx.read();
    }

    @Override
    void look(ChannelHandlerContext ctx, ByteBuf bytes) {
        switch (Preface.of(bytes)) {
            case OTHER -> become(ctx, new H1ServerHandler(requests, connection, limits));
            case HTTP2 -> become(ctx, new H2ServerHandler(requests, connection, limits));
            case NEITHER -> close(ctx);
            case UNDECIDED -> waitForMore(ctx, limits.times().headMillis(), OpeningHandler::close);
        }
    }
}
