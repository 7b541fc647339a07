package dev.sluice.proxy.overload;

import io.netty.util.concurrent.GlobalEventExecutor;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.util.Comparator;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whether what is live on the heap leaves too little of it. Used memory alone does not tell: it holds garbage up to the next
 * collection. So what the last full collection left is what counts, and the beans that know it are loaded only once the heap
 * has ever been nearly full, off the event loops.
 */
public final class HeapGauge {
    private static final int NEARLY_PERCENT = 85;
    private static final int FULL_PERCENT = 95;

    private final MemoryPressure pressure;
    private volatile boolean looking;
    private @Nullable MemoryPoolMXBean oldest;
    private boolean loaded;

    /** @param pressure is told */
    public HeapGauge(MemoryPressure pressure) {
        this.pressure = pressure;
    }

    /** Looks; the answer is with the pressure a moment later. Never blocks. */
    public void poll() {
        Runtime runtime = Runtime.getRuntime();
        long used = runtime.totalMemory() - runtime.freeMemory();
        if (used < runtime.maxMemory() / 100 * NEARLY_PERCENT) {
            pressure.heapFull(false);
        } else if (!looking) {
            looking = true;
            GlobalEventExecutor.INSTANCE.execute(this::look);
        }
    }

    private void look() {
        try {
            pressure.heapFull(isFull());
        } finally {
            looking = false;
        }
    }

    private boolean isFull() {
        if (!loaded) {
            loaded = true;
            oldest = oldGeneration().orElse(null);
        }
        MemoryPoolMXBean pool = oldest;
        MemoryUsage left = pool == null ? null : pool.getCollectionUsage();
        return left != null && left.getMax() > 0 && left.getUsed() > left.getMax() / 100 * FULL_PERCENT;
    }

    /** The largest pool of the heap, whatever the collector calls it. */
    private static Optional<MemoryPoolMXBean> oldGeneration() {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP && pool.getCollectionUsage() != null)
                .max(Comparator.comparingLong(pool -> pool.getUsage().getMax()));
    }
}
