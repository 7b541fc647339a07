package dev.sluice.proxy.timer;

import dev.sluice.proxy.log.Logs;
import dev.sluice.proxy.loop.LoopTime;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.FastThreadLocal;
import io.netty.util.concurrent.ScheduledFuture;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A hashed timing wheel per event loop (Varghese and Lauck, "Hashed and Hierarchical Timing Wheels", 1987, scheme 6):
 * setting and cancelling cost the same with a hundred thousand timers pending as with a hundred, where the loop's own
 * queue is a heap. The loop is woken for occupied slots only, so an idle wheel costs nothing.
 *
 * <p>Of many that are due together as many are fired as fit into {@value #BURST_MILLIS} ms; the others follow in the loop's next
 * turns, so that a thousand requests that time out at once do not keep it from its sockets.
 *
 * <p>Resolution is {@value #TICK_MILLIS} ms; a timer never fires early. An action that throws is logged and keeps no other
 * timer from firing. Time is the loop's own ticker, which tests freeze.
 */
public final class LoopTimers {
    /** Width of a slot in milliseconds. */
    public static final int TICK_MILLIS = 4;

    /** How long timers may keep a turn of the loop, in milliseconds. */
    static final int BURST_MILLIS = 2;

    private static final Logger LOG = Logs.of(LoopTimers.class);
    private static final int SLOTS = 1024;
    private static final int MASK = SLOTS - 1;
    private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(TICK_MILLIS);
    private static final long BURST_NANOS = TimeUnit.MILLISECONDS.toNanos(BURST_MILLIS);
    /** The clock is read once for so many. A power of two. */
    private static final int FIRED_PER_LOOK = 16;

    /** Keeps sums of a delay and a time from running over. */
    private static final long MAX_DELAY_NANOS = TimeUnit.DAYS.toNanos(36_500);

    private static final FastThreadLocal<LoopTimers> CURRENT = new FastThreadLocal<>();

    private final EventLoop loop;
    private final long originNanos;
    private final Timer[] slots = new Timer[SLOTS];
    private final long[] occupied = new long[SLOTS / Long.SIZE];
    private long currentTick;
    private long wakeTick = Long.MAX_VALUE;
    private @Nullable ScheduledFuture<?> wake;
    private int pending;
    /** Taken off the wheel and not fired yet; most often empty. */
    private @Nullable Timer due;

    private @Nullable Timer lastDue;
    private boolean goesOn;

    private LoopTimers(EventLoop loop) {
        this.loop = loop;
        this.originNanos = loop.ticker().nanoTime();
    }

    /** The wheel of {@code loop}, which must be the calling thread's. */
    public static LoopTimers of(EventLoop loop) {
        LoopTimers held = CURRENT.getIfExists();
        if (held == null || held.loop != loop) {
            held = new LoopTimers(loop);
            CURRENT.set(held);
        }
        return held;
    }

    /**
     * Calls {@code action} on this loop once {@code delayNanos} have passed since what is {@linkplain LoopTime now} for it.
     *
     * @param delayNanos values below one tick wait one tick, values beyond a century wait a century
     */
    public Timer schedule(long delayNanos, Runnable action) {
        long now = LoopTime.nanos(loop) - originNanos;
        long dueNanos = now + Math.max(0, Math.min(MAX_DELAY_NANOS, delayNanos));
        long tick = (dueNanos + TICK_NANOS - 1) / TICK_NANOS;
        if (pending == 0) {
            currentTick = now / TICK_NANOS;
        }
        tick = Math.max(tick, currentTick + 1);
        Timer timer = new Timer(this, tick, action);
        insert(timer);
        if (tick < wakeTick) {
            wakeAt(tick);
        }
        return timer;
    }

    /** Timers that are set and neither fired nor cancelled. */
    public int pending() {
        return pending;
    }

    private long nowNanos() {
        return loop.ticker().nanoTime() - originNanos;
    }

    private void insert(Timer timer) {
        int slot = (int) (timer.tick & MASK);
        Timer head = slots[slot];
        timer.next = head;
        if (head != null) {
            head.previous = timer;
        }
        slots[slot] = timer;
        timer.linked = true;
        occupied[slot >> 6] |= 1L << slot;
        pending++;
    }

    private void unlink(Timer timer) {
        int slot = (int) (timer.tick & MASK);
        Timer next = timer.next;
        Timer previous = timer.previous;
        if (next != null) {
            next.previous = previous;
        }
        if (previous != null) {
            previous.next = next;
        } else {
            slots[slot] = next;
            if (next == null) {
                occupied[slot >> 6] &= ~(1L << slot);
            }
        }
        timer.next = null;
        timer.previous = null;
        timer.linked = false;
        pending--;
    }

    private void wakeAt(long tick) {
        if (wake != null) {
            wake.cancel(false);
        }
        wakeTick = tick;
        long delay = Math.max(0, tick * TICK_NANOS - nowNanos());
        wake = loop.schedule(this::run, delay, TimeUnit.NANOSECONDS);
    }

    private void run() {
        LoopTime.look(loop);
        wake = null;
        wakeTick = Long.MAX_VALUE;
        long now = nowNanos() / TICK_NANOS;
        long first = Math.max(currentTick + 1, now - MASK);
        currentTick = now;
        // All that are due are taken off before any is fired: an action may set or cancel timers of the same slots.
        for (long tick = first; tick <= now; tick++) {
            if (isOccupied((int) (tick & MASK))) {
                takeDue((int) (tick & MASK), now);
            }
        }
        if (!goesOn) {
            fire();
        }
        scheduleNext();
    }

    /** Puts those of {@code slot} whose time has come behind what is due already, in the order in which they were set. */
    private void takeDue(int slot, long now) {
        Timer timer = slots[slot];
        Timer first = null;
        Timer last = null;
        while (timer != null) {
            Timer next = timer.next;
            if (timer.tick <= now) {
                unlink(timer);
                timer.next = first;
                first = timer;
                last = last == null ? timer : last;
            }
            timer = next;
        }
        if (last == null) {
            return;
        }
        Timer before = lastDue;
        if (before == null) {
            due = first;
        } else {
            before.next = first;
        }
        lastDue = last;
    }

    private void fire() {
        goesOn = false;
        LoopTime.look(loop);
        long startNanos = nowNanos();
        int fired = 0;
        Timer timer;
        while ((timer = due) != null) {
            if (++fired % FIRED_PER_LOOK == 0 && nowNanos() - startNanos >= BURST_NANOS) {
                goesOn = true;
                // Scheduled, not executed: the loop runs whatever is executed before it looks at its sockets.
                ScheduledFuture<?> unused = loop.schedule(this::fire, 0, TimeUnit.NANOSECONDS);
                return;
            }
            due = timer.next;
            lastDue = due == null ? null : lastDue;
            timer.next = null;
            timer.fire();
        }
    }

    private void scheduleNext() {
        if (pending == 0) {
            return;
        }
        for (int i = 1; i <= SLOTS; i++) {
            long tick = currentTick + i;
            int slot = (int) (tick & MASK);
            if ((slot & 63) == 0 && i + 63 <= SLOTS && occupied[slot >> 6] == 0) {
                i += 63;
            } else if (isOccupied(slot)) {
                if (tick < wakeTick) {
                    wakeAt(tick);
                }
                return;
            }
        }
    }

    private boolean isOccupied(int slot) {
        return (occupied[slot >> 6] & (1L << slot)) != 0;
    }

    /** One set timer. */
    public static final class Timer {
        private final LoopTimers wheel;
        private final long tick;
        private @Nullable Runnable action;
        private @Nullable Timer next;
        private @Nullable Timer previous;
        // In a slot. One that is due has left it and uses next for the chain of those that fire together.
        private boolean linked;

        private Timer(LoopTimers wheel, long tick, Runnable action) {
            this.wheel = wheel;
            this.tick = tick;
            this.action = action;
        }

        /** Keeps it from firing; no effect once it has. */
        public void cancel() {
            action = null;
            if (linked) {
                wheel.unlink(this);
            }
        }

        private void fire() {
            Runnable due = action;
            action = null;
            if (due == null) {
                return;
            }
            try {
                due.run();
            } catch (Throwable e) {
                // The wheel has to go on turning: every deadline of this loop hangs on it.
                LOG.log(Level.ERROR, "A timer's action failed", e);
            }
        }
    }
}
