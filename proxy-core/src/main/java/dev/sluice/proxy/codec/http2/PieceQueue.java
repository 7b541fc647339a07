package dev.sluice.proxy.codec.http2;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Body pieces in order, owned by the queue until they are taken. One piece, the ordinary case, costs no further object.
 *
 * <p>Not thread-safe.
 */
public final class PieceQueue {
    /** Pieces below this are copied together where a peer's choice of frames must not decide what they cost. */
    private static final int SMALL = 4096;

    private static final int CHUNK = 16_384;

    private @Nullable ByteBuf first;
    private @Nullable ArrayDeque<ByteBuf> rest;
    /** The last piece, when it is a chunk of our own that takes more. */
    private @Nullable ByteBuf open;

    private int bytes;

    /** Bytes held. */
    public int bytes() {
        return bytes;
    }

    /** Appends a readable piece and takes over its reference. */
    public void add(ByteBuf piece) {
        bytes += piece.readableBytes();
        open = null;
        append(piece);
    }

    /**
     * Appends a copy of a small piece, or the piece itself, retained. A frame's payload is a slice of what one read
     * brought: kept as it is, a byte would hold on to the whole of it.
     */
    public void addRetained(ByteBuf piece, ByteBufAllocator alloc) {
        int length = piece.readableBytes();
        if (length >= SMALL) {
            add(piece.retain());
            return;
        }
        bytes += length;
        ByteBuf chunk = open;
        if (chunk == null || chunk.maxWritableBytes() < length) {
            chunk = alloc.buffer(length, CHUNK);
            append(chunk);
            open = chunk;
        }
        chunk.writeBytes(piece, piece.readerIndex(), length);
    }

    /** Takes the first piece, or its first {@code max} bytes; only while {@link #bytes} is positive. */
    public ByteBuf take(int max) {
        ByteBuf piece = first();
        if (piece.readableBytes() > max) {
            bytes -= max;
            open = null;
            return piece.readRetainedSlice(max);
        }
        bytes -= piece.readableBytes();
        removeFirst();
        return piece;
    }

    /** Moves {@code length} bytes to {@code target}. */
    public void moveTo(ByteBuf target, int length) {
        target.ensureWritable(length);
        int left = length;
        while (left > 0) {
            ByteBuf piece = first();
            int part = Math.min(left, piece.readableBytes());
            // This way round: writeBytes would make two NIO views of a sliced piece.
            piece.readBytes(target, part);
            left -= part;
            if (!piece.isReadable()) {
                piece.release();
                removeFirst();
            }
        }
        bytes -= length;
    }

    /** Releases everything. */
    public void clear() {
        while (first != null) {
            first.release();
            removeFirst();
        }
        bytes = 0;
    }

    private ByteBuf first() {
        ByteBuf piece = first;
        if (piece == null) {
            throw new IllegalStateException("Nothing is held");
        }
        return piece;
    }

    private void append(ByteBuf piece) {
        if (first == null) {
            first = piece;
            return;
        }
        ArrayDeque<ByteBuf> held = rest;
        if (held == null) {
            held = new ArrayDeque<>();
            rest = held;
        }
        held.add(piece);
    }

    private void removeFirst() {
        first = rest == null ? null : rest.poll();
        if (first == null) {
            open = null;
        }
    }
}
