package dev.sluice.proxy.codec.http2.connection;

import dev.sluice.proxy.timer.LoopTimers;
import io.netty.channel.EventLoop;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Asks a peer by PING whether it is still there, an interval after its last answer. Whatever else comes meanwhile shows it
 * too: behind a large body the answer may be long in coming. Event loop of the connection.
 */
final class PeerPings {
    private final EventLoop loop;
    private final long intervalNanos;
    private final long timeoutNanos;
    private final LongConsumer ping;
    private final Runnable onSilence;
    private LoopTimers.@Nullable Timer timer;
    private long asked;
    private long heardNanos;

    /**
     * @param ping sends one with that number
     * @param onSilence called once when the peer is gone
     */
    PeerPings(EventLoop loop, long intervalNanos, long timeoutNanos, LongConsumer ping, Runnable onSilence) {
        this.loop = loop;
        this.intervalNanos = intervalNanos;
        this.timeoutNanos = timeoutNanos;
        this.ping = ping;
        this.onSilence = onSilence;
        askIn(intervalNanos);
    }

    private void askIn(long nanos) {
        timer = LoopTimers.of(loop).schedule(nanos, this::ask);
    }

    private void ask() {
        heard();
        ping.accept(++asked);
        lookIn(timeoutNanos);
    }

    private void lookIn(long nanos) {
        timer = LoopTimers.of(loop).schedule(nanos, this::look);
    }

    private void look() {
        long left = timeoutNanos - (loop.ticker().nanoTime() - heardNanos);
        if (left > 0) {
            lookIn(left);
        } else {
            timer = null;
            onSilence.run();
        }
    }

    /** Bytes came. */
    void heard() {
        heardNanos = loop.ticker().nanoTime();
    }

    /** The peer answered the PING with this number. */
    void answered(long number) {
        if (number == asked && timer != null) {
            timer.cancel();
            askIn(intervalNanos);
        }
    }

    /** Asks no more. */
    void stop() {
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }
}
