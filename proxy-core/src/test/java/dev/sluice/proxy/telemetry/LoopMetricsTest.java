package dev.sluice.proxy.telemetry;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.proxy.loop.TurnClock;
import dev.sluice.proxy.upstream.Transport;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LoopMetricsTest {
    private final Scrape scrape = new Scrape();
    private final Transport transport = Transport.start(Transport.Kind.NIO, 2);

    @AfterEach
    void close() {
        transport.group().shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    @Test
    void blocksAreExposedByLoop() {
        LoopMetrics.watch(scrape.registry(), transport.watchdog());
        transport.group().next().execute(() -> {
            long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(4 * TurnClock.LIMIT_MILLIS);
            while (System.nanoTime() - until < 0) {
                LockSupport.parkNanos(until - System.nanoTime());
            }
        });
        await().until(() -> sum("sluice_event_loop_blocked_total") > 0);
        assertEquals(2, scrape.all("sluice_event_loop_blocked_total").size());
        assertTrue(sum("sluice_event_loop_blocked_milliseconds_total") >= 4 * TurnClock.LIMIT_MILLIS);
        assertTrue(sum("sluice_event_loop_blocked_longest_milliseconds") >= 4 * TurnClock.LIMIT_MILLIS);
    }

    private double sum(String name) {
        return scrape.all(name).stream().mapToDouble(Scrape.Sample::value).sum();
    }
}
