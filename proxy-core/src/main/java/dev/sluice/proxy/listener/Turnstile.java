package dev.sluice.proxy.listener;

import dev.sluice.proxy.cluster.Limit;
import dev.sluice.proxy.log.Logs;
import dev.sluice.proxy.log.RareLine;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import java.util.concurrent.atomic.LongAdder;

/**
 * Lets the connections of one listener in for as long as there may be more of them, on it and in all. One too many is closed
 * as soon as it was accepted, as Envoy does: left in the backlog, its client would wait and never know. Exact over all event
 * loops; thread-safe.
 */
final class Turnstile implements ChannelFutureListener {
    private static final System.Logger LOG = Logs.of(Turnstile.class);

    private final String listener;
    private final Limit own;
    private final Limit total;
    private final Refused refused;
    private final RareLine refusedLine = new RareLine();

    /** Connections that were not let in. */
    static final class Refused {
        private final LongAdder byListener = new LongAdder();
        private final LongAdder byTotal = new LongAdder();

        /** By the limit of a listener. */
        long byListener() {
            return byListener.sum();
        }

        /** By the limit of all of them. */
        long byTotal() {
            return byTotal.sum();
        }
    }

    /**
     * @param max on this listener
     * @param total on all of them, shared
     */
    Turnstile(String listener, int max, Limit total, Refused refused) {
        this.listener = listener;
        this.own = new Limit(max);
        this.total = total;
        this.refused = refused;
    }

    /** Takes another maximum; connections beyond it stay. */
    void max(int max) {
        own.max(max);
    }

    /** Whether {@code accepted} may stay, and then counts it until it is closed; else closes it. */
    boolean letIn(Channel accepted) {
        if (!own.tryAcquire()) {
            refused.byListener.increment();
            refuse(accepted, "it may have no more");
            return false;
        }
        if (!total.tryAcquire()) {
            own.release();
            refused.byTotal.increment();
            refuse(accepted, "there may be no more on all listeners together");
            return false;
        }
        accepted.closeFuture().addListener(this);
        return true;
    }

    @Override
    public void operationComplete(ChannelFuture closed) {
        own.release();
        total.release();
    }

    private void refuse(Channel accepted, String why) {
        ChannelFuture unused = accepted.close();
        if (refusedLine.take()) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "{0} refuses client connections: {1} of it and {2} in all are open, and {3}",
                    listener,
                    own.used(),
                    total.used(),
                    why);
        }
    }
}
