package dev.sluice.proxy.app.rehearse;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.sluice.proxy.assembly.RunningProxy;
import dev.sluice.proxy.codec.CodecLimits;
import dev.sluice.proxy.exchange.ExchangeObserver;
import dev.sluice.proxy.listener.BindException;
import dev.sluice.proxy.log.Logs;
import dev.sluice.proxy.upstream.Transport;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Requests through a second proxy on the same event loops, for a time that is given, before the process binds its ports. A JVM
 * interprets what it runs for the first time, ten times as slow as later, and connections cost it most; who waits for that is
 * nobody here, and the first clients otherwise. In bursts, as clients come after a start, and with rests between them in which
 * the compiler has the core, where there is only one.
 *
 * <p>Of the proxy that is to serve nothing is touched: clusters, metrics and logs are its own. What cannot be rehearsed is no
 * reason not to start.
 */
public final class Rehearsal {
    private static final Logger LOG = Logs.of(Rehearsal.class);
    /** As many as a client's pool may open at once. */
    private static final int CONNECTIONS = 16;

    private static final long REST_NANOS = TimeUnit.MILLISECONDS.toNanos(8);

    private final Transport transport;
    private final long endNanos;

    private Rehearsal(Transport transport, long endNanos) {
        this.transport = transport;
        this.endNanos = endNanos;
    }

    /**
     * Rehearses for {@code millis}, and collects what garbage the start has left: the first collection has its objects to move,
     * and would stop the first requests for it. Returns a full collection's time after that; 0 does nothing.
     *
     * @return how many requests were answered
     */
    @CanIgnoreReturnValue
    public static int hold(Transport transport, CodecLimits limits, long millis) {
        if (millis <= 0) {
            return 0;
        }
        long endNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        int answered = new Rehearsal(transport, endNanos).perform(limits);
        System.gc();
        return answered;
    }

    private int perform(CodecLimits limits) {
        RunningProxy proxy = new RunningProxy(transport, limits, listener -> ExchangeObserver.NONE);
        try (Conversation conversation = new Conversation(endNanos)) {
            List<BindException> failures = proxy.apply(RehearsalPlan.towards(conversation.upstream()));
            if (!failures.isEmpty()) {
                throw new IOException(failures.get(0));
            }
            conversation.connect(
                    (InetSocketAddress) proxy.listeners().addresses().get(0), CONNECTIONS);
            return bursts(conversation);
        } catch (IOException e) {
            LOG.log(Level.INFO, "starts without a rehearsal: " + e.getMessage());
            return 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 0;
        } finally {
            proxy.leave();
        }
    }

    private int bursts(Conversation conversation) throws IOException, InterruptedException {
        int answered = 0;
        try {
            while (leftNanos() > 0) {
                conversation.burst();
                answered += CONNECTIONS;
                TimeUnit.NANOSECONDS.sleep(Math.min(leftNanos(), REST_NANOS));
            }
        } catch (SocketTimeoutException e) {
            LOG.log(Level.DEBUG, "ends a rehearsal within a burst");
        }
        return answered;
    }

    private long leftNanos() {
        return endNanos - System.nanoTime();
    }
}
