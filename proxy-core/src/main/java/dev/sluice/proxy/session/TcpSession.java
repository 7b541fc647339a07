package dev.sluice.proxy.session;

import dev.sluice.config.plan.chain.TcpRoutePlan.TcpDestination;
import dev.sluice.proxy.cluster.Cluster;
import dev.sluice.proxy.cluster.Endpoint;
import dev.sluice.proxy.stream.ConnectionTls;
import dev.sluice.proxy.stream.DownstreamConnection;
import dev.sluice.proxy.stream.ProxyError;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/** One connection that carries bytes, and what became of it. Plain fields; its event loop only. */
public final class TcpSession {
    private final DownstreamConnection downstream;
    private final TcpObserver observer;
    private final long startedMillis = System.currentTimeMillis();
    private final long startedNanos;
    private @Nullable TcpDestination destination;
    private @Nullable Cluster cluster;
    private @Nullable Endpoint endpoint;
    private @Nullable SocketAddress upstreamLocal;
    private @Nullable SocketAddress upstreamRemote;
    private @Nullable ConnectionTls upstreamTls;
    private boolean connected;
    private int connects;
    private long received;
    private long sent;
    private long reportedReceived;
    private long reportedSent;
    private long endNanos;
    private @Nullable ProxyError error;
    private boolean ended;

    /** @param nowNanos the event loop's clock */
    public TcpSession(DownstreamConnection downstream, TcpObserver observer, long nowNanos) {
        this.downstream = downstream;
        this.observer = observer;
        this.startedNanos = nowNanos;
    }

    // ---- what happens to it

    /** Its route has been chosen, and of that its destination. */
    public void routed(TcpDestination chosen) {
        this.destination = chosen;
    }

    /** The cluster that the destination names. */
    public void cluster(Cluster found) {
        this.cluster = found;
    }

    /** A connect to this endpoint begins. */
    public void connecting(Endpoint picked) {
        this.endpoint = picked;
        this.connects++;
    }

    /**
     * The connect came about.
     *
     * @param tls null for clear text, or for TLS that is carried unopened
     */
    public void connected(SocketAddress local, SocketAddress remote, @Nullable ConnectionTls tls) {
        this.upstreamLocal = local;
        this.upstreamRemote = remote;
        this.upstreamTls = tls;
        this.connected = true;
        observer.onOpen(this);
    }

    /** Bytes came from the client. */
    public void received(int bytes) {
        received += bytes;
    }

    /** Bytes came from the upstream and go to the client. */
    public void sent(int bytes) {
        sent += bytes;
    }

    /** Tells the observer of bytes that it does not know of yet; false when there are none. */
    public boolean report() {
        long newReceived = received - reportedReceived;
        long newSent = sent - reportedSent;
        if (newReceived == 0 && newSent == 0) {
            return false;
        }
        reportedReceived = received;
        reportedSent = sent;
        observer.onBytes(this, newReceived, newSent);
        return true;
    }

    /**
     * It is over. Only the first call counts.
     *
     * @param why null when both sides closed in order
     */
    public void end(@Nullable ProxyError why, long nowNanos) {
        if (ended) {
            return;
        }
        ended = true;
        error = why;
        endNanos = nowNanos;
        report();
        observer.onEnd(this);
    }

    // ---- what is known of it

    /** The client's connection. */
    public DownstreamConnection downstream() {
        return downstream;
    }

    /** Wall clock at its beginning. */
    public long startedMillis() {
        return startedMillis;
    }

    /** From its beginning to its end. */
    public long durationNanos() {
        return endNanos - startedNanos;
    }

    /** Where it was sent; null when it was closed before that was known. */
    public @Nullable TcpDestination destination() {
        return destination;
    }

    /** The cluster that it was sent to; null when there is none of that name. */
    public @Nullable Cluster cluster() {
        return cluster;
    }

    /** The endpoint last tried; null for none. */
    public @Nullable Endpoint endpoint() {
        return endpoint;
    }

    /** Whether the connection to its upstream came about. */
    public boolean isConnected() {
        return connected;
    }

    /** Our end of the upstream connection; null when none came about. */
    public @Nullable SocketAddress upstreamLocal() {
        return upstreamLocal;
    }

    /** The upstream's end; null when no connection came about. */
    public @Nullable SocketAddress upstreamRemote() {
        return upstreamRemote;
    }

    /** TLS of the upstream connection that begins here; null for none. */
    public @Nullable ConnectionTls upstreamTls() {
        return upstreamTls;
    }

    /** How many connects were tried. */
    public int connects() {
        return connects;
    }

    /** Bytes that came from the client. */
    public long receivedBytes() {
        return received;
    }

    /** Bytes that came from the upstream. */
    public long sentBytes() {
        return sent;
    }

    /** Why it ended; null when both sides closed in order, or while it lives. */
    public @Nullable ProxyError error() {
        return error;
    }
}
