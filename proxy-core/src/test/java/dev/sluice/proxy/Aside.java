package dev.sluice.proxy;

import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * What a test does beside what it does: on a thread of its own. The common pool has as many threads as the machine has
 * cores to spare, which may be one, and of two tasks that wait for each other only one would run.
 */
public final class Aside {
    private Aside() {}

    /** Runs {@code work} on a new thread. */
    public static CompletableFuture<Void> run(Runnable work) {
        return CompletableFuture.runAsync(work, Aside::start);
    }

    /** Computes what {@code work} gives on a new thread. */
    public static <T> CompletableFuture<T> supply(Supplier<T> work) {
        return CompletableFuture.supplyAsync(work, Aside::start);
    }

    private static void start(Runnable work) {
        Thread thread = new Thread(work, "aside");
        thread.setDaemon(true);
        thread.start();
    }
}
