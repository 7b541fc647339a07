package dev.sluice.bench.budget;

import com.sun.management.ThreadMXBean;
import dev.sluice.config.source.MissingConfigException;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;

/**
 * Prints what each {@link Operation} allocates, in bytes, as {@code name bytes}. The threads that allocate are all of this
 * process, so that nothing gets away by being done on another one.
 *
 * <p>To be run with C1 alone ({@code -XX:TieredStopAtLevel=1}): C2 takes allocations away where what it inlined lets it, and
 * what it inlines depends on the machine's speed and load. Without it a figure is that of the code as it is written, the
 * same to the byte in each run.
 */
public final class AllocationMeter {
    /** The first rounds load classes, link lambdas and fill caches. */
    private static final int ROUNDS = 6;

    private static final int REPEATS = 500;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private AllocationMeter() {}

    /** Measures all of them. */
    public static void main(String[] arguments) throws IOException, MissingConfigException {
        PrintStream out = System.out;
        for (Operation operation : Operation.all()) {
            try (Operation.Running running = operation.start().start()) {
                out.println(operation.name() + " " + leastBytes(running));
            }
        }
    }

    /** Of the least round, for what happens beside the operation only ever adds to it. */
    private static long leastBytes(Operation.Running running) throws IOException {
        long least = Long.MAX_VALUE;
        for (int round = 0; round < ROUNDS; round++) {
            Allocated before = new Allocated();
            for (int i = 0; i < REPEATS; i++) {
                running.once();
            }
            least = Math.min(least, before.sinceThen());
        }
        return least / REPEATS;
    }

    /** Bytes by thread, in arrays: a map would be garbage of its own between the two looks. */
    private static final class Allocated {
        private final long[] threads = THREADS.getAllThreadIds();
        private final long[] bytes = THREADS.getThreadAllocatedBytes(threads);

        /** Of a thread that has ended nothing is known any more; the operation has none of those. */
        long sinceThen() {
            Allocated now = new Allocated();
            long sum = 0;
            for (int i = 0; i < now.threads.length; i++) {
                // -1 for one that ended just now.
                if (now.bytes[i] >= 0) {
                    sum += now.bytes[i] - of(now.threads[i]);
                }
            }
            return sum;
        }

        private long of(long thread) {
            for (int i = 0; i < threads.length; i++) {
                if (threads[i] == thread) {
                    return Math.max(0, bytes[i]);
                }
            }
            return 0;
        }
    }
}
