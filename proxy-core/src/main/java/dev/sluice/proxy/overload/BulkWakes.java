package dev.sluice.proxy.overload;

import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelException;
import io.netty.channel.epoll.EpollSocketChannelConfig;
import io.netty.channel.unix.IntegerUnixChannelOption;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.FastThreadLocal;
import io.netty.util.concurrent.ScheduledFuture;
import io.netty.util.internal.ThreadExecutorMap;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The sockets of one event loop that wake it for no less than {@value #BYTES} bytes. A proxy that keeps up with a long body
 * is woken for each of its segments, and waking costs both ends more than the segment does: the sender's system call has to
 * interrupt another processor, and what is handed on in small pieces wakes the receiver as often.
 *
 * <p>The system wakes for fewer only where the peer has ended or its buffer is full (SO_RCVLOWAT, socket(7)). So the loop
 * looks every {@value #LOOK_MICROS} µs, and a socket that brought nothing between two looks wakes for every byte again: by
 * about twice that time the last bytes of such a body, or what follows it, may be late. Belongs to its event loop.
 */
final class BulkWakes implements Runnable {
    /** As many are worth waking for. */
    static final int BYTES = 512 * 1024;

    private static final int LOOK_MICROS = 250;

    /** asm-generic/socket.h: SOL_SOCKET and SO_RCVLOWAT, as on all that Netty's epoll is built for. */
    private static final IntegerUnixChannelOption LEAST = new IntegerUnixChannelOption("SO_RCVLOWAT", 1, 18);

    private static final FastThreadLocal<BulkWakes> CURRENT = new FastThreadLocal<>();

    private final EventExecutor loop;
    private final List<BulkWaits> waiting = new ArrayList<>();

    private BulkWakes(EventExecutor loop) {
        this.loop = loop;
    }

    /** Those of the calling thread; null where it is no event loop's. */
    static @Nullable BulkWakes own() {
        EventExecutor loop = ThreadExecutorMap.currentExecutor();
        if (loop == null) {
            return null;
        }
        BulkWakes held = CURRENT.getIfExists();
        if (held == null || held.loop != loop) {
            held = new BulkWakes(loop);
            CURRENT.set(held);
        }
        return held;
    }

    /** {@code socket} wakes for many bytes from now on, until {@link BulkWaits#endIfIdle} says that it brings none. */
    void add(BulkWaits socket, EpollSocketChannelConfig config) {
        wakeFor(config, BYTES);
        waiting.add(socket);
        if (waiting.size() == 1) {
            lookLater();
        }
    }

    /** The socket of {@code config}, if it is one of the calling thread's, wakes for anything again. */
    static void endOf(ChannelConfig config) {
        BulkWakes held = CURRENT.getIfExists();
        if (held != null) {
            for (int i = 0; i < held.waiting.size(); i++) {
                held.waiting.get(i).endIfOf(config);
            }
        }
    }

    private void lookLater() {
        ScheduledFuture<?> unused = loop.schedule(this, LOOK_MICROS, TimeUnit.MICROSECONDS);
    }

    @Override
    public void run() {
        for (int i = waiting.size() - 1; i >= 0; i--) {
            EpollSocketChannelConfig idle = waiting.get(i).endIfIdle();
            if (idle != null) {
                BulkWaits last = waiting.remove(waiting.size() - 1);
                if (i < waiting.size()) {
                    waiting.set(i, last);
                }
                wakeFor(idle, 1);
            }
        }
        if (!waiting.isEmpty()) {
            lookLater();
        }
    }

    /** Has a socket wake for {@code bytes}; for fewer it does so at once, if they are there already. */
    static void wakeFor(EpollSocketChannelConfig config, int bytes) {
        try {
            config.setOption(LEAST, bytes);
        } catch (ChannelException e) {
            // It was closed meanwhile: it wakes for nothing.
            return;
        }
    }
}
