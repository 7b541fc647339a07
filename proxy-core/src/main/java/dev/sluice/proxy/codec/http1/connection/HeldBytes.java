package dev.sluice.proxy.codec.http1.connection;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.ByteToMessageDecoder;

/**
 * Received bytes that were not parsed yet: the start of a message whose rest is awaited, pipelined requests, a body that
 * nobody takes at the moment. Raw, because parsed they would cost a multiple.
 *
 * <p>Belongs to the connection's event loop.
 */
final class HeldBytes {
    private ByteBuf bytes = Unpooled.EMPTY_BUFFER;

    /** Appends {@code more}, which is given away. */
    void add(ByteBufAllocator alloc, ByteBuf more) {
        bytes = ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(alloc, bytes, more);
    }

    /** How many there are. */
    int size() {
        return bytes.readableBytes();
    }

    /** Whether there are none. */
    boolean isEmpty() {
        return !bytes.isReadable();
    }

    /** The bytes, for reading from their start; still owned by this. */
    ByteBuf view() {
        return bytes;
    }

    /** Hands the first {@code size} out, in one piece. */
    ByteBuf take(int size) {
        if (size == 0) {
            return Unpooled.EMPTY_BUFFER;
        }
        // The last piece takes the buffer with it: most often all that was read is one body, or the end of one.
        return size == bytes.readableBytes() ? takeAll() : bytes.readRetainedSlice(size);
    }

    /** Hands all of them out. */
    ByteBuf takeAll() {
        ByteBuf all = bytes;
        bytes = Unpooled.EMPTY_BUFFER;
        return all;
    }

    /** Frees what was read from {@link #view()}. */
    void trim() {
        if (!bytes.isReadable()) {
            release();
        } else if (bytes.refCnt() == 1) {
            // Pieces of a body share the memory; only when none is left may the rest be moved to its start.
            bytes.discardSomeReadBytes();
        }
    }

    /** Drops all of them. */
    void release() {
        ByteBuf dropped = bytes;
        bytes = Unpooled.EMPTY_BUFFER;
        dropped.release();
    }
}
