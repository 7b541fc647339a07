package dev.sluice.proxy.codec.http2;

import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Stream;
import org.jspecify.annotations.Nullable;

/**
 * What to do about frames of streams that Netty does not know, without harm to the connection's other streams. Belongs
 * to the connection's event loop.
 */
public final class StrayFrames {
    private static final int REMEMBERED = 128;
    private static final int GAPS = 8;

    private final Http2Connection connection;
    private final FloodGuard guard;
    // Both are empty until they are needed: on most connections never.
    private int[] resetIds = {};
    private int nextReset;
    /** Ids that the peer passed over, as pairs of the first and the last. */
    private int[] gaps = {};

    private int nextGap;
    private int highest;

    /** For one connection. */
    public StrayFrames(Http2Connection connection, FloodGuard guard) {
        this.connection = connection;
        this.guard = guard;
    }

    /** We send RST_STREAM for {@code id}. */
    public void resetSent(int id) {
        if (resetIds.length == 0) {
            resetIds = new int[REMEMBERED];
        }
        resetIds[nextReset] = id;
        nextReset = (nextReset + 1) % REMEMBERED;
    }

    /**
     * A header list arrived: it opens a stream, belongs to one that is open for it, or is refused with the error that RFC
     * 9113 sections 5.1 and 5.1.1 ask for, where Netty is more lenient or names another.
     */
    void headersRead(int id) throws Http2Exception {
        Http2Stream stream = connection.stream(id);
        if (stream != null) {
            if (stream.state() == Http2Stream.State.HALF_CLOSED_REMOTE) {
                throw Http2Exception.streamError(id, Http2Error.STREAM_CLOSED, "HEADERS after the end of %d", id);
            }
            return;
        }
        if (!connection.remote().isValidStreamId(id)) {
            return;
        }
        if (id > highest) {
            seen(id);
        } else if (wasReset(id)) {
            // It crossed our reset; dropped by Netty or by deservesReset.
            return;
        } else if (isInGap(id)) {
            throw Http2Exception.connectionError(Http2Error.PROTOCOL_ERROR, "Stream %d after %d", id, highest);
        } else {
            throw Http2Exception.connectionError(
                    Http2Error.STREAM_CLOSED, "HEADERS for stream %d, which is closed", id);
        }
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
        if (id > highest) {
            seen(id);
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
        return !wasReset(id);
    }

    private boolean wasReset(int id) {
        for (int known : resetIds) {
            if (known == id) {
                return true;
            }
        }
        return false;
    }

    private void seen(int id) {
        if (id > highest + 2) {
            if (gaps.length == 0) {
                gaps = new int[2 * GAPS];
            }
            gaps[nextGap] = highest + 1;
            gaps[nextGap + 1] = id - 1;
            nextGap = (nextGap + 2) % gaps.length;
        }
        highest = id;
    }

    private boolean isInGap(int id) {
        for (int i = 0; i < gaps.length; i += 2) {
            if (gaps[i] <= id && id <= gaps[i + 1]) {
                return true;
            }
        }
        return false;
    }
}
