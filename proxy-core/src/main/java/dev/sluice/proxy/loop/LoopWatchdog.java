package dev.sluice.proxy.loop;

import dev.sluice.proxy.log.Logs;
import io.netty.channel.IoHandlerFactory;
import io.netty.util.concurrent.Ticker;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Watches the event loops of one transport. The loops time their own turns, so that no block goes uncounted; the thread here
 * looks {@value #BUSY_MILLIS} ms after {@value #BUSY_MILLIS} ms (less and less often, down to {@value #IDLE_MILLIS} ms, while
 * all of them wait) where a loop is stuck, and logs.
 *
 * <p>The thread is a daemon and ends with the last of the loops.
 */
public final class LoopWatchdog {
    static final int BUSY_MILLIS = 25;
    static final int IDLE_MILLIS = 400;

    private static final Logger LOG = Logs.of(LoopWatchdog.class);

    private final LongSupplier nanos;
    private final List<LoopReport> reports = new CopyOnWriteArrayList<>();
    private volatile @Nullable Thread thread;
    private int added;
    private long lookedNanos;
    private long pauseNanos = TimeUnit.MILLISECONDS.toNanos(BUSY_MILLIS);

    /** Watches nobody yet. */
    public LoopWatchdog() {
        this(Ticker.systemTicker()::nanoTime);
    }

    /** @param nanos what time it is, as the tickers of the loops tell it */
    LoopWatchdog(LongSupplier nanos) {
        this.nanos = nanos;
        this.lookedNanos = nanos.getAsLong();
    }

    /** What {@code netty} makes, watched. Loops are numbered as they are made. */
    public IoHandlerFactory watching(IoHandlerFactory netty) {
        return TimedIo.watched(netty, this);
    }

    /** Begins to look, once all loops are made. */
    public void start() {
        lookedNanos = nanos.getAsLong();
        Thread own = new Thread(this::run, "sluice-watchdog");
        own.setDaemon(true);
        thread = own;
        own.start();
    }

    /** The clocks of loops that have not ended. */
    public List<TurnClock> clocks() {
        return reports.stream().map(LoopReport::clock).toList();
    }

    synchronized TurnClock add() {
        TurnClock clock = new TurnClock(added++, nanos);
        reports.add(new LoopReport(clock, nanos.getAsLong()));
        return clock;
    }

    void remove(TurnClock ended) {
        reports.removeIf(report -> report.clock() == ended);
        // It ends at once with the last of them; null, where it was never started, is nobody.
        LockSupport.unpark(thread);
    }

    private void run() {
        while (!reports.isEmpty()) {
            LockSupport.parkNanos(this, pauseNanos);
            try {
                look();
            } catch (RuntimeException e) {
                // It must not end for that: the loops are watched by nobody else.
                LOG.log(Level.ERROR, "The watchdog failed", e);
            }
        }
    }

    /** Looks once. Watchdog thread. */
    void look() {
        long now = nanos.getAsLong();
        // What stands still with the loops is the process: a collection of garbage, or no processor to run on.
        long lateNanos = Math.max(0, now - lookedNanos - pauseNanos);
        boolean busy = false;
        for (LoopReport report : reports) {
            busy |= report.look(now, lateNanos);
        }
        pauseNanos = TimeUnit.MILLISECONDS.toNanos(
                busy ? BUSY_MILLIS : Math.min(IDLE_MILLIS, TimeUnit.NANOSECONDS.toMillis(pauseNanos) * 2));
        lookedNanos = nanos.getAsLong();
    }

    /** How long it rests before it looks again. */
    long pauseNanos() {
        return pauseNanos;
    }
}
