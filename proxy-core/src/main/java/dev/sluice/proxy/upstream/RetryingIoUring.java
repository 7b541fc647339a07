package dev.sluice.proxy.upstream;

import dev.sluice.proxy.loop.ForwardingIo;
import io.netty.channel.IoEvent;
import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoRegistration;
import io.netty.channel.uring.IoUringIoEvent;
import io.netty.channel.uring.IoUringIoHandle;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * Netty's io_uring, cured of one habit: on a socket that it connected it waits for ever for room when the peer has ended its
 * side. (One that it accepted blocks, so that the kernel waits.)
 *
 * <p>The kernel ends any wait for an event as soon as the peer has sent FIN, also one for room (io_uring's poll always looks
 * for EPOLLRDHUP as well). Netty tells by the event which of its waits has ended, takes this one for the wait for FIN, and
 * goes on as if the one for room were still under way: nothing more is written until the connection is closed, and not all is
 * let go of then.
 *
 * <p>The wait for FIN ends first, for it began first, and once. Any later end by FIN alone is that of a wait for room. To
 * begin it again would end it at once; so the write is tried again after a while, {@value #SHORTEST_MILLIS} ms, and twice as
 * long after each try that the socket takes nothing of, up to {@value #LONGEST_MILLIS} ms. Seen in 4.2.18; {@code HalfClosedPeerIT}
 * tells when a later version no longer needs this.
 */
final class RetryingIoUring extends ForwardingIo {
    private static final int SHORTEST_MILLIS = 1;
    private static final int LONGEST_MILLIS = 128;
    /** IORING_OP_POLL_ADD of linux/io_uring.h. */
    private static final byte POLL_ADD = 6;

    private static final int POLLIN = 1;
    private static final int POLLOUT = 4;
    private static final int POLLRDHUP = 0x2000;

    private final EventExecutor loop;

    private RetryingIoUring(IoHandler netty, EventExecutor loop) {
        super(netty);
        this.loop = loop;
    }

    static IoHandlerFactory newFactory() {
        IoHandlerFactory netty = IoUringIoHandler.newFactory();
        return loop -> new RetryingIoUring(netty.newHandler(loop), (EventExecutor) loop);
    }

    @Override
    public IoRegistration register(IoHandle handle) throws Exception {
        return super.register(new Retrying((IoUringIoHandle) handle, loop));
    }

    /** A channel. Belongs to its event loop. */
    @SuppressWarnings("try") // Netty's close() may throw anything
    private static final class Retrying implements IoUringIoHandle {
        private final IoUringIoHandle netty;
        private final EventExecutor loop;
        private int pauseMillis = SHORTEST_MILLIS;
        private boolean endKnown;
        private boolean unregistered;

        Retrying(IoUringIoHandle netty, EventExecutor loop) {
            this.netty = netty;
            this.loop = loop;
        }

        @Override
        public void handle(IoRegistration registration, IoEvent event) {
            IoUringIoEvent completed = (IoUringIoEvent) event;
            int result = completed.res();
            if (completed.opcode() != POLL_ADD) {
                if (result > 0) {
                    pauseMillis = SHORTEST_MILLIS;
                }
            } else if (result > 0 && (result & (POLLIN | POLLOUT | POLLRDHUP)) == POLLRDHUP) {
                if (endKnown) {
                    writeLater(registration, completed.userData());
                    return;
                }
                endKnown = true;
            }
            netty.handle(registration, event);
        }

        private void writeLater(IoRegistration registration, long userData) {
            IoUringIoEvent room = new IoUringIoEvent(POLLOUT, 0, POLL_ADD, userData);
            // Of a channel that is closed meanwhile, too: it is let go of when its last wait has ended.
            Runnable tell = () -> {
                if (!unregistered) {
                    netty.handle(registration, room);
                }
            };
            ScheduledFuture<?> unused = loop.schedule(tell, pauseMillis, TimeUnit.MILLISECONDS);
            pauseMillis = Math.min(LONGEST_MILLIS, 2 * pauseMillis);
        }

        @Override
        public void registered() {
            netty.registered();
        }

        @Override
        public void unregistered() {
            unregistered = true;
            netty.unregistered();
        }

        @Override
        public void close() throws Exception {
            netty.close();
        }
    }
}
