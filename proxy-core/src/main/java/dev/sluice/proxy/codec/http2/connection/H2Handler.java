package dev.sluice.proxy.codec.http2.connection;

import dev.sluice.proxy.codec.CodecLimits;
import dev.sluice.proxy.codec.http2.FloodGuard;
import dev.sluice.proxy.codec.http2.FrameWriter;
import dev.sluice.proxy.codec.http2.H2Settings;
import dev.sluice.proxy.codec.http2.ReceivedBlock;
import dev.sluice.proxy.codec.http2.SentBlock;
import dev.sluice.proxy.codec.http2.StrayFrames;
import dev.sluice.proxy.codec.http2.StreamEvents;
import dev.sluice.proxy.log.Logs;
import dev.sluice.proxy.loop.LoopTime;
import dev.sluice.proxy.stream.ErrorCode;
import dev.sluice.proxy.stream.ProxyError;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2LocalFlowController;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.util.concurrent.Future;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/**
 * What the two ends of an HTTP/2 connection share: Netty's codec driven by a frame listener, with a stream of ours as a
 * property of each of Netty's, no channel per stream; one flush a turn of the event loop; stream errors told to their
 * owners; floods ended.
 *
 * <p>Everything happens on the channel's event loop.
 */
abstract class H2Handler extends Http2ConnectionHandler {
    private static final Logger LOG = Logs.of(H2Handler.class);

    private final CodecLimits limits;
    private final int connectionWindow;
    private final FloodGuard guard;
    private final FrameWriter writer;
    private final Events events;
    private final SentBlock block = new SentBlock();
    private final H2Flush flush;
    private final StrayFrames strays;

    private final H2Holder holder = new H2Holder(this);
    private @Nullable ChannelHandlerContext context;
    private boolean begun;
    private boolean closeWhenIdle;

    H2Handler(H2Settings.Parts parts, CodecLimits limits, int connectionWindow) {
        // Closing sends no GOAWAY by itself: draining is two steps, and they are ours.
        super(parts.decoder(), parts.encoder(), parts.initialSettings(), true, false);
        this.limits = limits;
        this.connectionWindow = connectionWindow;
        this.guard = parts.guard();
        this.writer = parts.writer();
        this.flush = new H2Flush(this, writer);
        this.strays = parts.strays();
        gracefulShutdownTimeoutMillis(limits.times().lingerMillis());
        this.events = new Events(parts);
    }

    // ---- what the two ends do differently

    /** A header list arrived on a stream that has no owner yet. */
    abstract void onFirstHeaders(Http2Stream stream, ReceivedBlock block, boolean end);

    /** The header list of a stream that has no owner yet was too large to keep. */
    abstract void onOversizedHeaders(Http2Stream stream);

    /** What opened a stream broke a rule, or opened one too many; resets it. */
    void onBadOpening(Http2Stream stream, Http2Exception error) {
        resetRefused(stream, error.error());
    }

    /** The peer's settings changed. */
    void onPeerSettings(Http2Settings settings) {}

    /** The peer takes no streams above {@code lastStreamId}; told before those streams are closed. */
    void onGoAway(int lastStreamId) {}

    /** The peer answered a PING of ours. */
    void onPingAnswered(long data) {}

    /** A stream is closed and its owner knows. */
    void onStreamEnd() {}

    /** The connection is up, and our preface is written. */
    void onBegin(ChannelHandlerContext ctx) {}

    /**
     * The connection cannot go on; a GOAWAY is about to say so.
     *
     * @param rule that the peer broke, or what it floods us with; null where it may be no fault of the peer's
     */
    void onBroken(@Nullable String rule) {}

    /** Whether no stream is left that the connection must be kept for. */
    boolean isIdle() {
        return connection().numActiveStreams() == 0;
    }

    // ---- what streams use

    final CodecLimits limits() {
        return limits;
    }

    final FloodGuard guard() {
        return guard;
    }

    final FrameWriter writer() {
        return writer;
    }

    /** To put the header list of a message into. */
    final SentBlock block() {
        return block;
    }

    final ChannelHandlerContext context() {
        ChannelHandlerContext ctx = context;
        if (ctx == null) {
            throw new IllegalStateException("The handler is in no pipeline yet");
        }
        return ctx;
    }

