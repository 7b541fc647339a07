package dev.sluice.proxy.listener;

import dev.sluice.config.plan.ListenerPlan.BindAddress;
import dev.sluice.proxy.exchange.Exchange;
import dev.sluice.proxy.exchange.ExchangeObserver;
import dev.sluice.proxy.log.Logs;
import dev.sluice.proxy.overload.LoopMemory;
import dev.sluice.proxy.overload.MemoryPressure;
import dev.sluice.proxy.snapshot.HttpRuntime;
import dev.sluice.proxy.snapshot.ListenerRuntime;
import dev.sluice.proxy.snapshot.RuntimeSnapshot;
import dev.sluice.proxy.snapshot.SnapshotHolder;
import dev.sluice.proxy.snapshot.Ways;
import dev.sluice.proxy.stream.ErrorCode;
import dev.sluice.proxy.stream.HttpVersion;
import dev.sluice.proxy.stream.ProxyError;
import dev.sluice.proxy.stream.RequestHead;
import dev.sluice.proxy.stream.RequestReader;
import dev.sluice.proxy.stream.ServerStream;
import dev.sluice.proxy.stream.ServerStreamHandler;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Turns the requests of one listener, or of one redirected connection, into exchanges. Shared by all event loops.
 */
final class ExchangeStarter implements ServerStreamHandler {
    private static final Logger LOG = Logs.of(ExchangeStarter.class);

    private final SnapshotHolder snapshots;
    private final BindAddress address;
    private final @Nullable InetSocketAddress dialled;
    private final @Nullable String chain;
    // A pair in one object, so that a racy read sees both of the same swap.
    private Resolved resolved;

    private record Resolved(RuntimeSnapshot snapshot, @Nullable HttpRuntime http) {}

    /**
     * Serves the listener at {@code address}.
     *
     * @param chain that the requests come by; null for its cleartext
     */
    public ExchangeStarter(SnapshotHolder snapshots, BindAddress address, @Nullable String chain) {
        this(snapshots, address, chain, null);
    }

    private ExchangeStarter(
            SnapshotHolder snapshots,
            BindAddress address,
            @Nullable String chain,
            @Nullable InetSocketAddress dialled) {
        this.snapshots = snapshots;
        this.address = address;
        this.chain = chain;
        this.dialled = dialled;
        this.resolved = new Resolved(RuntimeSnapshot.EMPTY, null);
    }

    /** Serves one connection of the listener at {@code address}, redirected from {@code dialled}. */
    static ExchangeStarter redirected(SnapshotHolder snapshots, BindAddress address, InetSocketAddress dialled) {
        return new ExchangeStarter(snapshots, address, null, dialled);
    }

    @Override
    public RequestReader onRequest(RequestHead head, boolean last, ServerStream stream) {
        HttpRuntime http = http();
        ExchangeObserver observer = http == null ? ExchangeObserver.NONE : http.observer();
        Exchange exchange =
                new Exchange(head, last, stream, ThreadLocalRandom.current().nextLong(), observer);
        if (http == null) {
            // The listener left the configuration and this connection is still draining.
            exchange.fail(ProxyError.proxy(ErrorCode.NO_ROUTE, "the listener is no longer configured"));
            return exchange;
        }
        MemoryPressure memory = LoopMemory.of(stream.loop()).pressure();
        if (memory.isShedding()) {
            exchange.fail(memory.refusal());
            return exchange;
        }
        try {
            http.entry().handle(exchange);
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "a stage failed on " + head.method() + " " + address, e);
            exchange.fail(ProxyError.proxy(ErrorCode.INTERNAL, e.toString()));
        }
        return exchange;
    }

    @Override
    public void onBadRequest(ProxyError error, @Nullable RequestHead head, ServerStream stream) {
        unserved(head != null ? head : RequestHead.unread(HttpVersion.HTTP_1_1), stream)
                .fail(error);
    }

    @Override
    public void onResetRequest(ProxyError error, RequestHead head, ServerStream stream) {
        unserved(head, stream).onReset(error);
    }

    private Exchange unserved(RequestHead head, ServerStream stream) {
        HttpRuntime http = http();
        ExchangeObserver observer = http == null ? ExchangeObserver.NONE : http.observer();
        return new Exchange(head, true, stream, ThreadLocalRandom.current().nextLong(), observer);
    }

    @SuppressWarnings("ReferenceEquality") // a snapshot is its identity
    private @Nullable HttpRuntime http() {
        RuntimeSnapshot current = snapshots.current();
        Resolved known = resolved;
        if (known.snapshot != current) {
            known = new Resolved(current, find(current));
            resolved = known;
        }
        return known.http;
    }

    private @Nullable HttpRuntime find(RuntimeSnapshot snapshot) {
        ListenerRuntime listener = snapshot.listener(address);
        if (listener == null || dialled == null) {
            return listener == null ? null : listener.http(chain);
        }
        Ways ways = listener.ways(dialled);
        return ways == null ? null : ways.requests();
    }
}
