package dev.sluice.proxy.exchange;

import dev.sluice.proxy.stream.ErrorCode;
import dev.sluice.proxy.stream.ProxyError;
import dev.sluice.proxy.timer.LoopTimers;
import org.jspecify.annotations.Nullable;

/**
 * Ends an exchange on which nothing has moved for a time, in either direction. What moves only notes the time; one timer
 * looks at that note when it is due and waits for the rest, so a chunk costs a reading of the clock and no timer.
 *
 * <p>Not thread-safe; event loop of the exchange.
 */
final class IdleWatch {
    private static final ProxyError IDLE =
            ProxyError.proxy(ErrorCode.STREAM_IDLE_TIMEOUT, "neither the request nor the response moved");

    private final Exchange exchange;
    private long timeoutNanos;
    private long movedNanos;
    private LoopTimers.@Nullable Timer timer;

    IdleWatch(Exchange exchange) {
        this.exchange = exchange;
    }

    /** From now on {@code nanos}, positive, may pass. */
    void start(long nanos) {
        stop();
        timeoutNanos = nanos;
        moved();
        sleep(nanos);
    }

    /** Something arrived or went out. */
    void moved() {
        movedNanos = exchange.nowNanos();
    }

    void stop() {
        LoopTimers.Timer set = timer;
        timer = null;
        if (set != null) {
            set.cancel();
        }
    }

    private void sleep(long nanos) {
        timer = LoopTimers.of(exchange.loop()).schedule(nanos, this::look);
    }

    private void look() {
        long left = timeoutNanos - (exchange.nowNanos() - movedNanos);
        if (left > 0) {
            sleep(left);
        } else {
            timer = null;
            exchange.fail(IDLE);
        }
    }
}