    final H2Holder holder() {
        return holder;
    }

    final StreamEvents<H2Stream> events() {
        return events;
    }

    /** Something was written, and is to be flushed. */
    final void written() {
        flush.written();
    }

    /** {@code stream} takes data again; it is told once the frames being written are. */
    final void writableAgain(H2WriteSide stream) {
        flush.writableAgain(stream);
    }

    /** Gives received bytes back to the stream's window; the connection's refills by itself. */
    final void consumed(Http2Stream stream, int bytes) {
        try {
            Http2LocalFlowController windows = connection().local().flowController();
            if (windows.consumeBytes(stream, bytes)) {
                written();
            }
        } catch (Http2Exception e) {
            onError(context(), true, e);
        }
    }

    /** Sends RST_STREAM and forgets the stream. */
    final void reset(Http2Stream stream, Http2Error code) {
        if (connection().stream(stream.id()) == stream && !stream.isResetSent()) {
            ChannelHandlerContext ctx = context();
            strays.resetSent(stream.id());
            ChannelFuture unused = encoder().writeRstStream(ctx, stream.id(), code.code(), ctx.newPromise());
            // Now, not once the reset has left: of what still waits nothing may be written after it.
            closeStream(stream, barrier());
            written();
        }
    }

    /** Resets a stream that has no owner: its request was malformed, or one too many. */
    final void resetRefused(Http2Stream stream, Http2Error code) {
        reset(stream, code);
        if (guard.streamClosed(code != Http2Error.REFUSED_STREAM)) {
            onError(context(), false, FloodGuard.tooMany("malformed or RST_STREAM"));
        }
    }

    /** The end of our side of {@code stream} was written. */
    final void closeLocalSide(Http2Stream stream) {
        closeStreamLocal(stream, barrier());
    }

    /** Closes the connection once its last stream is done and everything is written. */
    final void closeWhenIdle() {
        closeWhenIdle = true;
        closeIfIdle();
    }

    // ---- channel events

    @Override
    protected void handlerRemoved0(ChannelHandlerContext ctx) throws Exception {
        holder.leave();
        super.handlerRemoved0(ctx);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) throws Exception {
        context = ctx;
        holder.enter(ctx);
        ctx.channel().config().setAutoRead(false);
        ctx.channel()
                .config()
                .setWriteBufferWaterMark(new WriteBufferWaterMark(
                        limits.buffers().writeLow(), limits.buffers().writeHigh()));
        super.handlerAdded(ctx);
        begin(ctx);
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) throws Exception {
        super.channelActive(ctx);
        begin(ctx);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) throws Exception {
        LoopTime.look(ctx.channel().eventLoop());
        flush.beginRead();
        super.channelRead(ctx, msg);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) throws Exception {
        // Before the flush: who is told by it that he may write again needs a further one.
        flush.endRead();
        super.channelReadComplete(ctx);
    }

    @Override
    public void flush(ChannelHandlerContext ctx) {
        flush.flush(ctx);
    }

