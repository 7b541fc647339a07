package dev.sluice.proxy.codec.http2.connection;

import dev.sluice.proxy.codec.http2.Fields;
import dev.sluice.proxy.codec.http2.PieceQueue;
import dev.sluice.proxy.codec.http2.ReceivedBlock;
import dev.sluice.proxy.codec.http2.StreamEvents;
import dev.sluice.proxy.overload.MemoryPressure;
import dev.sluice.proxy.stream.BodyReader;
import dev.sluice.proxy.stream.ErrorCode;
import dev.sluice.proxy.stream.ProxyError;
import dev.sluice.proxy.stream.ReadGate;
import dev.sluice.proxy.stream.headers.H2Headers;
import dev.sluice.proxy.stream.headers.Headers;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Stream;
import org.jspecify.annotations.Nullable;

/**
 * One stream, either end: the half that reads, and what ends both. What arrives while the gate is paused is held back,
 * at most the stream's window, for its bytes are given back to the window only as they are handed on.
 *
 * <p>A direction is <em>open</em> until its end was handed on (inbound) or given to us (outbound). The reader hears of a
 * reset as long as either is open.
 */
abstract class H2Stream extends H2WriteSide implements ReadGate, StreamEvents.Owner {
    static final String SHORT = "fewer bytes than content-length says";
    private static final int UNDECLARED = -1;

    private boolean dropped;
    private long receivedBytes;
    private long declaredBytes = UNDECLARED;
    private boolean inboundOpen = true;
    private boolean inboundEndRead;
    private boolean paused;
    private boolean resuming;
    private boolean heldEnd;
    private @Nullable Headers heldTrailers;
    private @Nullable PieceQueue held;

    H2Stream(H2Handler handler) {
        super(handler);
    }

    // ---- what the two ends do differently

    /** Null while the handler that will take the body was not returned yet. */
    abstract @Nullable BodyReader reader();

    /** The reset code that stands for {@code error}. */
    abstract Http2Error codeOf(ProxyError error);

    /** What a reset by the peer means. */
    abstract ProxyError meaningOf(long code);

    /** The peer broke a rule of the protocol on this stream. */
    abstract ProxyError violation(String detail);

    /** The connection ended under it. */
    abstract ProxyError lost();

    /** It was reset before it came to be on the connection. */
    void givenUpUnbound() {}

    /** Whether the head that the peer's data belongs to was read. */
    abstract boolean isHeadRead();

    /** The end of the message from the peer was handed on. */
    abstract void inboundEnded();

    // ---- state

    /** The stream exists on the connection from now on, and is ours. */
    final void bindTo(Http2Stream created) {
        bind(created);
        handler.events().own(created, this);
    }

    /** Both ends were seen on the wire: whatever closes the stream now is no failure. */
    final boolean isComplete() {
        return inboundEndRead && isOutboundEndWritten();
    }

    final boolean isInboundOpen() {
        return inboundOpen;
    }

    final boolean isInboundEndRead() {
        return inboundEndRead;
    }

    /** Nobody wants what the peer still sends. */
    final void closeInbound() {
        inboundOpen = false;
        heldTrailers = null;
        if (held != null) {
            held.clear();
        }
    }

    /** The peer's message is to have so many bytes; -1 where it did not say. */
    final void declare(long bytes) {
        declaredBytes = bytes;
    }

    /** Whether fewer bytes came than were declared. */
    final boolean isShort() {
        return receivedBytes < declaredBytes;
    }

    /** The head from the peer was the whole message. */
    final void inboundEndedWithHead() {
        inboundEndRead = true;
        inboundOpen = false;
    }

    /** Ends both directions without a word to the peer, and tells the reader if it does not know its end yet. */
    final void abort(ProxyError error) {
        boolean known = !inboundOpen && !isOutboundOpen();
        drop();
        BodyReader owner = reader();
        if (!known && owner != null) {
            owner.onReset(error);
        }
    }

    private void drop() {
        dropped = true;
        closeInbound();
        closeOutbound();
    }

    @Override
    public void resetByPeer(long code) {
        abort(meaningOf(code));
    }

    /** The peer broke a rule; the reset is sent by the caller. */
    void violated(String rule) {
        abort(violation(rule));
    }

    @Override
    public final void streamClosed() {
        if (!isComplete()) {
            abort(lost());
        }
    }

    @Override
    public boolean wasPremature() {
        return false;
    }

    /** Bytes of both directions that are held for somebody who does not take them. */
    final long heldBytes() {
        return (held == null ? 0L : held.bytes()) + queuedBytes();
    }

    /** Ends it for the memory that it holds. */
    final void shed(MemoryPressure pressure) {
        ProxyError error = pressure.ending();
        abort(error);
        Http2Stream stream = bound();
        if (stream != null) {
            handler.reset(stream, codeOf(error));
        }
    }

