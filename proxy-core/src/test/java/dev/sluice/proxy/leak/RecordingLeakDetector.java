package dev.sluice.proxy.leak;

import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakTracker;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Netty's leak detector with a memory. Netty makes one for each kind of resource when the system property {@code
 * io.netty.customResourceLeakDetector} names this class (proxy-core's pom does, for every test JVM).
 *
 * <p>Netty itself only logs, and only when something is allocated after the collector has seen the leak: a leak of the
 * last test would go unnoticed, and a log line fails nothing. {@link #sweep()} closes the first hole and {@link
 * FailOnLeaks} the second.
 *
 * @param <T> the kind of resource
 */
public final class RecordingLeakDetector<T> extends ResourceLeakDetector<T> {
    private static final long GC_TIMEOUT_MILLIS = 120_000;
    private static final Set<RecordingLeakDetector<?>> DETECTORS = ConcurrentHashMap.newKeySet();
    private static final Queue<String> LEAKS = new ConcurrentLinkedQueue<>();

    /** Called by Netty, by reflection. */
    public RecordingLeakDetector(Class<?> resourceType, int samplingInterval) {
        super(resourceType, samplingInterval);
        DETECTORS.add(this);
    }

    /** Not called any more, but Netty logs an error when it finds no such constructor. */
    public RecordingLeakDetector(Class<?> resourceType, int samplingInterval, long maxActive) {
        this(resourceType, samplingInterval);
    }

    /** Leaks are recorded whatever the logger's level is. */
    @Override
    protected boolean needReport() {
        return true;
    }

    @Override
    protected void reportTracedLeak(String resourceType, String records) {
        super.reportTracedLeak(resourceType, records);
        LEAKS.add("LEAK: " + resourceType + records);
    }

    @Override
    protected void reportUntracedLeak(String resourceType) {
        super.reportUntracedLeak(resourceType);
        LEAKS.add("LEAK: " + resourceType);
    }

    /**
     * Collects garbage, has every detector look at what was collected, and returns all leaks seen so far.
     *
     * @throws InterruptedException when interrupted while the collector works
     * @throws IllegalStateException if the collector does not run, so that nothing could be said about leaks
     */
    public static List<String> sweep() throws InterruptedException {
        // Twice: an object with a finalizer or a cleaner in front of a buffer frees it in the second round only.
        collect();
        collect();
        for (RecordingLeakDetector<?> detector : DETECTORS) {
            detector.look();
        }
        return List.copyOf(LEAKS);
    }

    /** For the test of this class, which leaks on purpose. */
    static void forget(String leakStart) {
        LEAKS.removeIf(leak -> leak.startsWith(leakStart));
    }

    /** Tracking something new is what makes Netty report the old. */
    @SuppressWarnings("unchecked") // the detector never uses the resource as a T
    private void look() {
        T resource = (T) new Object();
        ResourceLeakTracker<T> tracker = track(resource);
        if (tracker != null) {
            tracker.close(resource);
        }
    }

    /**
     * Returns once references cleared by a collection have been queued: the references are queued by a thread of the
     * JVM's some time after System.gc() returns.
     */
    private static void collect() throws InterruptedException {
        ReferenceQueue<Object> queue = new ReferenceQueue<>();
        WeakReference<Object> canary = new WeakReference<>(new Object(), queue);
        System.gc();
        if (queue.remove(GC_TIMEOUT_MILLIS) != canary) {
            throw new IllegalStateException("no garbage collection within " + GC_TIMEOUT_MILLIS + " ms of System.gc()");
        }
    }
}
