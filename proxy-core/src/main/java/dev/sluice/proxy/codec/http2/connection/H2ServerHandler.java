package dev.sluice.proxy.codec.http2.connection;

import dev.sluice.proxy.codec.CodecLimits;
import dev.sluice.proxy.codec.DrainEvent;
import dev.sluice.proxy.codec.LingeringClose;
import dev.sluice.proxy.codec.http2.FloodGuard;
import dev.sluice.proxy.codec.http2.H2Settings;
import dev.sluice.proxy.codec.http2.ReceivedBlock;
import dev.sluice.proxy.codec.http2.RequestInspection;
import dev.sluice.proxy.stream.DownstreamConnection;
import dev.sluice.proxy.stream.ErrorCode;
import dev.sluice.proxy.stream.ProxyError;
import dev.sluice.proxy.stream.RequestHead;
import dev.sluice.proxy.stream.ServerStreamHandler;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Server end of an HTTP/2 connection, in clear text with prior knowledge or behind TLS: the last handler of its pipeline,
 * in place when the connection's first byte is read.
 *
 * <p>What it refuses never reaches {@link ServerStreamHandler#onRequest}: a malformed request is reset (RFC 9113 section
 * 8.1.1) and goes to {@link ServerStreamHandler#onResetRequest} to be recorded, one that is well-formed but not for us to
 * {@link ServerStreamHandler#onBadRequest} to be answered. Floods end the connection with ENHANCE_YOUR_CALM, and so does a
 * header block that is not complete in time. {@link DrainEvent#ANNOUNCE} sends GOAWAY with the highest id, {@link
 * DrainEvent#CLOSE_IDLE} one with the last stream that was taken, and the connection closes when that is done.
 */
public final class H2ServerHandler extends H2Handler {
    /** Envoy's stream idle timeout. */
    private static final long STALL_MILLIS = 300_000;

    private final ServerStreamHandler streams;
    private final DownstreamConnection connection;
    private final RequestInspection inspection;
    private final ReceivedBlock received;
    private final LingeringClose lingering;
    private final BlockDeadline blockDeadline;
    private final long sweepMillis;
    private @Nullable Future<?> sweeps;
    private int lastStreamSeen;
    private long idleMillis;

    /**
     * A handler for one connection.
     *
     * @param streams takes the requests
     * @param connection what the streams say they came on
     */
    public H2ServerHandler(ServerStreamHandler streams, DownstreamConnection connection, CodecLimits limits) {
        this(streams, connection, limits, H2Settings.with(limits.head().maxHeaderBytes()), System::nanoTime);
    }

    /** With settings of its own, and a clock for the flood counters. */
    H2ServerHandler(
            ServerStreamHandler streams,
            DownstreamConnection connection,
            CodecLimits limits,
            H2Settings settings,
            LongSupplier nanoTime) {
        this(
                streams,
                connection,
                limits,
                settings.assemble(true, new FloodGuard(nanoTime)),
                settings.connectionWindow());
    }

    private H2ServerHandler(
            ServerStreamHandler streams,
            DownstreamConnection connection,
            CodecLimits limits,
            H2Settings.Parts parts,
            int connectionWindow) {
        super(parts, limits, connectionWindow);
        this.streams = streams;
        this.connection = connection;
        this.inspection = new RequestInspection(limits.head().maxHeaders());
        this.received = parts.received();
        this.lingering = new LingeringClose(
                limits.times().lingerMillis(), limits.buffers().linger());
        this.blockDeadline = new BlockDeadline(parts.openBlock(), limits.times().headMillis(), this::blockIsLate);
        this.sweepMillis = Math.min(limits.times().headMillis(), limits.times().idleMillis());
    }

    ServerStreamHandler streams() {
        return streams;
    }

    DownstreamConnection downstream() {
        return connection;
    }

    @Override
    void onFirstHeaders(Http2Stream stream, ReceivedBlock block, boolean end) {
        switch (inspection.inspect(block, end)) {
            case RESET -> {
                resetRefused(stream, Http2Error.PROTOCOL_ERROR);
                record(inspection.head(), inspection.detail());
            }
            case REFUSE -> {
                H2ServerStream refused = new H2ServerStream(this, inspection.head());
                refused.bindTo(stream);
                refused.refuse(ProxyError.downstream(inspection.code(), inspection.detail()), end);
            }
            case PASS -> {
                H2ServerStream taken = new H2ServerStream(this, inspection.head());
                taken.bindTo(stream);
                taken.begin(end);
            }
        }
    }

    @Override
    void onBadOpening(Http2Stream stream, Http2Exception error) {
        super.onBadOpening(stream, error);
        if (error.error() != Http2Error.REFUSED_STREAM) {
            // The frame itself may be malformed: the list that was read last is another stream's then.
            boolean read = received.streamId() == stream.id();
            record(read ? RequestInspection.salvage(received) : null, String.valueOf(error.getMessage()));
        }
    }

    private void record(@Nullable RequestHead head, String detail) {
        new H2ServerStream(this, head).recordReset(ProxyError.downstream(ErrorCode.BAD_REQUEST, detail));
    }

    @Override
    void onOversizedHeaders(Http2Stream stream) {
        H2ServerStream refused = new H2ServerStream(this, null);
        refused.bindTo(stream);
        // Whether the request ends with its head went by unread; a reset after the response is right either way.
        refused.refuse(
                ProxyError.downstream(
                        ErrorCode.HEADERS_TOO_LARGE,
                        "more than " + limits().head().maxHeaderBytes() + " bytes of headers"),
                false);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) throws Exception {
        if (event == DrainEvent.ANNOUNCE) {
            announce(ctx, Integer.MAX_VALUE);
        } else if (event == DrainEvent.CLOSE_IDLE) {
            leave(ctx, connection().remote().lastStreamCreated());
        }
        super.userEventTriggered(ctx, event);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) throws Exception {
        if (!connection.isTls()) {
            ctx.pipeline().addBefore(ctx.name(), null, lingering);
        }
        super.handlerAdded(ctx);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) throws Exception {
        super.channelReadComplete(ctx);
        blockDeadline.readCompleted(ctx.channel().eventLoop());
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) throws Exception {
        blockDeadline.cancel();
        if (sweeps != null) {
            sweeps.cancel(false);
        }
        super.channelInactive(ctx);
    }

    @Override
    void onBroken(@Nullable String rule) {
        lingering.arm();
    }

    @Override
    void onBegin(ChannelHandlerContext ctx) {
        sweeps = ctx.executor()
                .scheduleWithFixedDelay(() -> sweep(ctx), sweepMillis, sweepMillis, TimeUnit.MILLISECONDS);
    }

    /** No stream's request goes on while a header block is open, and none is open yet that could be reset instead. */
    private void blockIsLate() {
        onError(
                context(),
                false,
                Http2Exception.connectionError(Http2Error.ENHANCE_YOUR_CALM, "header block not complete in time"));
    }

    /**
     * Looks, once in a while and not for each request, for what nobody else ends: a client that never sends its preface,
     * a connection without requests, and a response that its exchange has finished but its client does not take (B61).
     */
    private void sweep(ChannelHandlerContext ctx) {
        if (!decoder().prefaceReceived()) {
            ChannelFuture unused = ctx.close();
            return;
        }
        int lastStream = connection().remote().lastStreamCreated();
        if (connection().numActiveStreams() > 0 || lastStream != lastStreamSeen) {
            lastStreamSeen = lastStream;
            idleMillis = 0;
            sweepStreams();
        } else {
            idleMillis += sweepMillis;
            if (idleMillis >= limits().times().idleMillis()) {
                leave(ctx, lastStream);
            }
        }
    }

    private void sweepStreams() {
        try {
            Http2Stream all = connection().forEachActiveStream(stream -> {
                H2Stream owner = events().owner(stream);
                if (owner != null) {
                    owner.sweep(STALL_MILLIS / sweepMillis);
                }
                return true;
            });
            assert all == null : "No stream ends the walk";
        } catch (Http2Exception e) {
            throw new IllegalStateException("The visitor throws none", e);
        }
    }

    /** The second step: a request that crosses it is not taken, and its client must be able to read so. */
    private void leave(ChannelHandlerContext ctx, int lastStreamId) {
        lingering.arm();
        announce(ctx, lastStreamId);
        closeWhenIdle();
    }

    /** Two steps: a client that has not read the first GOAWAY yet may still open streams, and none of them is lost. */
    private void announce(ChannelHandlerContext ctx, int lastStreamId) {
        ChannelFuture unused =
                goAway(ctx, lastStreamId, Http2Error.NO_ERROR.code(), Unpooled.EMPTY_BUFFER, ctx.newPromise());
        written();
    }
}
