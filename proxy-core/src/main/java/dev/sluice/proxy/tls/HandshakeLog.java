package dev.sluice.proxy.tls;

import dev.sluice.proxy.log.Logs;
import dev.sluice.proxy.tls.TlsCounters.Side;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Counts handshakes that came to nothing and tells why, in one line each; so many a second at most, for a client can fail
 * faster than a disk can write. Thread-safe.
 */
public final class HandshakeLog {
    private static final Logger LOG = Logs.of(HandshakeLog.class);
    private static final int LINES_A_SECOND = 20;

    private final TlsCounters counters;
    private final AtomicLong second = new AtomicLong();
    private final AtomicInteger lines = new AtomicInteger();

    /** Counts in {@code counters}. */
    public HandshakeLog(TlsCounters counters) {
        this.counters = counters;
    }

    /** A handshake was completed. */
    public void completed(Side side) {
        counters.completed(side);
    }

    /**
     * One came to nothing.
     *
     * @param who the peer and what it was to be, for the line
     */
    public TlsFailure failed(Side side, String who, Throwable cause) {
        TlsFailure failure = failure(cause);
        failed(side, who, failure, reason(cause));
        return failure;
    }

    /** One came to nothing, for {@code reason}. */
    public void failed(Side side, String who, TlsFailure failure, String reason) {
        counters.failed(side, failure);
        if (mayWrite()) {
            // A client that goes away is no fault of anybody's: ports are probed all day long.
            Level level = failure == TlsFailure.CLOSED ? Level.DEBUG : Level.WARNING;
            LOG.log(level, "TLS " + who + ": " + failure.text() + ": " + reason);
        }
    }

    private boolean mayWrite() {
        long now = System.nanoTime() / 1_000_000_000;
        long current = second.get();
        if (now != current && second.compareAndSet(current, now)) {
            int suppressed = lines.getAndSet(0) - LINES_A_SECOND;
            if (suppressed > 0) {
                LOG.log(Level.WARNING, suppressed + " more TLS handshakes failed in that second");
            }
        }
        return lines.incrementAndGet() <= LINES_A_SECOND;
    }

    /** Which failure it is. */
    static TlsFailure failure(Throwable thrown) {
        PeerRefused refused = refused(thrown);
        if (refused != null) {
            return refused.failure();
        }
        if (thrown instanceof ClosedChannelException) {
            return TlsFailure.CLOSED;
        }
        String text = texts(thrown);
        if (text.contains("timed out")) {
            return TlsFailure.TIMEOUT;
        }
        if (text.contains("PEER_DID_NOT_RETURN_A_CERTIFICATE") || text.contains("Empty client certificate chain")) {
            return TlsFailure.NO_PEER_CERTIFICATE;
        }
        if (text.contains("ALERT_") || text.contains("Received fatal alert")) {
            return TlsFailure.PEER_ALERT;
        }
        if (text.contains("closed") || text.contains("Connection reset")) {
            return TlsFailure.CLOSED;
        }
        return TlsFailure.PROTOCOL;
    }

    private static @Nullable PeerRefused refused(Throwable thrown) {
        int depth = 0;
        for (Throwable cause = thrown; cause != null && depth < 16; cause = cause.getCause()) {
            if (cause instanceof PeerRefused found) {
                return found;
            }
            depth++;
        }
        return null;
    }

    private static String texts(Throwable thrown) {
        StringBuilder all = new StringBuilder();
        int depth = 0;
        for (Throwable cause = thrown; cause != null && depth < 16; cause = cause.getCause()) {
            all.append(cause.getMessage()).append('\n');
            depth++;
        }
        return all.toString();
    }

    private static String reason(Throwable thrown) {
        PeerRefused refused = refused(thrown);
        if (refused != null) {
            return String.valueOf(refused.getMessage());
        }
        if (thrown instanceof SSLException && thrown.getMessage() != null) {
            return thrown.getMessage();
        }
        return thrown.toString();
    }
}
