package dev.sluice.proxy.policy.outlier;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.config.plan.policy.OutlierPlan;
import java.time.Duration;
import java.util.List;
import java.util.StringJoiner;
import org.junit.jupiter.api.Test;

/** How long an ejection lasts: golden timelines, one sweep after the other (spec/istio-fields.md §12.6). */
class OutlierTimelineTest {
    private static OutlierPlan oneStrike(Duration interval, Duration base) {
        return new OutlierPlan(1, 0, false, 5, interval, base, 100, 0, List.of(), 0);
    }

    @Test
    void anEjectionEndsAtTheFirstSweepAfterItsTime() {
        Watched watched = new Watched(1, oneStrike(Duration.ofSeconds(10), Duration.ofSeconds(25)));
        watched.at(3);
        watched.answers(0, 500);
        // 3 s + 25 s = 28 s: not at 20, at 30.
        assertEquals("10:E 20:E 30:h", timeline(watched, 10, 20, 30));
    }

    @Test
    void aTimeThatEndsWithASweepIsOver() {
        Watched watched = new Watched(1, oneStrike(Duration.ofSeconds(10), Duration.ofSeconds(30)));
        watched.answers(0, 500);
        assertEquals("20:E 29.999:E 30:h", timeline(watched, 20, 29.999, 30));
    }

    @Test
    void everyFurtherEjectionLastsABaseTimeLonger() {
        Watched watched = new Watched(1, oneStrike(Duration.ofSeconds(10), Duration.ofSeconds(30)));
        watched.answers(0, 500);
        assertEquals("30:h", timeline(watched, 30));
        watched.answers(0, 500);
        assertEquals("60:E 80:E 90:h", timeline(watched, 60, 80, 90));
        watched.answers(0, 500);
        assertEquals("150:E 170:E 180:h", timeline(watched, 150, 170, 180));
    }

    @Test
    void anIntervalInHealthForgivesOneEjection() {
        Watched watched = new Watched(1, oneStrike(Duration.ofSeconds(10), Duration.ofSeconds(30)));
        watched.answers(0, 500);
        watched.sweepAt(30);
        watched.answers(0, 500);
        assertEquals("80:E 90:h", timeline(watched, 80, 90));
        // Two ejections are owed; the sweeps at 100 and 110 take one each, so the next lasts one base time again.
        assertEquals("100:h 110:h", timeline(watched, 100, 110));
        watched.answers(0, 500);
        assertEquals("130:E 140:h", timeline(watched, 130, 140));
    }

    @Test
    void noEjectionLastsLongerThanFiveMinutes() {
        Watched watched = new Watched(1, oneStrike(Duration.ofSeconds(10), Duration.ofSeconds(200)));
        watched.answers(0, 500);
        assertEquals("190:E 200:h", timeline(watched, 190, 200));
        watched.answers(0, 500);
        assertEquals("490:E 500:h", timeline(watched, 490, 500));
        watched.answers(0, 500);
        assertEquals("790:E 800:h", timeline(watched, 790, 800));
    }

    @Test
    void aLongerBaseTimeIsItsOwnLimit() {
        Watched watched = new Watched(1, oneStrike(Duration.ofSeconds(10), Duration.ofSeconds(600)));
        watched.answers(0, 500);
        assertEquals("590:E 600:h", timeline(watched, 590, 600));
        watched.answers(0, 500);
        assertEquals("1190:E 1200:h", timeline(watched, 1190, 1200));
    }

    @Test
    void errorsWhileEjectedChangeNothing() {
        Watched watched = new Watched(1, oneStrike(Duration.ofSeconds(10), Duration.ofSeconds(30)));
        watched.answers(0, 500);
        watched.at(25);
        watched.answers(0, 500, 500, 500);
        assertEquals("30:h", timeline(watched, 30));
    }

    @Test
    void comingBackOwesNoErrors() {
        OutlierPlan three =
                new OutlierPlan(3, 0, false, 5, Duration.ofSeconds(10), Duration.ofSeconds(30), 100, 0, List.of(), 0);
        Watched watched = new Watched(1, three);
        watched.answers(0, 500, 500, 500);
        watched.answers(0, 500, 500);
        watched.sweepAt(30);
        watched.answers(0, 500, 500);
        assertEquals("h", watched.states());
        watched.answers(0, 500);
        assertEquals("E", watched.states());
    }

    @Test
    void halfOpenEndsWithTheFirstAnswer() {
        OutlierPlan trial =
                new OutlierPlan(3, 0, false, 5, Duration.ofSeconds(10), Duration.ofSeconds(30), 100, 0, List.of(), 10);
        Watched watched = new Watched(2, trial);
        watched.answers(0, 500, 500, 500);
        watched.answers(1, 500, 500, 500);
        assertEquals("30:TT", timeline(watched, 30));
        watched.answers(0, 200);
        watched.answers(1, 500);
        assertEquals("hE", watched.states());
        // The second ejection lasts two base times.
        assertEquals("80:hE 90:hT", timeline(watched, 80, 90));
        watched.unanswered(1, 1);
        assertEquals("hE", watched.states());
    }

    private static String timeline(Watched watched, double... sweeps) {
        StringJoiner states = new StringJoiner(" ");
        for (double second : sweeps) {
            watched.sweepAt(second);
            String time = second == Math.rint(second) ? Long.toString((long) second) : Double.toString(second);
            states.add(time + ":" + watched.states());
        }
        return states.toString();
    }
}
