package dev.sluice.proxy.upstream.names;

import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The platform's own resolver, which also knows what is not DNS (nsswitch, mDNS, a VPN's resolver). It blocks, so it has
 * two threads of its own; what they cannot get to is refused. It tells no time to live.
 */
public final class JdkNameResolver implements NameResolver, AutoCloseable {
    private static final int THREADS = 2;
    private static final int WAITING = 256;

    private final ExecutorService threads;

    /** Starts no thread before the first question. */
    public JdkNameResolver() {
        ThreadPoolExecutor executor = new ThreadPoolExecutor(
                THREADS,
                THREADS,
                30,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(WAITING),
                new DefaultThreadFactory("sluice-names", true));
        executor.allowCoreThreadTimeOut(true);
        this.threads = executor;
    }

    @Override
    public CompletionStage<Answer> resolve(String host) {
        try {
            return CompletableFuture.supplyAsync(() -> ask(host), threads);
        } catch (RejectedExecutionException e) {
            return CompletableFuture.failedStage(e);
        }
    }

    private static Answer ask(String host) {
        try {
            return new Answer(List.of(InetAddress.getAllByName(host)), Duration.ZERO);
        } catch (UnknownHostException e) {
            throw new CompletionException(e);
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
