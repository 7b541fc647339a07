package dev.sluice.proxy.overload;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;
import org.jspecify.annotations.Nullable;

/**
 * How large the buffer of a read is: as large as what the reads before it brought, within limits, and small while memory is
 * short. This is asked when a socket has something, not when reading it was decided on: a thousand connections may have been
 * asked for when there was room for all.
 *
 * <p>Grows at once when a read fills its buffer, and shrinks after two that did not fill a quarter of it. A connection that
 * fills the largest goes on with one of {@link BulkBuffers}, and wakes its loop less often ({@link BulkWakes}).
 * Immutable; any thread. What it makes belongs to the loop of its channel.
 */
public final class ReadSizes extends DefaultMaxMessagesRecvByteBufAllocator {
    /** The one for every connection. */
    public static final ReadSizes ADAPTIVE = new ReadSizes(MemoryPressure.process());

    private static final int SMALLEST = 256;
    private static final int FIRST = 2 * 1024;
    private static final int LARGEST = 64 * 1024;
    /** While memory is tight. */
    private static final int TIGHT = 4 * 1024;
    /** While it is so short that connections are ended for it. */
    private static final int SHEDDING = 1024;

    private final MemoryPressure pressure;

    ReadSizes(MemoryPressure pressure) {
        this.pressure = pressure;
    }

    /**
     * Says how much is still to come on {@code channel} of one message: for its end nobody should wait as in bulk. On its loop.
     *
     * @param bytes that are to come
     */
    public static void expect(Channel channel, long bytes) {
        if (bytes < BulkWakes.BYTES) {
            BulkWakes.endOf(channel.config());
        }
    }

    @Override
    @SuppressWarnings("deprecation") // the type that Netty's signature names
    public RecvByteBufAllocator.Handle newHandle() {
        return new Sizes();
    }

    private final class Sizes extends MaxMessageHandle {
        private int size = FIRST;
        private boolean smallBefore;
        private @Nullable ChannelConfig config;
        private @Nullable BulkWaits waits;

        @Override
        public void reset(ChannelConfig of) {
            super.reset(of);
            config = of;
        }

        @Override
        public int guess() {
            if (!pressure.isTight()) {
                return size;
            }
            return Math.min(size, pressure.isShedding() ? SHEDDING : TIGHT);
        }

        @Override
        public ByteBuf allocate(ByteBufAllocator alloc) {
            int bytes = guess();
            ByteBuf bulk = bytes < LARGEST ? null : BulkBuffers.own().take(alloc, pressure.maxBytes());
            return bulk != null ? bulk : alloc.ioBuffer(bytes);
        }

        @Override
        public void readComplete() {
            int read = totalBytesRead();
            waits(read);
            if (read >= size) {
                size = Math.min(LARGEST, size * 4);
                smallBefore = false;
            } else if (read <= size / 4 && size > SMALLEST) {
                if (smallBefore) {
                    size /= 2;
                }
                smallBefore = !smallBefore;
            } else {
                smallBefore = false;
            }
        }

        private void waits(int read) {
            BulkWaits of = waits;
            ChannelConfig socket = config;
            if (of == null && read >= BulkWakes.BYTES) {
                of = new BulkWaits();
                waits = of;
            }
            if (of != null && socket != null) {
                of.read(socket, read);
            }
        }
    }
}
