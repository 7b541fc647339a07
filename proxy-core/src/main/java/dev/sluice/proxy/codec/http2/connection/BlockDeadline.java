package dev.sluice.proxy.codec.http2.connection;

import dev.sluice.proxy.codec.http2.OpenBlock;
import dev.sluice.proxy.timer.LoopTimers;
import io.netty.channel.EventLoop;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * How long a header block may take, from the read that brought its first frame, or the beginning of it, to its end. A
 * block that comes in one read is not timed at all. Belongs to the connection's event loop.
 */
final class BlockDeadline {
    private final OpenBlock block;
    private final long nanos;
    private final Runnable onExpiry;
    /** The number of the block that {@link #timer} is for; 0 for none. */
    private int timed;

    private LoopTimers.@Nullable Timer timer;

    /** {@code onExpiry} runs when a block has been under way for {@code millis}. */
    BlockDeadline(OpenBlock block, long millis, Runnable onExpiry) {
        this.block = block;
        this.nanos = TimeUnit.MILLISECONDS.toNanos(millis);
        this.onExpiry = onExpiry;
    }

    /** All that a read of the connection of {@code loop} brought was looked at. */
    void readCompleted(EventLoop loop) {
        int open = block.number();
        if (open != timed) {
            cancel();
            timed = open;
            if (open != 0) {
                timer = LoopTimers.of(loop).schedule(nanos, onExpiry);
            }
        }
    }

    /** Nothing is timed any more. */
    void cancel() {
        LoopTimers.Timer set = timer;
        timer = null;
        timed = 0;
        if (set != null) {
            set.cancel();
        }
    }
}
