package dev.sluice.proxy.upstream.names;

import dev.sluice.proxy.upstream.Transport;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * What a program on this machine would get: DNS as Netty asks it, and where that fails the platform's own resolver. DNS is
 * set up with the first question, on a thread of its own: it reads the system's configuration and loads much code, which
 * neither a start nor an event loop has time for.
 */
public final class SystemNameResolver implements NameResolver, AutoCloseable {
    private final Transport transport;
    private final JdkNameResolver platform = new JdkNameResolver();
    private @Nullable NettyNameResolver dns;
    private @Nullable CompletableFuture<NameResolver> both;
    private boolean closed;

    /** Asks over {@code transport}'s channels. */
    public SystemNameResolver(Transport transport) {
        this.transport = transport;
    }

    @Override
    public CompletionStage<Answer> resolve(String host) {
        return opened().thenCompose(resolver -> resolver.resolve(host));
    }

    private synchronized CompletableFuture<NameResolver> opened() {
        if (both == null) {
            CompletableFuture<NameResolver> opening = new CompletableFuture<>();
            Thread thread = new Thread(() -> open(opening), "sluice-dns-start");
            thread.setDaemon(true);
            both = opening;
            thread.start();
        }
        return both;
    }

    private void open(CompletableFuture<NameResolver> opening) {
        try {
            NettyNameResolver opened = new NettyNameResolver(transport);
            if (keep(opened)) {
                opening.complete(opened.orElse(platform));
            } else {
                opened.close();
                opening.completeExceptionally(new CancellationException("the resolver is closed"));
            }
        } catch (RuntimeException | Error e) {
            // Every question hears of it; the platform alone would answer differently without anybody knowing why.
            opening.completeExceptionally(e);
        }
    }

    /** False when nobody needs it any more. */
    private synchronized boolean keep(NettyNameResolver opened) {
        if (!closed) {
            dns = opened;
        }
        return !closed;
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (dns != null) {
            dns.close();
        }
        platform.close();
    }
}
