package dev.sluice.proxy.listener;

import dev.sluice.config.plan.ListenerPlan.BindAddress;
import dev.sluice.proxy.exchange.Exchange;
import dev.sluice.proxy.exchange.ExchangeObserver;
import dev.sluice.proxy.snapshot.ListenerRuntime;
import dev.sluice.proxy.snapshot.RuntimeSnapshot;
import dev.sluice.proxy.snapshot.SnapshotHolder;
import dev.sluice.proxy.snapshot.Ways;
import dev.sluice.proxy.stream.ErrorCode;
import dev.sluice.proxy.stream.H1Headers;
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
public final class ExchangeStarter implements ServerStreamHandler {
    private static final Logger LOG = System.getLogger(ExchangeStarter.class.getName());

    private final SnapshotHolder snapshots;
    private final BindAddress address;
    private final @Nullable InetSocketAddress dialled;
    // A pair in one object, so that a racy read sees both of the same swap.
    private Resolved resolved;

    private record Resolved(RuntimeSnapshot snapshot, @Nullable ListenerRuntime listener) {}

    /** Serves the listener at {@code address}. */
    public ExchangeStarter(SnapshotHolder snapshots, BindAddress address) {
        this(snapshots, address, null);
    }

    /**
     * Serves one connection of the listener at {@code address}.
     *
     * @param dialled where the connection was redirected from; null for all connections of a listener that is connected to
     */
    ExchangeStarter(SnapshotHolder snapshots, BindAddress address, @Nullable InetSocketAddress dialled) {
        this.snapshots = snapshots;
        this.address = address;
        this.dialled = dialled;
        this.resolved = new Resolved(RuntimeSnapshot.EMPTY, null);
    }

    @Override
    public RequestReader onRequest(RequestHead head, boolean last, ServerStream stream) {
        ListenerRuntime listener = listener();
        ExchangeObserver observer = listener == null ? ExchangeObserver.NONE : listener.observer();
        Exchange exchange =
                new Exchange(head, last, stream, ThreadLocalRandom.current().nextLong(), observer);
        if (listener == null) {
            // The listener left the configuration and this connection is still draining.
            exchange.fail(ProxyError.proxy(ErrorCode.NO_ROUTE, "the listener is no longer configured"));
            return exchange;
        }
        try {
            listener.entry().handle(exchange);
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "a stage failed on " + head.method() + " " + address, e);
            exchange.fail(ProxyError.proxy(ErrorCode.INTERNAL, e.toString()));
        }
        return exchange;
    }

    @Override
    public void onBadRequest(ProxyError error, @Nullable RequestHead head, ServerStream stream) {
        ListenerRuntime listener = listener();
        ExchangeObserver observer = listener == null ? ExchangeObserver.NONE : listener.observer();
        RequestHead known = head != null
                ? head
                : RequestHead.builder(HttpVersion.HTTP_1_1, "-", "-", H1Headers.create())
                        .build();
        new Exchange(known, true, stream, ThreadLocalRandom.current().nextLong(), observer).fail(error);
    }

    @SuppressWarnings("ReferenceEquality") // a snapshot is its identity
    private @Nullable ListenerRuntime listener() {
        RuntimeSnapshot current = snapshots.current();
        Resolved known = resolved;
        if (known.snapshot != current) {
            known = new Resolved(current, find(current));
            resolved = known;
        }
        return known.listener;
    }

    private @Nullable ListenerRuntime find(RuntimeSnapshot snapshot) {
        ListenerRuntime listener = snapshot.listener(address);
        if (listener == null || dialled == null) {
            return listener;
        }
        Ways ways = listener.ways(dialled);
        return ways == null ? null : ways.http();
    }
}
