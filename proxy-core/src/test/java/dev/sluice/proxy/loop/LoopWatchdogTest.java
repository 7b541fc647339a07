package dev.sluice.proxy.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** In virtual time; the test's own thread is the loop's as well as the watchdog's. */
class LoopWatchdogTest {
    private final Lines lines = new Lines();
    private long nanos = 1_000_000;
    private final LoopWatchdog watchdog = new LoopWatchdog(() -> nanos);
    private final TurnClock clock = watchdog.add();

    @BeforeEach
    void isWarm() {
        clock.begin();
        pass(LoopReport.COLD_SECONDS * 1_000 + 1);
        watchdog.look();
    }

    @AfterEach
    void close() {
        lines.close();
    }

    @Test
    void turnsInTimeAreNoBlocks() {
        for (int i = 0; i < 100; i++) {
            turn(TurnClock.LIMIT_MILLIS);
            pass(30_000); // of waiting
        }
        watchdog.look();
        assertEquals(0, clock.blocks().count());
        assertEquals(0, clock.blocks().longestNanos());
        assertEquals(List.of(), lines.all());
    }

    @Test
    void eachBlockIsCountedOnceWithHowLongItWas() {
        turn(11);
        turn(3);
        turn(2_000);
        watchdog.look();
        watchdog.look();
        assertEquals(2, clock.blocks().count());
        assertEquals(millis(2_011), clock.blocks().totalNanos());
        assertEquals(millis(2_000), clock.blocks().longestNanos());
    }

    @Test
    void aTurnThatFoundNothingToReadBeginsToo() {
        clock.waits();
        clock.woke();
        clock.woke(); // asked a second time within the turn
        pass(15);
        clock.waits();
        clock.waits();
        assertEquals(1, clock.blocks().count());
        assertEquals(millis(15), clock.blocks().totalNanos());
    }

    @Test
    void theLongestIsForgottenAfterTheMinuteThatFollows() {
        turn(500);
        pass(60_000);
        assertEquals(millis(500), clock.blocks().longestNanos());
        turn(20);
        pass(60_000);
        assertEquals(millis(20), clock.blocks().longestNanos());
        pass(120_000);
        assertEquals(0, clock.blocks().longestNanos());
        assertEquals(2, clock.blocks().count());
    }

    @Test
    void oneLineTellsOfAllBlocksOfAMinute() {
        turn(40);
        watchdog.look();
        assertEquals(1, lines.all().size());
        assertTrue(
                lines.all().get(0).startsWith("INFO Event loop 0 was blocked 1 times, for 40 ms at most"),
                lines.all().get(0));
        turn(11);
        turn(150);
        turn(12);
        watchdog.look();
        assertEquals(1, lines.all().size());
        pass(LoopReport.SILENCE_SECONDS * 1_000);
        watchdog.look();
        assertEquals(2, lines.all().size());
        assertTrue(
                lines.all().get(1).startsWith("WARNING Event loop 0 was blocked 3 times, for 150 ms at most"),
                lines.all().get(1));
        pass(LoopReport.SILENCE_SECONDS * 1_000);
        watchdog.look();
        assertEquals(2, lines.all().size());
    }

    @Test
    void whoeverIsStuckForASecondIsToldOfWhileItIs() {
        clock.woke();
        pass(900);
        watchdog.look();
        assertEquals(List.of(), lines.all());
        pass(200);
        watchdog.look();
        pass(3_000);
        watchdog.look();
        assertEquals(1, lines.all().size());
        String line = lines.all().get(0);
        assertTrue(line.startsWith("WARNING Event loop 0 has been blocked for 1100 ms and still is"), line);
        assertTrue(line.contains("whoeverIsStuckForASecondIsToldOfWhileItIs"), line);
        clock.waits();
        watchdog.look();
        assertTrue(
                lines.all().get(1).contains("for 4100 ms at most"), lines.all().get(1));
    }

    @Test
    void codeThatIsStillColdIsCountedButNotLoggedUnlessItTakesLong() {
        TurnClock young = watchdog.add();
        young.woke();
        pass(900);
        young.waits();
        watchdog.look();
        assertEquals(1, young.blocks().count());
        assertEquals(List.of(), lines.all());
        young.woke();
        pass(LoopReport.STUCK_MILLIS);
        young.waits();
        watchdog.look();
        assertTrue(
                lines.all().get(0).startsWith("WARNING Event loop 1 was blocked 1 times, for 1000 ms"),
                lines.all().get(0));
    }

    @Test
    void aLineSaysThatTheWholeProcessStoodStill() {
        watchdog.look();
        pass(TimeUnit.NANOSECONDS.toMillis(watchdog.pauseNanos()));
        clock.woke();
        pass(80); // the watchdog should have looked at the beginning of these
        clock.waits();
        watchdog.look();
        assertTrue(
                lines.all().get(0).contains("the process as a whole stood still for 80 ms"),
                lines.all().get(0));
    }

    @Test
    void idleLoopsAreLookedAtSeldom() {
        turn(1);
        watchdog.look();
        assertEquals(millis(LoopWatchdog.BUSY_MILLIS), watchdog.pauseNanos());
        for (int i = 0; i < 10; i++) {
            watchdog.look();
        }
        assertEquals(millis(LoopWatchdog.IDLE_MILLIS), watchdog.pauseNanos());
        turn(1);
        watchdog.look();
        assertEquals(millis(LoopWatchdog.BUSY_MILLIS), watchdog.pauseNanos());
    }

    @Test
    void loopsThatHaveEndedAreForgotten() {
        TurnClock second = watchdog.add();
        assertEquals(1, second.number());
        watchdog.remove(clock);
        assertEquals(List.of(second), watchdog.clocks());
        assertFalse(watchdog.clocks().contains(clock));
    }

    private void turn(int millis) {
        clock.waits();
        clock.woke();
        pass(millis);
        clock.waits();
    }

    private void pass(long millis) {
        nanos += millis(millis);
    }

    private static long millis(long millis) {
        return TimeUnit.MILLISECONDS.toNanos(millis);
    }
}
