package dev.sluice.proxy.telemetry.line;

import dev.sluice.proxy.log.Logs;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Asynchronous, bounded way of lines to a stream. Event loops copy a line into a buffer; a thread of its own writes the
 * full buffer out while the other one fills. A line that does not fit is dropped and counted: a full disk or a slow
 * terminal never holds up traffic (spec/reliability.md D14).
 *
 * <p>A failing stream is tried again with every buffer, and said to be failing once, in the process log.
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

    private static final Logger LOG = Logs.of(LineSink.class);
    /** How long a line may wait for company. */
    private static final long MOST_LINGER_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private static final long LEAST_LINGER_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    /**
     * How much company it waits for: more would gain little, and would drive what requests need out of a core's cache, since
     * every line goes to memory that was not touched for as long.
     */
    private static final int BATCH_BYTES = 128 * 1024;

    /** Where the writing thread is woken, which is dearer than a dozen lines: when far more came than it had waited for. */
    private static final int MOST_BATCH_BYTES = 2 * BATCH_BYTES;

    private static final long CLOSE_MILLIS = 2_000;

    private final String name;
    private final Target target;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition work = lock.newCondition();
    private final Condition written = lock.newCondition();
    private final LongAdder dropped = new LongAdder();
    private final int mostBatchBytes;
    private final Thread thread;
    private byte[] filling;
    private byte[] spare;
    private int filled;
    private long queuedBytes;
    private long doneBytes;
    /** The writing thread waits for a line, however long that takes. */
    private boolean idle;

    private boolean flushWanted;
    private boolean reopenWanted;
    private boolean closed;

    // Of the writing thread only.
    private OutputStream out;
    private long lingerNanos = MOST_LINGER_NANOS;
    private boolean failing;
    private long lostWhileFailing;

    /**
     * Opens {@code target} and starts the writing thread.
     *
     * @param name of the thread, and what the process log calls this sink
     * @param capacityBytes of each of the two buffers; a longer line is always dropped
     * @throws IOException when it cannot be opened
     */
    public LineSink(String name, Target target, int capacityBytes) throws IOException {
        this.name = name;
        this.target = target;
        this.filling = new byte[capacityBytes];
        this.spare = new byte[capacityBytes];
        this.mostBatchBytes = Math.min(MOST_BATCH_BYTES, capacityBytes / 2);
        this.out = target.open();
        this.thread = new Thread(this::run, name);
        this.thread.setDaemon(true);
        this.thread.start();
    }

    /** Queues a line; drops and counts it when there is no room. Never waits for the stream. */
    public void write(LogLine line) {
        int size = line.size();
        lock.lock();
        try {
            if (closed || size > filling.length - filled) {
                dropped.increment();
                return;
            }
            int before = filled;
            System.arraycopy(line.array(), 0, filling, filled, size);
            filled += size;
            queuedBytes += size;
            if (idle || (before <= mostBatchBytes && filled > mostBatchBytes)) {
                idle = false;
                work.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Lines that were dropped for want of room, or may not have arrived, since the start. */
    public long dropped() {
        return dropped.sum();
    }

    /** Opens the target again before the next write, for log rotation; keeps the old stream where that fails. */
    public void reopen() {
        lock.lock();
        try {
            reopenWanted = true;
            work.signal();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until everything queued so far was handed to the stream.
     *
     * @return false when {@code timeoutMillis} passed before
     */
    public boolean flush(long timeoutMillis) throws InterruptedException {
        long left = TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
        lock.lock();
        try {
            long goal = queuedBytes;
            while (doneBytes < goal) {
                if (left <= 0) {
                    return false;
                }
                flushWanted = true;
                work.signal();
                left = written.awaitNanos(left);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes no further line, writes what is queued and closes the stream.
     *
     * @return false when the stream took longer than two seconds; it is then left to its thread, a daemon
     */
    public boolean close() throws InterruptedException {
        lock.lock();
        try {
            closed = true;
            work.signal();
        } finally {
            lock.unlock();
        }
        thread.join(CLOSE_MILLIS);
        return !thread.isAlive();
    }

    private void run() {
        int size = 0;
        try {
            do {
                size = takeBuffer(size);
                if (takeReopen()) {
                    reopenTarget();
                }
                if (size > 0) {
                    writeSpare(size);
                }
            } while (size > 0 || !isClosed());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            close(out);
        }
    }

    /**
     * Waits for work and swaps the buffers; what is to be written is then in {@code spare}.
     *
     * @param justDone bytes of the buffer that was written before
     */
    private int takeBuffer(int justDone) throws InterruptedException {
        lock.lock();
        try {
            doneBytes += justDone;
            written.signalAll();
            awaitBatch();
            flushWanted = false;
            int size = filled;
            byte[] full = filling;
            filling = spare;
            spare = full;
            filled = 0;
            return size;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Lets a burst gather into one write: for as long as the last batch says that the next one will take. Who writes lines need
     * not wake anybody as long as they come.
     */
    private void awaitBatch() throws InterruptedException {
        long leftNanos = lingerNanos;
        while (filled <= mostBatchBytes && !closed && !reopenWanted && !flushWanted) {
            if (leftNanos > 0) {
                leftNanos = work.awaitNanos(leftNanos);
            } else if (filled > 0) {
                break;
            } else {
                idle = true;
                work.await();
                lingerNanos = MOST_LINGER_NANOS;
                leftNanos = lingerNanos;
            }
        }
        idle = false;
        long wantedNanos = filled == 0 ? MOST_LINGER_NANOS : lingerNanos * BATCH_BYTES / filled;
        lingerNanos = Math.max(LEAST_LINGER_NANOS, Math.min(wantedNanos, MOST_LINGER_NANOS));
    }

    private void writeSpare(int size) {
        try {
            if (failing) {
                // The write that failed may have left half a line behind.
                out.write('\n');
            }
            out.write(spare, 0, size);
            out.flush();
            if (failing) {
                failing = false;
                LOG.log(Level.INFO, name + " can be written again; about " + lostWhileFailing + " lines are lost");
                lostWhileFailing = 0;
            }
        } catch (IOException e) {
            int lines = 0;
            for (int i = 0; i < size; i++) {
                if (spare[i] == '\n') {
                    lines++;
                }
            }
            dropped.add(lines);
            lostWhileFailing += lines;
            if (!failing) {
                failing = true;
                LOG.log(Level.WARNING, name + " cannot be written, lines are dropped until it can: " + e.getMessage());
            }
        }
    }

    private void reopenTarget() {
        try {
            OutputStream fresh = target.open();
            close(out);
            out = fresh;
        } catch (IOException e) {
            LOG.log(Level.WARNING, name + " cannot be opened again, the old one stays: " + e.getMessage());
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

    private void close(OutputStream stream) {
        try {
            stream.close();
        } catch (IOException e) {
            // Everything was flushed before, so no line is lost by it.
            LOG.log(Level.DEBUG, name + " was not closed cleanly: " + e.getMessage());
        }
    }
}
