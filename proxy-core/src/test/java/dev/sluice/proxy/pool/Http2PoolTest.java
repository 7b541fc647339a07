package dev.sluice.proxy.pool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.config.plan.policy.LimitsPlan.PingPlan;
import dev.sluice.proxy.cluster.Plans;
import dev.sluice.proxy.stream.ErrorCode;
import dev.sluice.proxy.stream.HttpVersion;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** HTTP/2: many streams a connection. */
class Http2PoolTest {
    private PoolFixture fixture = new PoolFixture(Plans.cluster());

    @AfterEach
    void nothingIsLeftOver() {
        fixture.close();
        assertEquals(fixture.upstream.inUse(), fixture.cluster.connections().used());
        assertEquals(0, fixture.cluster.pending().used());
    }

    private void use(Plans plans) {
        fixture.close();
        fixture = new PoolFixture(plans);
    }

    @Test
    void requestsShareOneConnectionFromTheStart() {
        List<FakeRequest> requests = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            requests.add(fixture.h2());
        }
        assertEquals(1, fixture.upstream.connects.size());
        FakeConnection connection = fixture.upstream.accept();
        assertEquals(20, connection.streams.size());
        assertTrue(requests.stream().allMatch(FakeRequest::isServed));
        assertTrue(fixture.h2().isServed());
        assertEquals(0, fixture.upstream.connects.size());
    }

    @Test
    void connectionsAskTheirUpstreamsAsThePlanSaysAndNewOnesAsItSaysNow() {
        use(Plans.cluster().pings(new PingPlan(Duration.ofSeconds(10), Duration.ofSeconds(3))));
        fixture.h2();
        FakeConnection old = fixture.upstream.accept();
        assertEquals("PT10S PT3S", old.watched);
        fixture.cluster.update(Plans.cluster().build());
        fixture.settle();
        assertTrue(old.draining);
        fixture.h2();
        assertEquals("", fixture.upstream.accept().watched);
    }

    @Test
    void beyondTheConfiguredStreamsAnotherConnectionIsOpened() {
        use(Plans.cluster().maxStreams(2));
        for (int i = 0; i < 5; i++) {
            fixture.h2();
        }
        assertEquals(3, fixture.upstream.connects.size());
        assertEquals(2, fixture.upstream.accept().streams.size());
        assertEquals(2, fixture.upstream.accept().streams.size());
        FakeConnection third = fixture.upstream.accept();
        assertEquals(1, third.streams.size());
        assertTrue(fixture.h2().isServed());
        assertEquals(2, third.streams.size());
    }

    @Test
    void aPeerThatAllowsFewerStreamsThanExpectedGetsMoreConnections() {
        fixture.upstream.peerMaxStreams = 3;
        List<FakeRequest> requests = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            requests.add(fixture.h2());
        }
        assertEquals(1, fixture.upstream.connects.size());
        while (!fixture.upstream.connects.isEmpty()) {
            assertTrue(fixture.upstream.accept().streams.size() <= 3);
        }
        assertTrue(requests.stream().allMatch(FakeRequest::isServed));
        assertEquals(3, fixture.upstream.connections.size());
    }

    @Test
    void anOldConnectionFinishesItsRequestsAndTakesNoMore() {
        use(Plans.cluster().maxConnectionDuration(Duration.ofSeconds(1)));
        FakeRequest first = fixture.h2();
        FakeRequest second = fixture.h2();
        FakeConnection old = fixture.upstream.accept();
        fixture.advance(Duration.ofMillis(1_100));
        assertTrue(old.draining);
        FakeRequest third = fixture.h2();
        assertFalse(third.isServed(), "not on the old one");
        assertEquals(1, fixture.upstream.accept().streams.size());
        old.streams.get(0).answer();
        assertFalse(old.closed, "one is left");
        old.streams.get(0).answer();
        fixture.settle();
        assertTrue(old.closed);
        assertEquals(2, first.answers + second.answers);
    }

    @Test
    void aStreamThatEndsMakesRoomForTheOneThatWaitsLongest() {
        use(Plans.cluster().maxConnections(1).maxStreams(2));
        FakeRequest first = fixture.h2();
        fixture.h2();
        FakeConnection connection = fixture.upstream.accept();
        FakeRequest third = fixture.h2();
        FakeRequest fourth = fixture.h2();
        assertFalse(third.isServed());
        connection.streams.get(0).answer();
        assertEquals(1, first.answers);
        assertTrue(third.isServed());
        assertFalse(fourth.isServed());
        connection.streams.get(0).answer();
        assertTrue(fourth.isServed());
    }

    @Test
    void aConnectThatFailsFailsAllWhoWouldHaveSharedIt() {
        List<FakeRequest> requests = List.of(fixture.h2(), fixture.h2(), fixture.h2());
        fixture.upstream.refuse();
        requests.forEach(request -> assertEquals(FakeUpstream.REFUSED, request.error));
        assertEquals(0, fixture.cluster.connections().used());
    }

    @Test
    void afterGoAwayNewRequestsGoToANewConnectionAndOldOnesFinish() {
        FakeRequest old = fixture.h2();
        FakeConnection connection = fixture.upstream.accept();
        connection.goAway();
        FakeRequest next = fixture.h2();
        assertFalse(next.isServed());
        fixture.upstream.accept();
        assertTrue(next.isServed());
        connection.only().answer();
        fixture.settle();
        assertEquals(1, old.answers);
        assertTrue(connection.closed);
    }

    @Test
    void aLostConnectionFailsItsRequestsAndServesTheWaitingOnesAnew() {
        use(Plans.cluster().maxConnections(1).maxStreams(1));
        FakeRequest lost = fixture.h2();
        FakeConnection connection = fixture.upstream.accept();
        FakeRequest waiting = fixture.h2();
        connection.drop();
        fixture.settle();
        assertTrue(lost.error != null);
        assertNull(waiting.error);
        fixture.upstream.accept();
        assertTrue(waiting.isServed());
    }

    @Test
    void aCancelledWaiterThatStoodForOthersPassesTheirTurnOn() {
        use(Plans.cluster().maxConnections(1).maxStreams(1));
        fixture.h2();
        FakeConnection connection = fixture.upstream.accept();
        FakeRequest first = fixture.h2();
        FakeRequest second = fixture.h2();
        first.cancel();
        connection.drop();
        fixture.settle();
        assertEquals(1, fixture.upstream.connects.size());
        fixture.upstream.accept();
        assertTrue(second.isServed());
        assertFalse(first.isServed());
    }

    /** Streams follow one another without a gap, so the connection never falls idle. */
    @Test
    void aBusyConnectionIsDrainedOnceAnotherLoopHasWaitedTooLong() {
        use(Plans.cluster().maxConnections(1));
        fixture.h2();
        FakeConnection busy = fixture.upstream.accept();
        FakeRequest other = fixture.request(fixture.b, fixture.member(0), HttpVersion.HTTP_2);
        FakeRequest following = fixture.h2();
        assertTrue(following.isServed());
        fixture.advance(Duration.ofMillis(300));
        FakeRequest last = fixture.h2();
        assertFalse(last.isServed());
        assertTrue(busy.draining);
        busy.streams.get(0).answer();
        busy.streams.get(0).answer();
        fixture.settle();
        assertTrue(busy.closed);
        assertEquals(1, following.answers);
        FakeConnection next = fixture.upstream.accept();
        assertTrue(other.isServed());
        assertFalse(last.isServed(), "its loop comes next");
        next.only().answer();
        fixture.settle();
        fixture.upstream.accept();
        assertTrue(last.isServed());
    }

    @Test
    void roomOnAConnectionIsOfNoUseWhereTheRequestsHaveReachedTheirLimit() {
        use(Plans.cluster().maxConnections(1).maxRequests(2));
        List<FakeRequest> cold = List.of(fixture.h2(), fixture.h2(), fixture.h2(), fixture.h2());
        FakeConnection connection = fixture.upstream.accept();
        fixture.settle();
        assertEquals(2, connection.streams.size());
        assertEquals(
                List.of(true, true, false, false),
                cold.stream().map(FakeRequest::isServed).toList());
        FakeRequest warm = fixture.h2();
        for (FakeRequest refused : List.of(cold.get(2), cold.get(3), warm)) {
            assertEquals(
                    ErrorCode.BREAKER_OPEN,
                    Objects.requireNonNull(refused.error).code());
        }
        assertEquals(3, fixture.cluster.counters().refusedRequests());
        connection.streams.get(0).answer();
        assertTrue(fixture.h2().isServed());
        assertEquals(2, fixture.cluster.requests().used());
    }

    /** The stream is free before the request that had it has given its permit back. */
    @Test
    void theRoomOfARequestThatIsCancelledIsForTheOneThatWaitsAndIsNoRefusal() {
        use(Plans.cluster().maxConnections(1).maxStreams(2).maxRequests(2));
        FakeRequest first = fixture.h2();
        fixture.h2();
        fixture.upstream.accept();
        FakeRequest third = fixture.h2();
        FakeRequest fourth = fixture.h2();
        first.cancel();
        fixture.settle();
        assertTrue(third.isServed());
        assertFalse(fourth.isServed());
        assertNull(fourth.error);
        assertEquals(2, fixture.cluster.requests().used());
        assertEquals(1, fixture.cluster.pending().used());
        third.cancel();
        fixture.settle();
        assertTrue(fourth.isServed());
    }
}
