package dev.sluice.proxy.codec.http2.connection;

import dev.sluice.proxy.log.Logs;
import dev.sluice.proxy.overload.LoopMemory;
import dev.sluice.proxy.overload.MemoryHolder;
import dev.sluice.proxy.overload.MemoryPressure;
import dev.sluice.proxy.stream.ProxyError;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Stream;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/** The memory of an HTTP/2 connection: that of its streams, which are ended one by one, and what its socket does not take. */
final class H2Holder extends MemoryHolder {
    private static final Logger LOG = Logs.of(H2Holder.class);

    private final H2Handler handler;

    H2Holder(H2Handler handler) {
        this.handler = handler;
    }

    void enter(ChannelHandlerContext ctx) {
        enter(LoopMemory.of(ctx.executor()));
    }

    /** Whether the connection may hold little only. */
    boolean isTight() {
        return LoopMemory.of(handler.context().executor()).isTight();
    }

    /** Tells of a failure that is not the socket's; that there was no memory is told where such things are. */
    void report(Throwable cause) {
        if (cause instanceof OutOfMemoryError none) {
            ProxyError unused =
                    LoopMemory.of(handler.context().executor()).pressure().exhausted(none);
        } else if (!(cause instanceof IOException)) {
            LOG.log(Level.ERROR, "Unexpected failure on " + handler.context().channel(), cause);
        }
    }

    @Override
    protected long heldBytes() {
        long[] sum = {unsent()};
        each(stream -> sum[0] += stream.heldBytes());
        return sum[0];
    }

    @Override
    protected void shed(int atLeastBytes, MemoryPressure pressure) {
        if (unsent() >= atLeastBytes) {
            // Frames of all streams, which cannot be taken back.
            ProxyError error = pressure.ending();
            each(stream -> stream.abort(error));
            ChannelFuture unused = handler.context().close();
            return;
        }
        each(stream -> {
            if (stream.heldBytes() >= atLeastBytes) {
                stream.shed(pressure);
            }
        });
    }

    private long unsent() {
        return unsentBytes(handler.context().channel());
    }

    private interface Visitor {
        void visit(H2Stream stream);
    }

    private void each(Visitor visitor) {
        try {
            Http2Stream all = handler.connection().forEachActiveStream(stream -> {
                H2Stream owner = handler.events().owner(stream);
                if (owner != null) {
                    visitor.visit(owner);
                }
                return true;
            });
            assert all == null : "No stream ends the walk";
        } catch (Http2Exception e) {
            throw new IllegalStateException("The visitor throws none", e);
        }
    }
}
