package dev.sluice.proxy.codec.http2;

import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Stream;
import org.jspecify.annotations.Nullable;

/**
 * What to do about frames of streams that Netty does not know, without harm to the connection's other streams. Belongs
 * to the connection's event loop.
 */
public final class StrayFrames {
    private static final int REMEMBERED = 128;

    private final Http2Connection connection;
    private final FloodGuard guard;
    private final int[] resetIds = new int[REMEMBERED];
    private int next;

    /** For one connection. */
    public StrayFrames(Http2Connection connection, FloodGuard guard) {
        this.connection = connection;
        this.guard = guard;
    }

    /** We send RST_STREAM for {@code id}. */
    public void resetSent(int id) {
        resetIds[next] = id;
        next = (next + 1) % REMEMBERED;
    }

    /**
     * Creates a stream whose first header list was refused, to be reset. For Netty it does not exist otherwise, and a
     * DATA frame that follows is a connection error: one malformed POST, or one too many, would abort all exchanges of
     * its connection.
     *
     * @return null when {@code id} names no new stream of the peer
     */
    public @Nullable Http2Stream createRefused(int id) {
        Http2Connection.Endpoint<?> peer = connection.remote();
        if (!peer.isValidStreamId(id) || peer.mayHaveCreatedStream(id) || connection.goAwaySent()) {
            return null;
        }
        int limit = peer.maxActiveStreams();
        peer.maxActiveStreams(Integer.MAX_VALUE);
        try {
            return peer.createStream(id, false);
        } catch (Http2Exception e) {
            // The ids have run out, and with them the connection.
            return null;
        } finally {
            peer.maxActiveStreams(limit);
        }
    }

    /**
     * A frame arrived for a stream that is closed: a mistake of the peer, or on its way when our reset crossed it, which
     * is to be discarded (RFC 9113 section 5.1).
     *
     * @throws Http2Exception when there are too many
     */
    public boolean deservesReset(int id) throws Http2Exception {
        guard.strayRead();
        for (int known : resetIds) {
            if (known == id) {
                return false;
            }
        }
        return true;
    }
}
