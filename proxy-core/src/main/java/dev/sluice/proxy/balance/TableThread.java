package dev.sluice.proxy.balance;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The thread that fills hash tables, one after the other, while event loops go on with the tables they have. It is there
 * only while there is something to fill, and keeps no process alive.
 */
final class TableThread {
    private static final long IDLE_SECONDS = 1;

    private TableThread() {}

    /** Runs what it is given in order. */
    static final Executor INSTANCE = start();

    private static Executor start() {
        ThreadPoolExecutor executor =
                new ThreadPoolExecutor(1, 1, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), work -> {
                    Thread thread = new Thread(work, "sluice-hash-tables");
                    thread.setDaemon(true);
                    return thread;
                });
        executor.allowCoreThreadTimeOut(true);
        return executor;
    }
}
