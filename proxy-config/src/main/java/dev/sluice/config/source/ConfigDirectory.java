package dev.sluice.config.source;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Watches a configuration and loads it again when it changes. The system's file events wake it at once; because they
 * miss some changes (a swapped link above a folder, a network file system), it also looks by itself every two seconds. A
 * change is loaded once it has come to rest, so that a file half written or a ConfigMap half swapped is not read, and one
 * swap is one load.
 *
 * <p>The listener is called on the watcher's own thread, one call at a time.
 */
public final class ConfigDirectory implements AutoCloseable {
    private static final long POLL_NANOS = TimeUnit.SECONDS.toNanos(2);
    /** Looking at a large configuration takes time: so many times as long is waited between two looks. */
    private static final long LOOK_SHARE = 50;

    private static final long QUIET_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    /** Changes that never come to rest (something writes all the time) are loaded after so many looks. */
    private static final int MAX_LOOKS = 10;

    private final ConfigLoader loader;
    private final Listener listener;
    private final FileEvents events;
    private final Thread thread;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition woken = lock.newCondition();
    private boolean changed;
    private boolean asked;
    private boolean closed;

    /** Hears of every load. */
    public interface Listener {
        /** The configuration changed, or a reload was asked for. */
        void loaded(LoadResult result);

        /** {@link #loaded} threw; watching goes on. */
        void failed(RuntimeException cause);
    }

    private ConfigDirectory(ConfigLoader loader, Listener listener) {
        this.loader = loader;
        this.listener = listener;
        this.events = new FileEvents(() -> wake(false));
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
        directory.events.watch(loader.list().folders());
        directory.thread.start();
        return directory;
    }

    /** Loads again soon and calls the listener even if nothing changed; does not wait for it. */
    public void reloadNow() {
        wake(true);
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

    private void wake(boolean ask) {
        lock.lock();
        try {
            changed = true;
            asked |= ask;
            woken.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        long pause = POLL_NANOS;
        while (pause(pause, true)) {
            long start = System.nanoTime();
            boolean reload = takeAsked();
            Listing listing = loader.list();
            pause = Math.max(POLL_NANOS, (System.nanoTime() - start) * LOOK_SHARE);
            if (reload || loader.outdated(listing)) {
                Listing settled = settle(listing);
                if (settled == null) {
                    return;
                }
                load(settled, reload);
            }
            // A busy folder (an argument may lie in /tmp) has events all the time; looks keep their distance.
            pause(QUIET_NANOS, false);
        }
    }

    private void load(Listing listing, boolean always) {
        try {
            LoadResult result = always ? loader.reload() : loader.update(listing);
            events.watch(listing.folders());
            if (result != null) {
                listener.loaded(result);
            }
        } catch (RuntimeException e) {
            listener.failed(e);
        }
    }

    /** Looks until two looks agree; null when closed meanwhile. */
    private @Nullable Listing settle(Listing first) {
        Listing last = first;
        for (int i = 0; i < MAX_LOOKS; i++) {
            if (!pause(QUIET_NANOS, false)) {
                return null;
            }
            Listing now = loader.list();
            if (now.equals(last)) {
                break;
            }
            last = now;
        }
        return last;
    }

    private boolean takeAsked() {
        lock.lock();
        try {
            boolean was = asked;
            asked = false;
            changed = false;
            return was;
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
