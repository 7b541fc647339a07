package dev.sluice.proxy.codec.http2.connection;

import dev.sluice.proxy.codec.http2.FrameWriter;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Exception;
import java.util.ArrayDeque;

/**
 * Flushes an HTTP/2 connection once a turn of its event loop, however much was written in it: at the end of a read, or in a
 * task that the loop runs before it waits again. Belongs to the connection's event loop.
 */
final class H2Flush implements Runnable {
    private final H2Handler handler;
    private final FrameWriter writer;
    private final ArrayDeque<H2WriteSide> writableAgain = new ArrayDeque<>();
    private boolean reading;
    private boolean scheduled;
    private boolean flushing;
    private boolean again;

    H2Flush(H2Handler handler, FrameWriter writer) {
        this.handler = handler;
        this.writer = writer;
    }

    /** What is written from now on is flushed at {@link #endRead}. */
    void beginRead() {
        reading = true;
    }

    /** The read is over, and a flush follows. */
    void endRead() {
        reading = false;
    }

    /** Something was written: it is flushed at the end of the read, or of this turn of the event loop. */
    void written() {
        if (!reading && !scheduled) {
            scheduled = true;
            handler.context().executor().execute(this);
        }
    }

    @Override
    public void run() {
        scheduled = false;
        handler.flush(handler.context());
    }

    /** {@code stream} takes data again; it is told once the frames being written are. */
    void writableAgain(H2WriteSide stream) {
        writableAgain.add(stream);
    }

    /**
     * As Netty's own flush, with the frames that we hold back, and telling the streams whose data went out; not from inside
     * the writing, whose sums it would upset.
     */
    void flush(ChannelHandlerContext ctx) {
        if (flushing) {
            // Going into it once more would never end: the flush that runs goes round once more.
            again = true;
            return;
        }
        flushing = true;
        try {
            do {
                again = false;
                handler.encoder().flowController().writePendingBytes();
                writer.pass(ctx);
                ctx.flush();
            } while (again);
        } catch (Http2Exception | RuntimeException e) {
            handler.onError(ctx, true, e);
        } finally {
            flushing = false;
        }
        for (H2WriteSide stream = writableAgain.poll(); stream != null; stream = writableAgain.poll()) {
            stream.tellWritable();
        }
    }
}
