package dev.sluice.config.source;

import dev.sluice.config.crd.VirtualService;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Watches a configuration and loads it again when it changes. The system's file events wake it at once and say where to
 * look; because they miss some changes (a swapped link above a folder, a network file system), it also looks at everything
 * by itself every two seconds.
 *
 * <p>A change is loaded once it has come to rest, so that a file half written or a ConfigMap half swapped is not read, and
 * one swap is one load. Where events tell of every write, 10 ms without one are rest; what may be half a change all the
 * same ({@link ConfigLoader#isDoubtful}) has 60 ms more, and a change that no event told 100 ms.
 *
 * <p>The listener is called on the watcher's own thread, one call at a time.
 */
public final class ConfigDirectory implements AutoCloseable {
    private static final long POLL_NANOS = TimeUnit.SECONDS.toNanos(2);
    /** Looking at a large configuration takes time: so many times as long is waited between two looks at everything. */
    private static final long LOOK_SHARE = 50;

    private static final long REST_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final long DOUBTFUL_NANOS = TimeUnit.MILLISECONDS.toNanos(60);
    private static final long UNTOLD_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    /** Something writes all the time (an argument may lie in /tmp): so many times as long as a turn took is paused. */
    private static final long TURN_SHARE = 4;
    /** Changes that never come to rest are loaded after so long. */
    private static final long RESTLESS_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final ConfigLoader loader;
    private final Listener listener;
    private final FileEvents events;
    private final Thread thread;

    /** The next look at everything is due so long after {@link #lookedAt}; the watcher's own. */
    private long poll = POLL_NANOS;

    private long lookedAt;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition woken = lock.newCondition();
    private Set<Path> paths = new HashSet<>();
    private boolean changed;
    private boolean anywhere;
    private boolean asked;
    private boolean closed;

    /** Hears of every load. */
    public interface Listener {
        /** The configuration changed, or a reload was asked for. */
        void loaded(LoadResult result);

        /** {@link #loaded} threw; watching goes on. */
        void failed(RuntimeException cause);

        /** What was loaded last became lean; see {@link ConfigLoader#release}. */
        default void released(Map<VirtualService, VirtualService> others) {}

        /** What was let go of by that is garbage now. */
        default void rested() {}
    }

    /**
     * Why a turn begins.
     *
     * @param told whether an event or somebody asking is the reason, rather than that time has passed
     * @param asked whether somebody asked
     * @param paths what changed; empty when that is not known
     */
    private record Reason(boolean told, boolean asked, Set<Path> paths) {}

    private ConfigDirectory(ConfigLoader loader, Listener listener) {
        this.loader = loader;
        this.listener = listener;
        this.events = new FileEvents(changes -> wake(changes, false));
        this.thread = new Thread(this::run, "sluice-config-watch");
        thread.setDaemon(true);
    }

    /**
     * Begins to watch what {@code loader} loads.
     *
     * @param loader has loaded once
     */
    public static ConfigDirectory watch(ConfigLoader loader, Listener listener) {
        ConfigDirectory directory = new ConfigDirectory(loader, listener);
        directory.events.watch(loader.lastListing().folders());
        // What changed since it was loaded no event tells.
        directory.wake(Set.of(), false);
        directory.thread.start();
        return directory;
    }

    /** Loads again soon and calls the listener even if nothing changed; does not wait for it. */
    public void reloadNow() {
        wake(Set.of(), true);
    }

    /** Ends watching; a load under way is finished first. No call of the listener follows. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            woken.signalAll();
        } finally {
            lock.unlock();
        }
        events.close();
        boolean interrupted = false;
        while (thread != Thread.currentThread() && thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void wake(Set<Path> where, boolean ask) {
        lock.lock();
        try {
            changed = true;
            anywhere |= where.isEmpty();
            paths.addAll(where);
            asked |= ask;
            woken.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void release() {
        try {
            if (exchange()) {
                listener.rested();
            }
        } catch (RuntimeException e) {
            listener.failed(e);
        }
    }

    /** By itself, for what says which trees are let go of holds them. */
    private boolean exchange() {
        Map<VirtualService, VirtualService> leaner = loader.release();
        if (leaner.isEmpty()) {
            return false;
        }
        listener.released(leaner);
        return true;
    }

    private void run() {
        release();
        lookedAt = System.nanoTime();
        while (pause(Math.max(1, poll - (System.nanoTime() - lookedAt)), true)) {
            long took = turn();
            if (took < 0) {
                return;
            }
            pause(Math.min(UNTOLD_NANOS, Math.max(REST_NANOS, took * TURN_SHARE)), false);
        }
    }

    /**
     * Looks, and loads what changed. By itself, for what a loop has in its hands stays reachable while it waits: a listing of
     * ten thousand files is megabytes.
     *
     * @return how many nanoseconds it took, from when the change had come to rest; negative when closed meanwhile
     */
    private long turn() {
        long start = System.nanoTime();
        boolean due = start - lookedAt >= poll;
        Reason reason = take(true);
        Set<Path> where = due ? Set.of() : reason.paths();
        Listing listing = loader.list(loader.lastListing(), where);
        if (where.isEmpty()) {
            lookedAt = System.nanoTime();
            poll = Math.max(POLL_NANOS, (lookedAt - start) * LOOK_SHARE);
        }
        if (reason.asked() || loader.outdated(listing)) {
            Listing settled = settle(listing, reason);
            if (settled == null) {
                return -1;
            }
            start = System.nanoTime();
            if (load(settled, reason.asked())) {
                release();
            }
        }
        return System.nanoTime() - start;
    }

    /** Whether there was something new. */
    private boolean load(Listing listing, boolean always) {
        try {
            LoadResult result = always ? loader.reload() : loader.update(listing);
            events.watch(listing.folders());
            if (result == null) {
                return false;
            }
            listener.loaded(result);
            return true;
        } catch (RuntimeException e) {
            listener.failed(e);
            return false;
        }
    }

    /** Looks until nothing moves any more; null when closed meanwhile. */
    private @Nullable Listing settle(Listing first, Reason reason) {
        long end = System.nanoTime() + RESTLESS_NANOS;
        long rest = reason.told() ? REST_NANOS : UNTOLD_NANOS;
        Set<Path> where = new HashSet<>(reason.paths());
        boolean everywhere = where.isEmpty();
        Listing last = first;
        while (pause(rest, false)) {
            Reason more = take(false);
            everywhere |= more.told() && more.paths().isEmpty();
            where.addAll(more.paths());
            Listing now = loader.list(last, everywhere ? Set.of() : where);
            boolean still = now.equals(last);
            last = now;
            if (System.nanoTime() - end > 0 || (still && (rest != REST_NANOS || !loader.isDoubtful(now)))) {
                return now;
            }
            rest = still ? DOUBTFUL_NANOS : reason.told() ? REST_NANOS : UNTOLD_NANOS;
        }
        return null;
    }

    /** What has happened since the last call; who asks may be left for the next turn. */
    private Reason take(boolean withAsked) {
        lock.lock();
        try {
            Reason reason = new Reason(changed, asked && withAsked, anywhere ? Set.of() : paths);
            changed = asked && !withAsked;
            asked = asked && !withAsked;
            anywhere = false;
            paths = new HashSet<>();
            return reason;
        } finally {
            lock.unlock();
        }
    }

    /** Waits, for a change at most so long or just so long; false when closed. */
    private boolean pause(long nanos, boolean endsAtChange) {
        lock.lock();
        try {
            long left = nanos;
            while (left > 0 && !closed && !(endsAtChange && changed)) {
                left = woken.awaitNanos(left);
            }
            return !closed;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }
}
