package dev.sluice.proxy.loop;

import io.netty.channel.IoHandlerContext;
import io.netty.util.concurrent.FastThreadLocal;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Times the turns of one event loop: two readings of the clock a turn, which the kernel's page of time answers without a
 * call, and two stores. A turn of more than {@value #LIMIT_MILLIS} ms is a block.
 *
 * <p>Written by the loop. Others see whether it is in a turn, since when, and its blocks; what they see is whole, as the
 * number of the turn is read before and after the rest (a sequence lock: Hans Boehm, "Can seqlocks get along with programming
 * language memory models?", 2012).
 */
public final class TurnClock {
    /** How long a turn may last, in milliseconds. */
    public static final int LIMIT_MILLIS = 10;

    static final long LIMIT_NANOS = TimeUnit.MILLISECONDS.toNanos(LIMIT_MILLIS);

    private static final FastThreadLocal<TurnClock> OWN = new FastThreadLocal<>();
    private static final VarHandle TURN = field("turn", long.class);
    private static final VarHandle SINCE = field("since", long.class);

    private final int number;
    private final LongSupplier nanos;
    private final Blocks blocks;
    /** Odd within a turn, even while the loop waits. */
    private long turn;

    private long since;
    private volatile @Nullable Thread thread;
    private @Nullable Timing timing;
    private @Nullable WorkerLoop loop;

    TurnClock(int number, LongSupplier nanos) {
        this.number = number;
        this.nanos = nanos;
        this.blocks = new Blocks(nanos);
    }

    private static VarHandle field(String name, Class<?> type) {
        try {
            return MethodHandles.lookup().findVarHandle(TurnClock.class, name, type);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** Which loop it is, from 0. */
    public int number() {
        return number;
    }

    /** Turns that were too long. Any thread. */
    public Blocks blocks() {
        return blocks;
    }

    // ---- the loop

    /** The calling thread is the loop's. */
    void begin() {
        thread = Thread.currentThread();
        OWN.set(this);
    }

    /** That of the calling thread's loop; null where it is no event loop's that is timed. */
    public static @Nullable TurnClock own() {
        return OWN.getIfExists();
    }

    /** Tells {@code own}, whose turns these are, when each began. */
    void tells(WorkerLoop own) {
        loop = own;
    }

    /** The wait is over. */
    void woke() {
        long before = turn;
        if ((before & 1) == 0) {
            long now = nanos.getAsLong();
            SINCE.setRelease(this, now);
            if (loop != null) {
                loop.woke(now);
            }
            TURN.setRelease(this, before + 1);
        }
    }

    /** The loop is about to wait. */
    void waits() {
        long now = turn;
        if ((now & 1) != 0) {
            long took = nanos.getAsLong() - since;
            TURN.setRelease(this, now + 1);
            if (took > LIMIT_NANOS) {
                blocks.add(took);
            }
        }
    }

    /** {@code netty} itself, and this is told when the wait is over. */
    IoHandlerContext timing(IoHandlerContext netty) {
        Timing held = timing;
        if (held == null || held.netty != netty) {
            held = new Timing(netty, this);
            timing = held;
        }
        return held;
    }

    // ---- whoever looks

    /** The number of the turn: odd within one, even while the loop waits. */
    public long turn() {
        return (long) TURN.getAcquire(this);
    }

    /** When the turn began that is the last or the present one; only of use if {@link #turn} is the same before and after. */
    long sinceNanos() {
        return (long) SINCE.getAcquire(this);
    }

    /** Null before the loop has run. */
    @Nullable
    Thread thread() {
        return thread;
    }

    private record Timing(IoHandlerContext netty, TurnClock clock) implements IoHandlerContext {
        @Override
        public boolean canBlock() {
            return netty.canBlock();
        }

        @Override
        public long delayNanos(long currentTimeNanos) {
            return netty.delayNanos(currentTimeNanos);
        }

        @Override
        public long deadlineNanos() {
            return netty.deadlineNanos();
        }

        @Override
        public void reportActiveIoTime(long activeNanos) {
            netty.reportActiveIoTime(activeNanos);
        }

        @Override
        public boolean shouldReportActiveIoTime() {
            clock.woke();
            return netty.shouldReportActiveIoTime();
        }
    }
}
