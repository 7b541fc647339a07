package dev.sluice.proxy.pool;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Who waits for a connection of one pool, in the order of their arrival. Event loop of the pool. */
final class Line {
    private final ArrayDeque<Waiter> waiters = new ArrayDeque<>();

    boolean isEmpty() {
        return waiters.isEmpty();
    }

    int size() {
        return waiters.size();
    }

    void add(Waiter waiter) {
        waiters.add(waiter);
    }

    void remove(Waiter waiter) {
        waiters.remove(waiter);
    }

    @Nullable
    Waiter oldest() {
        return waiters.peek();
    }

    /** Takes out the first {@code count}. */
    List<Waiter> take(int count) {
        List<Waiter> taken = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            taken.add(waiters.remove());
        }
        return taken;
    }

    /** Whether somebody waits who would take any connection. Who needs a new one waits beside the others. */
    boolean isForAnyConnection() {
        if (waiters.isEmpty()) {
            // Nearly always, and an iterator would be garbage of every request.
            return false;
        }
        for (Waiter waiter : waiters) {
            if (!waiter.attempt.needsNewConnection()) {
                return true;
            }
        }
        return false;
    }

    /** Whose turn it is; a new connection serves first who needs a new one, as a used one cannot. */
    @Nullable
    Waiter firstFor(PooledConnection connection) {
        if (waiters.isEmpty()) {
            return null;
        }
        for (Waiter waiter : waiters) {
            if (waiter.attempt.needsNewConnection() == connection.isNew()) {
                return waiter;
            }
        }
        return connection.isNew() ? waiters.peek() : null;
    }

    /** Who should ask for a permit next: most often the one that has just come; null when all do. */
    @Nullable
    Waiter nextToAsk() {
        Waiter youngest = waiters.peekLast();
        if (youngest == null || !youngest.asksForPermit()) {
            return youngest;
        }
        for (Waiter waiter : waiters) {
            if (!waiter.asksForPermit()) {
                return waiter;
            }
        }
        return null;
    }
}
