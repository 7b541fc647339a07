package dev.sluice.proxy.codec.http1.connection;

import dev.sluice.proxy.codec.CodecLimits;
import dev.sluice.proxy.tls.TlsEnds;
import io.netty.channel.ChannelFuture;

/**
 * Closes a connection on which the client may still be sending. One that is closed at once is answered by the kernel
 * with a reset, which makes the client forget a response that it had not read yet (RFC 9112 section 9.6): so the end of
 * our side is announced first, and what the client sends is dropped for a while.
 */
final class Lingering {
    private final Wire wire;
    private final CodecLimits limits;
    private final ConnectionDeadline deadline;
    private int dropped;

    Lingering(Wire wire, CodecLimits limits, ConnectionDeadline deadline) {
        this.wire = wire;
        this.limits = limits;
        this.deadline = deadline;
    }

    /** Sends what was written and announces the end of it; the deadline closes, unless the client is faster. */
    void begin() {
        // Until the client has taken what was written, only idleness ends the connection: it may be a slow reader.
        deadline.in(limits.times().idleMillis());
        ChannelFuture written = wire.flushAll();
        written.addListener(done -> {
            deadline.in(limits.times().lingerMillis());
            TlsEnds.endOutput(wire.ctx().channel(), written);
        });
    }

    /** Counts what was received and dropped. False when it is too much, and the connection should be closed. */
    boolean drop(int bytes) {
        dropped += bytes;
        return dropped <= limits.buffers().linger();
    }
}