    /** Netty waits for what was written to leave, and then closes: nothing may be held back. */
    @Override
    public void close(ChannelHandlerContext ctx, ChannelPromise promise) throws Exception {
        writer.pass(ctx);
        super.close(ctx, promise);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) throws Exception {
        super.userEventTriggered(ctx, event);
        if (event instanceof ChannelInputShutdownEvent) {
            // Without the peer's window updates and acknowledgements the connection is of no more use.
            ChannelFuture unused = ctx.close();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) throws Exception {
        if (Http2CodecUtil.getEmbeddedHttp2Exception(cause) != null) {
            super.exceptionCaught(ctx, cause);
            return;
        }
        writeFailed(cause);
    }

    // ---- errors

    /** Nothing more can be written, or must be: closes without a goodbye. channelInactive tells the streams. */
    final void writeFailed(Throwable cause) {
        holder.report(cause);
        ChannelFuture unused = context().close();
    }

    /** The reader of a stream threw: a fault of ours, which ends its own stream and not the connection's others. */
    final void readerFailed(H2Stream stream, RuntimeException cause) {
        LOG.log(Level.ERROR, "The reader of a stream failed", cause);
        stream.reset(ProxyError.proxy(ErrorCode.INTERNAL, String.valueOf(cause)));
    }

    /** Tells all streams at once, for the close itself may linger. */
    @Override
    protected void onConnectionError(
            ChannelHandlerContext ctx, boolean outbound, Throwable cause, @Nullable Http2Exception error) {
        if (error == null) {
            holder.report(cause);
        }
        boolean graceful = error != null && error.shutdownHint() == Http2Exception.ShutdownHint.GRACEFUL_SHUTDOWN;
        if (!graceful) {
            onBroken(error == null || outbound ? null : String.valueOf(error.getMessage()));
        }
        super.onConnectionError(ctx, outbound, cause, error);
        if (!graceful) {
            // The promise that Netty itself passes when the channel is gone: a second one would be chained to the
            // first.
            Future<Void> unused = connection().close(ctx.voidPromise());
        }
    }

    /** Tells the stream's owner, and makes the reset known to Netty even where no stream was created. */
    @Override
    protected void onStreamError(
            ChannelHandlerContext ctx, boolean outbound, Throwable cause, Http2Exception.StreamException error) {
        int id = error.streamId();
        Http2Stream stream = connection().stream(id);
        H2Stream owner = events.owner(stream);
        if (owner != null) {
            owner.violated(String.valueOf(error.getMessage()));
            reset(stream, error.error());
            return;
        }
        Http2Stream refused = stream == null ? strays.createRefused(id) : stream;
        if (refused == null) {
            lateFrame(ctx, id, outbound, error);
        } else if (error instanceof Http2Exception.HeaderListSizeException) {
            onOversizedHeaders(refused);
        } else {
            onBadOpening(refused, error);
        }
    }

    private void lateFrame(ChannelHandlerContext ctx, int id, boolean outbound, Http2Exception error) {
        try {
            if (!outbound && strays.deservesReset(id)) {
                ChannelFuture unused =
                        encoder().writeRstStream(ctx, id, error.error().code(), ctx.newPromise());
                written();
            }
        } catch (Http2Exception flood) {
            onError(ctx, false, flood);
        }
    }

    // ---- inside

    /** Netty has written our preface: opens the connection's window and begins to read. */
    private void begin(ChannelHandlerContext ctx) throws Http2Exception {
        if (!begun && ctx.channel().isActive()) {
            begun = true;
            Http2LocalFlowController windows = connection().local().flowController();
            windows.incrementWindowSize(
                    connection().connectionStream(), connectionWindow - Http2CodecUtil.DEFAULT_WINDOW_SIZE);
            flush(ctx);
            onBegin(ctx);
            ctx.read();
        }
    }

    private void closeIfIdle() {
        if (closeWhenIdle && isIdle()) {
            ChannelHandlerContext ctx = context();
            writer.pass(ctx);
            ctx.write(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
            flush(ctx);
        }
    }

    /**
     * Done once everything written so far has left: what Netty may close the connection on. Nothing has to be waited for
     * as long as it is not to be closed.
     */
    private ChannelFuture barrier() {
        ChannelHandlerContext ctx = context();
        if (!connection().goAwaySent()) {
            return ctx.newSucceededFuture();
        }
        writer.pass(ctx);
        ChannelFuture left = ctx.write(Unpooled.EMPTY_BUFFER);
        written();
        return left;
    }

    private final class Events extends StreamEvents<H2Stream> {
        Events(H2Settings.Parts parts) {
            super(parts);
        }

        @Override
        protected void onFirstHeaders(Http2Stream stream, ReceivedBlock block, boolean end) {
            H2Handler.this.onFirstHeaders(stream, block, end);
        }

        @Override
        protected void onPeerSettings(Http2Settings settings) {
            H2Handler.this.onPeerSettings(settings);
        }

        @Override
        protected void onGoAway(int lastStreamId) {
            H2Handler.this.onGoAway(lastStreamId);
        }

        @Override
        public void onPingAckRead(ChannelHandlerContext ctx, long data) {
            onPingAnswered(data);
        }

        @Override
        protected void onFlood() {
            // Not from inside the event: the connection walks its streams.
            context().executor().execute(() -> onError(context(), false, FloodGuard.tooMany("RST_STREAM")));
        }

        @Override
        public void onStreamRemoved(Http2Stream stream) {
            onStreamEnd();
            closeIfIdle();
        }
    }
}
