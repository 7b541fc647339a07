package dev.sluice.proxy.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.channel.embedded.EmbeddedChannel;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LoopWatchdogTest {
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final Scrape scrape = new Scrape();
    private LoopWatchdog watchdog;

    @BeforeEach
    void watch() {
        channel.freezeTime();
        watchdog = LoopWatchdog.watch(channel.eventLoop(), "0", scrape.registry());
        channel.runPendingTasks();
    }

    @AfterEach
    void close() {
        watchdog.close();
        channel.finishAndReleaseAll();
    }

    @Test
    void aLoopThatIsOnTimeIsNotBlocked() {
        for (int i = 0; i < 100; i++) {
            pass(LoopWatchdog.PERIOD_MILLIS);
        }
        assertEquals(100, scrape.value("sluice_event_loop_lag_milliseconds_count"));
        assertEquals(0, scrape.value("sluice_event_loop_lag_milliseconds_sum"));
        assertEquals(0, scrape.value("sluice_event_loop_blocked_total"));
    }

    @Test
    void aBlockIsMeasuredAndCounted() {
        pass(LoopWatchdog.PERIOD_MILLIS + 2000);
        assertEquals(2000, scrape.value("sluice_event_loop_lag_milliseconds_sum"));
        assertEquals(1, scrape.value("sluice_event_loop_blocked_total"));
        assertEquals("0", scrape.one("sluice_event_loop_blocked_total").labels().get("loop"));
        pass(LoopWatchdog.PERIOD_MILLIS);
        assertEquals(1, scrape.value("sluice_event_loop_blocked_total"));
    }

    @Test
    void tenMillisecondsAreStillInOrder() {
        pass(LoopWatchdog.PERIOD_MILLIS + LoopWatchdog.BLOCKED_MILLIS);
        assertEquals(0, scrape.value("sluice_event_loop_blocked_total"));
        pass(LoopWatchdog.PERIOD_MILLIS + LoopWatchdog.BLOCKED_MILLIS + 1);
        assertEquals(1, scrape.value("sluice_event_loop_blocked_total"));
    }

    @Test
    void aClosedWatchdogLeavesNoTaskBehind() {
        watchdog.close();
        pass(10 * LoopWatchdog.PERIOD_MILLIS);
        assertEquals(0, scrape.value("sluice_event_loop_lag_milliseconds_count"));
        assertEquals(-1, channel.runScheduledPendingTasks());
    }

    private void pass(int millis) {
        channel.advanceTimeBy(millis, TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();
    }
}
