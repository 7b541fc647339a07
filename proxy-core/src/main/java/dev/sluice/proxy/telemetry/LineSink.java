package dev.sluice.proxy.telemetry;

import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Asynchronous, bounded way of lines to a stream. Event loops copy a line into a buffer; a thread of its own writes the
 * full buffer out while the other one fills. A line that does not fit is dropped and counted: a full disk or a slow
 * terminal never holds up traffic (spec/reliability.md D14).
 *
 * <p>Thread-safe.
 */
public final class LineSink {
    /** Opens what is written to; called again on {@link #reopen}. */
    @FunctionalInterface
    public interface Target {
        /** A stream that this sink may close. */
        OutputStream open() throws IOException;
    }

    private static final long LINGER_NANOS = 20_000_000;

    private final Target target;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition work = lock.newCondition();
    private final Condition written = lock.newCondition();
    private final LongAdder dropped = new LongAdder();
    private final Thread thread;
    private byte[] filling;
    private byte[] spare;
    private int filled;
    private boolean writing;
    private boolean flushWanted;
    private boolean reopenWanted;
    private boolean closed;

    /**
     * Opens {@code target} and starts the writing thread.
     *
     * @param capacityBytes of each of the two buffers
     * @throws IOException when it cannot be opened
     */
    public LineSink(String name, Target target, int capacityBytes) throws IOException {
        this.target = target;
        this.filling = new byte[capacityBytes];
        this.spare = new byte[capacityBytes];
        OutputStream out = target.open();
        this.thread = new Thread(() -> run(out), name);
        this.thread.setDaemon(true);
        this.thread.start();
    }

    /** Queues a line; drops and counts it when there is no room. */
    public void write(LogLine line) {
        int size = line.size();
        lock.lock();
        try {
            if (closed || size > filling.length - filled) {
                dropped.increment();
                return;
            }
            boolean wasEmpty = filled == 0;
            System.arraycopy(line.array(), 0, filling, filled, size);
            filled += size;
            if (wasEmpty || filled > filling.length / 2) {
                work.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Lines dropped since the start. */
    public long dropped() {
        return dropped.sum();
    }

    /** Opens the target again before the next write, for log rotation. */
    public void reopen() {
        lock.lock();
        try {
            reopenWanted = true;
            work.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until everything queued so far was handed to the stream. */
    public void flush() throws InterruptedException {
        lock.lock();
        try {
            while ((filled > 0 || writing) && thread.isAlive()) {
                flushWanted = true;
                work.signal();
                if (written.awaitNanos(LINGER_NANOS) <= 0 && !thread.isAlive()) {
                    return;
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** Writes what is queued, then closes the stream. */
    public void close() throws InterruptedException {
        lock.lock();
        try {
            closed = true;
            work.signal();
        } finally {
            lock.unlock();
        }
        thread.join(2_000);
    }

    private void run(OutputStream first) {
        OutputStream out = first;
        try {
            while (true) {
                int size = takeBuffer();
                if (takeReopen()) {
                    out = reopened(out);
                }
                if (size > 0) {
                    writeSpare(out, size);
                } else if (isClosed()) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            closeQuietly(out);
        }
    }

    /** Waits for work and swaps the buffers; what is to be written is then in {@code spare}. */
    private int takeBuffer() throws InterruptedException {
        lock.lock();
        try {
            writing = false;
            written.signalAll();
            while (filled == 0 && !closed && !reopenWanted) {
                work.await();
            }
            // Let a burst gather into one write.
            long lingerNanos = LINGER_NANOS;
            while (lingerNanos > 0 && filled > 0 && filled <= filling.length / 2 && !closed && !flushWanted) {
                lingerNanos = work.awaitNanos(lingerNanos);
            }
            flushWanted = false;
            int size = filled;
            byte[] full = filling;
            filling = spare;
            spare = full;
            filled = 0;
            writing = size > 0;
            return size;
        } finally {
            lock.unlock();
        }
    }

    private void writeSpare(OutputStream out, int size) {
        try {
            out.write(spare, 0, size);
            out.flush();
        } catch (IOException e) {
            // A full disk: count the lines as lost and go on, the next buffer may fit again.
            int lines = 0;
            for (int i = 0; i < size; i++) {
                if (spare[i] == '\n') {
                    lines++;
                }
            }
            dropped.add(lines);
        }
    }

    private OutputStream reopened(OutputStream old) {
        try {
            OutputStream fresh = target.open();
            closeQuietly(old);
            return fresh;
        } catch (IOException e) {
            // Keep writing to the old file rather than nowhere.
            return old;
        }
    }

    private boolean takeReopen() {
        lock.lock();
        try {
            boolean wanted = reopenWanted;
            reopenWanted = false;
            return wanted;
        } finally {
            lock.unlock();
        }
    }

    private boolean isClosed() {
        lock.lock();
        try {
            return closed && filled == 0;
        } finally {
            lock.unlock();
        }
    }

    private static void closeQuietly(@Nullable OutputStream out) {
        if (out == null || out == System.out) {
            return;
        }
        try {
            out.close();
        } catch (IOException e) {
            // Everything was flushed before; there is nobody left to tell.
            assert e != null;
        }
    }
}
