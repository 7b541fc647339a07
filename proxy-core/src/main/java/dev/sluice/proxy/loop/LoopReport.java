package dev.sluice.proxy.loop;

import dev.sluice.proxy.log.Logs;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What the watchdog saw of one event loop, and what it logs of it: at once where a turn has lasted a second and goes on; else a
 * line for all blocks since the last one, {@value #SILENCE_SECONDS} s apart at least. A line says what the loop was in, where
 * the watchdog came while it was stuck.
 *
 * <p>In the first {@value #COLD_SECONDS} s code is loaded and interpreted: of the blocks of that time those below a
 * second are counted but not logged. Watchdog thread.
 */
final class LoopReport {
    static final int SILENCE_SECONDS = 60;
    static final int COLD_SECONDS = 10;
    static final int LONG_MILLIS = 100;
    static final int STUCK_MILLIS = 1_000;

    private static final Logger LOG = Logs.of(LoopWatchdog.class);
    private static final int FRAMES = 16;
    private static final long SILENCE_NANOS = TimeUnit.SECONDS.toNanos(SILENCE_SECONDS);
    private static final long COLD_NANOS = TimeUnit.SECONDS.toNanos(COLD_SECONDS);

    private final TurnClock clock;
    private final long startNanos;
    private long turnSeen;
    private long turnSampled;
    private long turnStuck;
    private @Nullable String place;
    private long processLateNanos;
    private boolean logged;
    private long loggedNanos;

    LoopReport(TurnClock clock, long nowNanos) {
        this.clock = clock;
        this.startNanos = nowNanos;
    }

    TurnClock clock() {
        return clock;
    }

    /**
     * Looks at the loop.
     *
     * @param lateNanos how late the watchdog itself is
     * @return whether the loop did anything since the last look
     */
    boolean look(long nowNanos, long lateNanos) {
        long turn = clock.turn();
        boolean busy = turn != turnSeen || isWithin(turn);
        turnSeen = turn;
        boolean stuck = isStuck(turn, nowNanos);
        boolean untold = clock.blocks().hasUntold();
        if (lateNanos > TurnClock.LIMIT_NANOS && (stuck || untold)) {
            processLateNanos = Math.max(processLateNanos, lateNanos);
        }
        if (untold && (!logged || nowNanos - loggedNanos >= SILENCE_NANOS)) {
            tell(nowNanos);
        }
        return busy;
    }

    /** Whether the turn has lasted too long already. */
    private boolean isStuck(long turn, long nowNanos) {
        long lasts = nowNanos - clock.sinceNanos();
        if (!isWithin(turn) || lasts <= TurnClock.LIMIT_NANOS || clock.turn() != turn) {
            return false;
        }
        sample(turn);
        if (lasts >= TimeUnit.MILLISECONDS.toNanos(STUCK_MILLIS) && turnStuck != turn) {
            turnStuck = turn;
            LOG.log(
                    Level.WARNING,
                    "Event loop {0} has been blocked for {1} ms and still is{2}",
                    clock.number(),
                    TimeUnit.NANOSECONDS.toMillis(lasts),
                    in());
        }
        return true;
    }

    private static boolean isWithin(long turn) {
        return (turn & 1) != 0;
    }

    /** Notes once a turn what the loop is in. */
    private void sample(long turn) {
        Thread thread = clock.thread();
        if (turn == turnSampled || thread == null) {
            return;
        }
        turnSampled = turn;
        StackTraceElement[] frames = thread.getStackTrace();
        // It may have gone on meanwhile; then the frames are of something else.
        if (clock.turn() == turn && frames.length > 0) {
            place = text(frames);
        }
    }

    private static String text(StackTraceElement[] frames) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < frames.length && i < FRAMES; i++) {
            text.append(i == 0 ? "" : " < ").append(frames[i]);
        }
        return text.toString();
    }

    private void tell(long nowNanos) {
        Blocks.Untold untold = clock.blocks().takeUntold();
        long longest = TimeUnit.NANOSECONDS.toMillis(untold.longestNanos());
        boolean isLong = longest >= LONG_MILLIS;
        if (longest >= STUCK_MILLIS || nowNanos - startNanos > COLD_NANOS) {
            logged = true;
            loggedNanos = nowNanos;
            LOG.log(
                    isLong ? Level.WARNING : Level.INFO,
                    "Event loop {0} was blocked {1} times, for {2} ms at most{3}{4}",
                    clock.number(),
                    untold.count(),
                    longest,
                    in(),
                    processLate());
        }
        place = null;
        processLateNanos = 0;
    }

    private String in() {
        return place == null ? "" : "; it was in " + place;
    }

    private String processLate() {
        return processLateNanos == 0
                ? ""
                : "; the process as a whole stood still for " + TimeUnit.NANOSECONDS.toMillis(processLateNanos)
                        + " ms (garbage collection, or no processor to run on)";
    }
}
