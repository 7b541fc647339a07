package dev.sluice.proxy.overload;

import io.netty.channel.ChannelConfig;
import io.netty.channel.epoll.EpollSocketChannelConfig;
import org.jspecify.annotations.Nullable;

/**
 * Finds out whether a socket brings bytes in bulk, so that it is worth waiting for many of them ({@link BulkWakes}): it does
 * after {@value #FIRST_READS} reads as large as that, which only one brings that runs ahead of the proxy. A socket that brought
 * little while it was waited for, as large answers to one question after the other do, needs twice as many the next time: so
 * what it sends is late ever more seldom. TCP on epoll only: io_uring reads without being woken. Belongs to its event loop.
 */
final class BulkWaits {
    static final int FIRST_READS = 2;

    /** What has to come while it is waited for, to have been worth it. */
    static final int WORTH_BYTES = 1024 * 1024;

    private static final int MOST_READS = 4096;

    private int needed = FIRST_READS;
    private int large;
    private @Nullable EpollSocketChannelConfig waits;
    /** It wakes for anything again, and leaves with the next look. */
    private boolean over;

    private boolean idle;
    private long bytes;

    /**
     * A read is over.
     *
     * @param read bytes that it brought
     */
    void read(ChannelConfig config, int read) {
        if (waits != null) {
            idle &= read == 0;
            bytes += read;
        } else if (read >= BulkWakes.BYTES && ++large >= needed && config instanceof EpollSocketChannelConfig socket) {
            begin(socket);
        }
    }

    private void begin(EpollSocketChannelConfig socket) {
        BulkWakes wakes = BulkWakes.own();
        if (wakes != null) {
            wakes.add(this, socket);
            waits = socket;
            over = false;
            idle = false;
            bytes = 0;
        }
    }

    /** If it is {@code config}'s socket: less is to come than is waited for. */
    void endIfOf(ChannelConfig config) {
        EpollSocketChannelConfig socket = waits;
        if (socket == config && socket != null && !over) {
            over = true;
            BulkWakes.wakeFor(socket, 1);
        }
    }

    /** If nothing came since this was asked last, ends the wait and says whose it was; else null. */
    @Nullable
    EpollSocketChannelConfig endIfIdle() {
        if (!idle && !over) {
            idle = true;
            return null;
        }
        EpollSocketChannelConfig ended = waits;
        waits = null;
        large = 0;
        if (!over) {
            needed = bytes >= WORTH_BYTES ? FIRST_READS : Math.min(MOST_READS, needed * 2);
        }
        return ended;
    }
}
