package dev.sluice.proxy.overload;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;

/**
 * Tells a writer when the socket has taken all that it wrote: what it waits for while memory is short, when a write buffer
 * filled to its mark would be too much. One a channel, on its event loop.
 */
public final class TakenSignal {
    private boolean awaited;

    /**
     * Flushes, and says whether everything written through {@code ctx} is with the socket now. If not, {@code then} is run
     * once it is, or once the channel is closed; never within this call.
     */
    public boolean isTaken(ChannelHandlerContext ctx, Runnable then) {
        if (awaited) {
            return false;
        }
        ctx.flush();
        if (MemoryHolder.unsentBytes(ctx.channel()) == 0) {
            return true;
        }
        awaited = true;
        boolean[] asking = {true};
        ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(done -> {
            awaited = false;
            if (!asking[0]) {
                then.run();
            }
        });
        asking[0] = false;
        return !awaited;
    }
}
