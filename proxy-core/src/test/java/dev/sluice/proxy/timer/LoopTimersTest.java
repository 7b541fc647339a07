package dev.sluice.proxy.timer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LoopTimersTest {
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final List<String> fired = new ArrayList<>();

    @BeforeEach
    void freeze() {
        channel.freezeTime();
    }

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    @Test
    void firesNeitherEarlyNorMoreThanATickLate() {
        set(1_000, "a");
        advance(999);
        assertEquals(List.of(), fired);
        advance(1 + LoopTimers.TICK_MILLIS);
        assertEquals(List.of("a"), fired);
    }

    @Test
    void firesInOrderOfTheirTimesAcrossRoundsOfTheWheel() {
        set(9_000, "late");
        set(50, "early");
        set(5_000, "middle");
        for (int i = 0; i < 100; i++) {
            advance(100);
        }
        assertEquals(List.of("early", "middle", "late"), fired);
    }

    @Test
    void manyThatAreDueAtOnceLetTheLoopLookAtItsSocketsInBetween() {
        int many = 400;
        LoopTimers wheel = LoopTimers.of(channel.eventLoop());
        for (int i = 0; i < many; i++) {
            String name = Integer.toString(i);
            wheel.schedule(TimeUnit.MILLISECONDS.toNanos(100), () -> {
                fired.add(name);
                channel.advanceTimeBy(100, TimeUnit.MICROSECONDS);
            });
        }
        LoopTimers.Timer cancelled = wheel.schedule(TimeUnit.MILLISECONDS.toNanos(100), () -> fired.add("cancelled"));
        channel.advanceTimeBy(100 + LoopTimers.TICK_MILLIS, TimeUnit.MILLISECONDS);
        int turns = 0;
        while (fired.size() < many) {
            int before = fired.size();
            channel.runScheduledPendingTasks();
            int inThisTurn = fired.size() - before;
            assertTrue(inThisTurn > 0 && inThisTurn < 40, () -> inThisTurn + " fired in a turn");
            cancelled.cancel();
            turns++;
        }
        assertTrue(turns > 10, "in " + turns + " turns");
        channel.runScheduledPendingTasks();
        assertEquals(IntStream.range(0, many).mapToObj(Integer::toString).toList(), fired);
    }

    @Test
    void whatComesDueWhileOthersStillWaitToBeFiredIsFiredAfterThem() {
        LoopTimers wheel = LoopTimers.of(channel.eventLoop());
        for (int i = 0; i < 50; i++) {
            wheel.schedule(TimeUnit.MILLISECONDS.toNanos(100), () -> {
                fired.add("slow");
                channel.advanceTimeBy(1, TimeUnit.MILLISECONDS);
            });
        }
        set(108, "later");
        channel.advanceTimeBy(100 + LoopTimers.TICK_MILLIS, TimeUnit.MILLISECONDS);
        for (int i = 0; i < 100; i++) {
            channel.runScheduledPendingTasks();
        }
        assertEquals(51, fired.size());
        assertEquals("later", fired.get(50));
    }

    @Test
    void aLateLoopFiresEverythingThatIsDue() {
        set(10, "a");
        set(4_000, "b");
        set(60_000, "c");
        advance(30_000);
        // A loop that slept for more than a round of the wheel fires what is due in no particular order.
        assertEquals(Set.of("a", "b"), Set.copyOf(fired));
        assertEquals(2, fired.size());
        advance(31_000);
        assertEquals("c", fired.get(2));
    }

    @Test
    void aCancelledTimerNeverFiresAndIsNotPending() {
        LoopTimers.Timer timer = set(100, "a");
        set(100, "b");
        timer.cancel();
        timer.cancel();
        assertEquals(1, timers().pending());
        advance(200);
        assertEquals(List.of("b"), fired);
        assertEquals(0, timers().pending());
    }

    @Test
    void anActionMaySetAndCancelTimers() {
        LoopTimers.Timer victim = set(300, "never");
        timers().schedule(TimeUnit.MILLISECONDS.toNanos(100), () -> {
            victim.cancel();
            set(100, "chained");
        });
        advance(150);
        advance(400);
        assertEquals(List.of("chained"), fired);
    }

    /** A route's deadline and its attempt's often fall into one tick, and the first to fire cancels the other. */
    @Test
    void ofTwoThatAreDueTogetherTheFirstMayCancelTheOthers() {
        List<LoopTimers.Timer> timers = new ArrayList<>();
        timers.add(timers().schedule(TimeUnit.MILLISECONDS.toNanos(100), () -> {
            fired.add("first");
            timers.get(1).cancel();
            timers.get(2).cancel();
        }));
        timers.add(set(100, "cancelled"));
        timers.add(set(100, "cancelled too"));
        timers.add(set(100, "last"));
        advance(200);
        assertEquals(List.of("first", "last"), fired);
        assertEquals(0, timers().pending());
        set(100, "later");
        advance(5_000);
        assertEquals(List.of("first", "last", "later"), fired);
    }

    @Test
    void anActionThatThrowsKeepsNoOtherFromFiring() {
        timers().schedule(TimeUnit.MILLISECONDS.toNanos(100), () -> {
            throw new IllegalStateException("an action of this test fails on purpose");
        });
        set(100, "same tick");
        set(300, "later");
        advance(150);
        advance(400);
        assertEquals(List.of("same tick", "later"), fired);
    }

    @Test
    void cancellingInsideItsOwnSlotKeepsTheOthers() {
        List<LoopTimers.Timer> timers = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            timers.add(set(100, "t" + i));
        }
        timers.get(2).cancel();
        timers.get(0).cancel();
        timers.get(4).cancel();
        advance(200);
        fired.sort(null);
        assertEquals(List.of("t1", "t3"), fired);
    }

    private LoopTimers timers() {
        return LoopTimers.of(channel.eventLoop());
    }

    private LoopTimers.Timer set(long millis, String name) {
        return timers().schedule(TimeUnit.MILLISECONDS.toNanos(millis), () -> fired.add(name));
    }

    private void advance(long millis) {
        channel.advanceTimeBy(millis, TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();
        channel.runPendingTasks();
    }
}
