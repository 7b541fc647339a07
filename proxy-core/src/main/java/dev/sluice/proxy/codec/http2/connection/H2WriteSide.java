package dev.sluice.proxy.codec.http2.connection;

import dev.sluice.proxy.codec.HeaderTranslation;
import dev.sluice.proxy.codec.http2.PieceQueue;
import dev.sluice.proxy.codec.http2.SentBlock;
import dev.sluice.proxy.stream.BodyWriter;
import dev.sluice.proxy.stream.headers.H2Headers;
import dev.sluice.proxy.stream.headers.Headers;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2RemoteFlowController;
import io.netty.handler.codec.http2.Http2Stream;
import org.jspecify.annotations.Nullable;

/**
 * The half of a stream that writes: queues pieces until the peer's windows and the socket take them.
 *
 * <p>It is its own frame in Netty's flow controller ({@link Http2RemoteFlowController.FlowControlled}): all that waits is
 * one entry there, whatever the number of pieces, and {@link #write} is told how many bytes may go.
 */
abstract class H2WriteSide implements BodyWriter, Http2RemoteFlowController.FlowControlled {
    final H2Handler handler;

    private @Nullable Http2Stream stream;
    private boolean open = true;
    private boolean endGiven;
    private boolean endWritten;
    private boolean enqueued;
    private boolean toldUnwritable;
    private boolean progressed;
    private int stalledSweeps;
    private int announced;
    private @Nullable H2Headers trailersToWrite;
    private @Nullable PieceQueue queue;

    H2WriteSide(H2Handler handler) {
        this.handler = handler;
    }

    // ---- what the two ends do differently

    /** The reader's {@code onWritable}. */
    abstract void onWritable();

    /** The end of the message to the peer was given to us. */
    abstract void outboundEndGiven();

    /** The end of the message to the peer was written. */
    abstract void outboundEndWritten();

    // ---- state

    /** The stream exists on the connection from now on. */
    final void bind(Http2Stream created) {
        stream = created;
    }

    /** Bytes that the peer's windows or the socket have not taken. */
    final int queuedBytes() {
        return queue == null ? 0 : queue.bytes();
    }

    final @Nullable Http2Stream bound() {
        return stream;
    }

    /** Neither its end nor a reset was given to us. */
    final boolean isOutboundOpen() {
        return open;
    }

    final boolean isOutboundEndWritten() {
        return endWritten;
    }

    /** Whether an end that was given long ago was not written, nor anything before it, for the last few sweeps. */
    final boolean isStalled(long sweeps) {
        if (!endGiven || endWritten || progressed) {
            progressed = false;
            stalledSweeps = 0;
            return false;
        }
        return ++stalledSweeps >= sweeps;
    }

    /** Nothing more is written. */
    final void closeOutbound() {
        open = false;
        trailersToWrite = null;
        // What is in line at the flow controller is released by error(), when the stream closes.
        if (queue != null && !enqueued) {
            queue.clear();
        }
    }

    // ---- writing

    /** Writes a head and, when it is the end, closes our side. */
    final void writeHead(SentBlock block, boolean informational, boolean end) {
        Http2Stream current = stream;
        if (current == null) {
            return;
        }
        writeBlock(current, block, end);
        current.headersSent(informational);
        if (end) {
            open = false;
            endGiven = true;
            outboundEndGiven();
            endWritten(current);
        }
    }

    private void writeBlock(Http2Stream current, SentBlock block, boolean end) {
        try {
            handler.writer().headers(handler.context(), current.id(), block, end);
            handler.written();
        } catch (RuntimeException | OutOfMemoryError e) {
            // What the list would have had the peer remember is in our table only (RFC 7541 section 2.3.2): whatever
            // stream came next, its fields would be read as others.
            handler.writeFailed(e);
        } finally {
            block.reset();
        }
    }

    @Override
    public void data(ByteBuf data, boolean last) {
        if (!open) {
            data.release();
            return;
        }
        if (data.isReadable()) {
            queuedPieces().add(data);
        } else {
            data.release();
        }
        if (last) {
            open = false;
            endGiven = true;
            outboundEndGiven();
        }
        pump();
    }

