package dev.sluice.proxy.codec.http1.connection;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The one time limit that applies to a connection now. Setting it costs a look at the clock: a task that is already
 * scheduled is kept, and when it finds the limit moved, it goes to sleep again. Only a limit that ends earlier than the
 * task would look is scheduled anew.
 *
 * <p>Belongs to the connection's event loop.
 */
final class ConnectionDeadline implements Runnable {
    private final EventExecutor loop;
    private final Runnable onExpiry;
    private boolean armed;
    private long deadline;
    private long looksAt;
    private @Nullable Future<?> task;

    /** A deadline that is not set yet. */
    ConnectionDeadline(EventExecutor loop, Runnable onExpiry) {
        this.loop = loop;
        this.onExpiry = onExpiry;
    }

    /** Replaces the limit: {@code onExpiry} runs in {@code millis} from now. */
    void in(long millis) {
        armed = true;
        deadline = loop.ticker().nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        if (task == null) {
            schedule();
        } else if (deadline - looksAt < 0) {
            task.cancel(false);
            schedule();
        }
    }

    /** Lifts the limit. */
    void none() {
        armed = false;
    }

    /** Lifts the limit for good, and lets the loop forget this. */
    void cancel() {
        armed = false;
        if (task != null) {
            task.cancel(false);
            task = null;
        }
    }

    @Override
    public void run() {
        task = null;
        if (!armed) {
            return;
        }
        if (deadline - loop.ticker().nanoTime() <= 0) {
            armed = false;
            onExpiry.run();
        } else {
            schedule();
        }
    }

    private void schedule() {
        looksAt = deadline;
        task = loop.schedule(this, deadline - loop.ticker().nanoTime(), TimeUnit.NANOSECONDS);
    }
}
