package dev.sluice.proxy.upstream.names;

import dev.sluice.proxy.log.Logs;
import dev.sluice.proxy.upstream.names.DnsResolver.Listener;
import dev.sluice.proxy.upstream.names.NameResolver.Answer;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One name that is kept resolved. Event loop of the {@link DnsResolver}. */
final class WatchedName {
    private static final Logger LOG = Logs.of(WatchedName.class);
    private static final long MIN_SECONDS = 1;
    /** RFC 8767, section 4: a time to live beyond a week is not to be believed. */
    private static final long MAX_SECONDS = TimeUnit.DAYS.toSeconds(7);

    private final String host;
    private final EventLoop loop;
    private final NameResolver names;
    private final Duration refresh;
    private final List<Listener> listeners = new ArrayList<>(1);
    private @Nullable Answer lastGood;
    private @Nullable String failure;
    private @Nullable ScheduledFuture<?> next;

    WatchedName(String host, EventLoop loop, NameResolver names, Duration refresh) {
        this.host = host;
        this.loop = loop;
        this.names = names;
        this.refresh = refresh;
    }

    /** Tells {@code listener} what is known and, the first time, asks. */
    void add(Listener listener) {
        listeners.add(listener);
        if (lastGood != null) {
            listener.resolved(lastGood.addresses());
        }
        if (failure != null) {
            listener.failed(failure);
        }
        if (listeners.size() == 1) {
            ask();
        }
    }

    /** True when nobody is left; it asks no more then. */
    boolean remove(Listener listener) {
        if (!listeners.remove(listener) || !listeners.isEmpty()) {
            return false;
        }
        if (next != null) {
            next.cancel(false);
        }
        return true;
    }

    private void ask() {
        names.resolve(host)
                .whenComplete((answer, failed) -> loop.execute(() -> {
                    if (listeners.isEmpty()) {
                        return;
                    }
                    if (failed == null) {
                        answered(answer);
                    } else {
                        failed(NameResolver.reason(failed));
                    }
                }));
    }

    private void answered(Answer answer) {
        if (failure != null) {
            LOG.log(Level.INFO, "{0} resolves again", host);
        }
        failure = null;
        lastGood = answer;
        long ttl = answer.ttl().toSeconds();
        askAgainIn(ttl == 0 ? refresh : Duration.ofSeconds(Math.max(MIN_SECONDS, Math.min(MAX_SECONDS, ttl))));
        List.copyOf(listeners).forEach(listener -> listener.resolved(answer.addresses()));
    }

    private void failed(String reason) {
        if (failure == null) {
            LOG.log(
                    Level.WARNING,
                    "Cannot resolve {0}, {1}: {2}",
                    host,
                    lastGood == null ? "it has no address" : "its last addresses stay",
                    reason);
        }
        failure = reason;
        askAgainIn(refresh);
        List.copyOf(listeners).forEach(listener -> listener.failed(reason));
    }

    private void askAgainIn(Duration delay) {
        next = loop.schedule(this::ask, delay.toNanos(), TimeUnit.NANOSECONDS);
    }
}