    @Override
    public void trailers(Headers trailers) {
        if (!open) {
            return;
        }
        open = false;
        endGiven = true;
        if (trailers.size() > 0) {
            trailersToWrite = HeaderTranslation.toH2(trailers);
        }
        outboundEndGiven();
        pump();
    }

    @Override
    public final boolean isWritable() {
        int waiting = queue == null ? 0 : queue.bytes();
        boolean writable = waiting < handler.limits().buffers().writeHigh()
                && !(waiting > 0 && handler.holder().isTight());
        toldUnwritable |= !writable;
        return writable;
    }

    final void tellWritable() {
        if (open && toldUnwritable && isBelowLowMark()) {
            toldUnwritable = false;
            onWritable();
        }
    }

    /** Hands what was queued to the flow controller; an end without data needs no window. */
    final void pump() {
        Http2Stream current = stream;
        if (current == null || endWritten) {
            return;
        }
        int waiting = queue == null ? 0 : queue.bytes();
        if (waiting == 0 && !enqueued) {
            if (endGiven) {
                writeEnd(current);
            }
            return;
        }
        if (!enqueued) {
            enqueued = true;
            announced = waiting;
        }
        handler.encoder().flowController().addFlowControlled(current, this);
        handler.written();
    }

    private void writeEnd(Http2Stream current) {
        H2Headers end = trailersToWrite;
        if (end != null) {
            trailersToWrite = null;
            writeBlock(current, handler.block().trailers(end), true);
            current.headersSent(false);
            endWritten(current);
            return;
        }
        writeData(current, queuedPieces(), 0, true);
        handler.written();
        endWritten(current);
    }

    /** False where there was no memory for the frame: a part of the body is missing then, and nothing may follow it. */
    private boolean writeData(Http2Stream current, PieceQueue pieces, int length, boolean end) {
        try {
            handler.writer().data(handler.context(), current.id(), pieces, length, end);
            handler.guard().dataSent();
            return true;
        } catch (RuntimeException | OutOfMemoryError e) {
            handler.writeFailed(e);
            return false;
        }
    }

    private void endWritten(Http2Stream current) {
        endWritten = true;
        handler.closeLocalSide(current);
        outboundEndWritten();
    }

    private PieceQueue queuedPieces() {
        PieceQueue pieces = queue;
        if (pieces == null) {
            pieces = new PieceQueue();
            queue = pieces;
        }
        return pieces;
    }

    private boolean isBelowLowMark() {
        return queue == null || queue.bytes() <= handler.limits().buffers().writeLow();
    }

    // ---- as a frame of the flow controller

    /** Bytes that the flow controller knows of. */
    @Override
    public final int size() {
        return announced;
    }

    /** Called with ourselves when more was queued while we are in line. */
    @Override
    public final boolean merge(ChannelHandlerContext ctx, Http2RemoteFlowController.FlowControlled next) {
        if (next != this) {
            return false;
        }
        announced = queuedPieces().bytes();
        return true;
    }

    @Override
    public final void write(ChannelHandlerContext ctx, int allowedBytes) {
        Http2Stream current = stream;
        PieceQueue pieces = queuedPieces();
        if (current == null) {
            return;
        }
        int maxFrame = handler.writer().maxFrameSize();
        int budget = Math.min(allowedBytes, pieces.bytes());
        while (budget > 0) {
            int length = Math.min(budget, maxFrame);
            boolean end = endGiven && trailersToWrite == null && length == pieces.bytes();
            if (!writeData(current, pieces, length, end)) {
                // Else Netty would offer the same bytes again and again.
                throw new IllegalStateException("the connection is being closed");
            }
            budget -= length;
        }
        announced = pieces.bytes();
        progressed = true;
        if (toldUnwritable && isBelowLowMark()) {
            handler.writableAgain(this);
        }
    }

    /** All that was in line has been written. */
    @Override
    public final void writeComplete() {
        enqueued = false;
        Http2Stream current = stream;
        if (current == null || !endGiven || endWritten) {
            return;
        }
        if (trailersToWrite != null) {
            writeEnd(current);
        } else {
            endWritten(current);
        }
    }

    /** The stream is gone; its reader was told by other means. */
    @Override
    public final void error(ChannelHandlerContext ctx, Throwable cause) {
        enqueued = false;
        trailersToWrite = null;
        if (queue != null) {
            queue.clear();
        }
    }
}
