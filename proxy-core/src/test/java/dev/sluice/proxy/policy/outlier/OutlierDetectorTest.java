package dev.sluice.proxy.policy.outlier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.sluice.config.plan.policy.OutlierPlan;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who is ejected, and why (spec/istio-fields.md §12.6). */
class OutlierDetectorTest {
    private static final Duration INTERVAL = Duration.ofSeconds(10);
    private static final Duration BASE = Duration.ofSeconds(30);

    private static OutlierPlan plan(int errors, int gateway, int maxPercent) {
        return new OutlierPlan(errors, gateway, false, 5, INTERVAL, BASE, maxPercent, 0, List.of(), 0);
    }

    private static OutlierPlan split(int errors, int local) {
        return new OutlierPlan(errors, 0, true, local, INTERVAL, BASE, 100, 0, List.of(), 0);
    }

    @Test
    void theErrorThatReachesTheThresholdEjectsAtOnce() {
        Watched watched = new Watched(2, Watched.plan());
        watched.answers(0, 500, 501, 502, 503);
        assertEquals("hh", watched.states());
        watched.answers(0, 599);
        assertEquals("Eh", watched.states());
        assertEquals(List.of(watched.endpoint(1)), watched.cluster.endpoints().healthy());
    }

    @Test
    void aGoodAnswerStartsTheCountAgain() {
        Watched watched = new Watched(1, Watched.plan());
        watched.answers(0, 500, 500, 500, 500, 499, 500, 500, 500, 500);
        assertEquals("h", watched.states());
    }

    @Test
    void gatewayErrorsAreCountedApartAndBrokenByOtherErrors() {
        Watched watched = new Watched(1, plan(0, 3, 100));
        watched.answers(0, 502, 503, 500, 504, 502);
        assertEquals("h", watched.states());
        watched.answers(0, 503);
        assertEquals("E", watched.states());
    }

    @Test
    void aThresholdOfZeroIsOff() {
        Watched watched = new Watched(1, plan(0, 0, 100));
        for (int i = 0; i < 1000; i++) {
            watched.answers(0, 503);
        }
        assertEquals("h", watched.states());
    }

    @Test
    void ownErrorCodesReplaceFiveHundreds() {
        Watched watched = new Watched(2, new OutlierPlan(2, 0, false, 5, INTERVAL, BASE, 100, 0, List.of(429, 503), 0));
        watched.answers(0, 500, 500, 500);
        watched.answers(1, 429, 503);
        assertEquals("hE", watched.states());
    }

    @Test
    void noAnswerIsAnErrorWhateverTheOwnCodesAre() {
        Watched watched = new Watched(2, new OutlierPlan(2, 0, false, 5, INTERVAL, BASE, 100, 0, List.of(429), 0));
        watched.unanswered(0, 2);
        watched.answers(1, 429);
        watched.timesOut(1, 1);
        assertEquals("EE", watched.states());
    }

    @Test
    void withoutSplitNoConnectionIs503AndATimeoutIs504() {
        Watched watched = new Watched(2, plan(5, 2, 100));
        watched.unanswered(0, 2);
        watched.timesOut(1, 2);
        assertEquals("EE", watched.states());
    }

    @Test
    void withSplitFailuresToReachItFeedACounterOfTheirOwn() {
        Watched watched = new Watched(1, split(2, 3));
        watched.answers(0, 500);
        watched.unanswered(0, 1);
        watched.timesOut(0, 1);
        assertEquals("h", watched.states());
        watched.connects(0);
        watched.unanswered(0, 2);
        assertEquals("h", watched.states());
        watched.unanswered(0, 1);
        assertEquals("E", watched.states());
    }

    @Test
    void neverMoreThanMaxEjectionPercent() {
        Watched ten = new Watched(10, plan(1, 0, 20));
        for (int i = 0; i < 10; i++) {
            ten.answers(i, 500);
        }
        assertEquals("EEhhhhhhhh", ten.states());
    }

    @Test
    void withTenPercentNoneOfNineCanEverBeEjected() {
        Watched nine = new Watched(9, plan(1, 0, 10));
        nine.answers(3, 500, 500, 500);
        assertEquals("hhhhhhhhh", nine.states());
        Watched ten = new Watched(10, plan(1, 0, 10));
        ten.answers(3, 500);
        assertEquals("hhhEhhhhhh", ten.states());
    }

    @Test
    void aRefusedEjectionStartsTheCountAgain() {
        Watched watched = new Watched(2, plan(2, 0, 50));
        watched.answers(0, 500, 500);
        watched.answers(1, 500, 500);
        assertEquals("Eh", watched.states());
        watched.sweepAt(30);
        assertEquals("hh", watched.states());
        watched.answers(1, 500);
        assertEquals("hh", watched.states());
        watched.answers(1, 500);
        assertEquals("hE", watched.states());
    }

    @Test
    void anEndpointThatLeavesTakesItsEjectionWithIt() {
        Watched watched = new Watched(2, plan(1, 0, 50));
        watched.answers(1, 500);
        assertEquals("hE", watched.states());
        watched.cluster.replaceEndpoints(Watched.members(1), 0);
        assertEquals("h", watched.states());
        watched.cluster.replaceEndpoints(Watched.members(2), 0);
        assertEquals("hh", watched.states());
    }

    @Test
    void aReloadKeepsCountersAndEjections() {
        Watched watched = new Watched(2, plan(5, 0, 100));
        var before = watched.endpoint(0);
        watched.answers(0, 500, 500, 500, 500);
        watched.reload(plan(5, 0, 90));
        watched.answers(0, 500);
        assertEquals("Eh", watched.states());
        assertSame(before, watched.endpoint(0));
    }

    @Test
    void withoutOutlierDetectionEverybodyComesBack() {
        Watched watched = new Watched(1, plan(1, 0, 100));
        watched.answers(0, 500);
        watched.reload(null);
        watched.sweepAt(1);
        assertEquals("h", watched.states());
    }
}
