package dev.sluice.proxy.snapshot;

/** The snapshot in force. A request reads it once and keeps what it found. Thread-safe. */
public final class SnapshotHolder {
    private volatile RuntimeSnapshot current = RuntimeSnapshot.EMPTY;

    /** The snapshot in force. */
    public RuntimeSnapshot current() {
        return current;
    }

    /** Puts {@code next} in force. */
    public void swap(RuntimeSnapshot next) {
        current = next;
    }
}
