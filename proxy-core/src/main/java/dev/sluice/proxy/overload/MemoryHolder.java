package dev.sluice.proxy.overload;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A connection that holds memory on behalf of a peer, and may be ended for it. In its loop's list from {@link #enter} to
 * {@link #leave}. Belongs to its loop.
 */
public abstract class MemoryHolder {
    @Nullable
    MemoryHolder next;

    @Nullable
    MemoryHolder previous;

    private @Nullable LoopMemory memory;

    /** Takes it into the list of {@code loop}'s. */
    public final void enter(LoopMemory loop) {
        if (memory == null) {
            memory = loop;
            loop.add(this);
        }
    }

    /** Takes it off; does nothing where it is in none. */
    public final void leave() {
        LoopMemory loop = memory;
        memory = null;
        if (loop != null) {
            loop.remove(this);
        }
    }

    /** Bytes that it holds now. */
    protected abstract long heldBytes();

    /**
     * Ends the connection, or those of its streams that hold at least so much, each with {@link MemoryPressure#ending}.
     *
     * @param atLeastBytes what it holds in all is as much or more
     */
    protected abstract void shed(int atLeastBytes, MemoryPressure pressure);

    /** Bytes written to {@code channel} that its socket has not taken. */
    public static long unsentBytes(Channel channel) {
        ChannelOutboundBuffer out = channel.unsafe().outboundBuffer();
        return out == null ? 0 : out.totalPendingWriteBytes();
    }
}