    // ---- inbound

    @Override
    public final int receivedData(ByteBuf data, int padding, boolean end) {
        int bytes = data.readableBytes();
        receivedBytes += bytes;
        inboundEndRead |= end;
        if (!inboundOpen) {
            // Nobody takes it: the window stays shut, so that the peer stops.
            return 0;
        }
        if (!isHeadRead()) {
            refuse("data ahead of the head");
            return 0;
        }
        if (declaredBytes >= 0 && receivedBytes > declaredBytes) {
            refuse("more bytes than content-length says");
            return 0;
        }
        if (end && isShort()) {
            refuse(SHORT);
            return 0;
        }
        if (mustHold()) {
            heldEnd = end;
            if (bytes > 0) {
                heldPieces().addRetained(data, handler.context().alloc());
            }
            return padding;
        }
        if (bytes > 0 || end) {
            handOn(data.retain(), end);
        }
        return bytes + padding;
    }

    /** Takes trailers as they came; resets the stream when they are malformed. */
    final void receivedTrailers(ReceivedBlock block) {
        inboundEndRead = true;
        if (!inboundOpen) {
            return;
        }
        if (isShort()) {
            refuse(SHORT);
            return;
        }
        boolean pseudo = block.hasPseudo();
        H2Headers trailers = block.take();
        if (pseudo || !Fields.passTrailers(trailers, handler.limits().head().maxHeaders())) {
            refuse("malformed trailers");
            return;
        }
        if (mustHold()) {
            heldEnd = true;
            heldTrailers = trailers;
        } else {
            handOnTrailers(trailers);
        }
    }

    @Override
    public final void pause() {
        paused = true;
    }

    @Override
    public final void resume() {
        paused = false;
        if (resuming) {
            return;
        }
        resuming = true;
        try {
            handOnHeld();
        } finally {
            resuming = false;
        }
    }

    private boolean mustHold() {
        return paused || resuming || heldEnd || (held != null && held.bytes() > 0);
    }

    private void handOnHeld() {
        PieceQueue pieces = held;
        while (!paused && inboundOpen && pieces != null && pieces.bytes() > 0) {
            ByteBuf piece = pieces.take(Integer.MAX_VALUE);
            int bytes = piece.readableBytes();
            handOn(piece, heldEnd && heldTrailers == null && pieces.bytes() == 0);
            Http2Stream stream = bound();
            if (stream != null) {
                handler.consumed(stream, bytes);
            }
        }
        if (!paused && inboundOpen && heldEnd) {
            Headers trailers = heldTrailers;
            if (trailers == null) {
                handOn(Unpooled.EMPTY_BUFFER, true);
            } else {
                handOnTrailers(trailers);
            }
        }
    }

    private void handOn(ByteBuf data, boolean end) {
        BodyReader owner = reader();
        if (end) {
            inboundOpen = false;
        }
        if (owner == null) {
            data.release();
        } else {
            try {
                owner.onData(data, end);
            } catch (RuntimeException e) {
                handler.readerFailed(this, e);
            }
        }
        if (end) {
            inboundEnded();
        }
    }

    private void handOnTrailers(Headers trailers) {
        inboundOpen = false;
        BodyReader owner = reader();
        if (owner != null) {
            try {
                owner.onTrailers(trailers);
            } catch (RuntimeException e) {
                handler.readerFailed(this, e);
            }
        }
        inboundEnded();
    }

    private PieceQueue heldPieces() {
        PieceQueue pieces = held;
        if (pieces == null) {
            pieces = new PieceQueue();
            held = pieces;
        }
        return pieces;
    }

    /** The peer broke a rule: ends the stream on both sides. */
    final void refuse(String detail) {
        violated(detail);
        Http2Stream stream = bound();
        if (stream != null) {
            handler.reset(stream, Http2Error.PROTOCOL_ERROR);
        }
    }

    // ---- resets

    /** Gives up a message that the peer does not take: its owner is done with it, so nobody else would. */
    final void sweep(long sweeps) {
        if (isStalled(sweeps)) {
            reset(ProxyError.proxy(ErrorCode.STREAM_IDLE_TIMEOUT, "the peer does not take the rest"));
        }
    }

    @Override
    public final void reset(ProxyError error) {
        if (dropped || isComplete()) {
            return;
        }
        drop();
        Http2Stream stream = bound();
        if (stream == null) {
            givenUpUnbound();
        } else {
            handler.reset(stream, codeOf(error));
        }
    }

    /** Resets the stream after our end of it was written: the peer needs to send no more. */
    final void resetAfterResponse() {
        dropped = true;
        Http2Stream stream = bound();
        if (stream != null) {
            handler.reset(stream, Http2Error.NO_ERROR);
        }
    }
}
