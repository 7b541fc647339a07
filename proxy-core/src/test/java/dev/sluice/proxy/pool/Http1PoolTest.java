package dev.sluice.proxy.pool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.config.plan.policy.LimitsPlan;
import dev.sluice.proxy.cluster.Plans;
import dev.sluice.proxy.stream.ErrorCode;
import dev.sluice.proxy.stream.HttpVersion;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One loop, HTTP/1: reuse, waiting, failing. */
class Http1PoolTest {
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
    void aRequestWaitsForItsConnectionAndTheNextReusesIt() {
        FakeRequest first = fixture.h1();
        assertFalse(first.isServed());
        assertEquals(1, fixture.cluster.pending().used());
        FakeConnection connection = fixture.upstream.accept();
        assertTrue(first.isServed());
        assertEquals(0, fixture.cluster.pending().used());
        connection.only().answer();
        assertEquals(1, first.answers);
        FakeRequest second = fixture.h1();
        assertTrue(second.isServed());
        assertEquals(1, fixture.upstream.connections.size());
        connection.only().answer();
    }

    @Test
    void theConnectionThatFellIdleLastIsTakenFirst() {
        fixture.h1();
        fixture.h1();
        FakeConnection one = fixture.upstream.accept();
        FakeConnection two = fixture.upstream.accept();
        two.only().answer();
        one.only().answer();
        fixture.h1();
        assertEquals(1, one.streams.size());
        assertEquals(0, two.streams.size());
    }

    @Test
    void aConnectServesWhoeverIsFirstAndWhatFreesUpEarlierServesToo() {
        FakeRequest first = fixture.h1();
        FakeConnection connection = fixture.upstream.accept();
        FakeRequest second = fixture.h1();
        FakeRequest third = fixture.h1();
        assertEquals(2, fixture.upstream.connects.size());
        connection.only().answer();
        assertEquals(1, first.answers);
        assertTrue(second.isServed());
        assertFalse(third.isServed());
        FakeConnection other = fixture.upstream.accept();
        assertTrue(third.isServed());
        FakeConnection spare = fixture.upstream.accept();
        assertEquals(0, spare.streams.size());
        assertEquals(1, other.streams.size());
        assertTrue(fixture.h1().isServed(), "the spare connection is kept");
    }

    @Test
    void aRefusedConnectFailsOneRequestAndGivesItsPermitBack() {
        FakeRequest first = fixture.h1();
        FakeRequest second = fixture.h1();
        fixture.upstream.refuse();
        assertEquals(FakeUpstream.REFUSED, first.error);
        assertNull(second.error);
        assertEquals(1, fixture.cluster.connections().used());
        fixture.upstream.accept();
        assertTrue(second.isServed());
    }

    @Test
    void aCancelledWaiterLeavesTheQueueAndItsConnectServesTheNext() {
        FakeRequest gone = fixture.h1();
        gone.cancel();
        assertEquals(0, fixture.cluster.pending().used());
        FakeRequest next = fixture.h1();
        FakeConnection connection = fixture.upstream.accept();
        assertTrue(next.isServed());
        assertFalse(gone.isServed());
        assertEquals(1, connection.streams.size());
    }

    @Test
    void aRequestBeyondThePendingOnesFailsAtOnce() {
        use(Plans.cluster().maxPending(1));
        FakeRequest first = fixture.h1();
        FakeRequest second = fixture.h1();
        assertEquals(ErrorCode.PENDING_FULL, second.error.code());
        fixture.upstream.accept();
        assertTrue(first.isServed());
        fixture.h1();
        assertEquals(1, fixture.cluster.pending().used());
        fixture.upstream.accept();
    }

    @Test
    void aWaiterPastItsDeadlineFailsAndLeavesTheOthersInOrder() {
        use(Plans.cluster().maxConnections(1).pendingDeadline(Duration.ofMillis(100)));
        FakeRequest served = fixture.h1();
        FakeConnection connection = fixture.upstream.accept();
        FakeRequest late = fixture.h1();
        fixture.advance(Duration.ofMillis(60));
        FakeRequest inTime = fixture.h1();
        fixture.advance(Duration.ofMillis(60));
        assertEquals(ErrorCode.PENDING_FULL, late.error.code());
        assertNull(inTime.error);
        connection.only().answer();
        assertTrue(inTime.isServed());
        fixture.advance(Duration.ofMillis(200));
        assertNull(inTime.error, "its deadline ended with its waiting");
        assertEquals(1, served.answers);
    }

    @Test
    void anIdleConnectionEndsAfterTheIdleTimeout() {
        use(Plans.cluster().idleTimeout(Duration.ofSeconds(2)));
        fixture.h1();
        FakeConnection connection = fixture.upstream.accept();
        fixture.advance(Duration.ofSeconds(3));
        assertFalse(connection.closed, "it carries a request");
        connection.only().answer();
        fixture.advance(Duration.ofMillis(1_900));
        assertFalse(connection.closed);
        fixture.advance(Duration.ofMillis(200));
        assertTrue(connection.closed);
        assertEquals(0, fixture.cluster.connections().used());
    }

    @Test
    void aReloadThatShortensTheIdleTimeoutHoldsForWhatIsIdleAlready() {
        fixture.h1();
        FakeConnection connection = fixture.upstream.accept();
        connection.only().answer();
        fixture.advance(Duration.ofSeconds(5));
        fixture.cluster.update(
                Plans.cluster().idleTimeout(Duration.ofSeconds(6)).build());
        fixture.advance(Duration.ofMillis(900));
        assertFalse(connection.closed);
        fixture.advance(Duration.ofMillis(200));
        assertTrue(connection.closed);
    }

    @Test
    void withoutAnIdleTimeoutNothingIsEverClosed() {
        use(Plans.cluster().idleTimeout(null));
        fixture.h1();
        FakeConnection connection = fixture.upstream.accept();
        connection.only().answer();
        fixture.a.advance(Duration.ofHours(3));
        assertFalse(connection.closed);
    }

    @Test
    void anOldConnectionFinishesItsRequestAndTakesNoMore() {
        use(Plans.cluster().maxConnectionDuration(Duration.ofSeconds(1)));
        FakeRequest first = fixture.h1();
        FakeConnection connection = fixture.upstream.accept();
        fixture.advance(Duration.ofMillis(1_100));
        assertTrue(connection.draining);
        assertFalse(connection.closed);
        connection.only().answer();
        fixture.settle();
        assertTrue(connection.closed);
        assertEquals(1, first.answers);
        assertFalse(fixture.h1().isServed());
        fixture.upstream.accept();
    }

    @Test
    void aConnectionTakesAsManyRequestsAsItMay() {
        use(Plans.cluster().maxRequestsPerConnection(2));
        fixture.h1();
        FakeConnection connection = fixture.upstream.accept();
        connection.only().answer();
        assertFalse(connection.draining);
        FakeRequest second = fixture.h1();
        assertTrue(connection.draining, "told before the request is sent, so that it can say so");
        connection.only().answer();
        fixture.settle();
        assertTrue(connection.closed);
        assertEquals(1, second.answers);
        fixture.h1();
        assertNotSame(connection, fixture.upstream.accept());
    }

    @Test
    void aConnectionThatIsClosedOrDrainingOrHasBytesPendingIsNotReused() {
        for (String end : new String[] {"drop", "goAway", "pendingBytes"}) {
            use(Plans.cluster());
            fixture.h1();
            FakeConnection connection = fixture.upstream.accept();
            connection.only().answer();
            switch (end) {
                case "drop" -> connection.drop();
                case "goAway" -> connection.goAway();
                default -> connection.pendingBytes();
            }
            assertFalse(fixture.h1().isServed(), end);
            fixture.upstream.accept();
        }
    }

    @Test
    void anEndpointThatLeavesKeepsNoConnectionAndFinishesWhatItHas() {
        fixture.h1();
        fixture.h1();
        FakeConnection busy = fixture.upstream.accept();
        FakeConnection idle = fixture.upstream.accept();
        idle.only().answer();
        FakeRequest waiting = fixture.h1();
        assertTrue(waiting.isServed());
        idle.only().answer();
        FakeRequest late = new FakeRequest(fixture.a.loop());
        var gone = fixture.member(0);
        fixture.cluster.replaceEndpoints(List.of(), 1);
        fixture.settle();
        assertTrue(idle.closed);
        assertFalse(busy.closed);
        assertTrue(busy.draining);
        fixture.pool.acquire(late.attempt, gone, HttpVersion.HTTP_1_1);
        FakeConnection last = fixture.upstream.accept();
        assertTrue(late.isServed(), "it was picked while the endpoint was a member");
        last.only().answer();
        busy.only().answer();
        fixture.settle();
        assertEquals(0, fixture.upstream.inUse());
    }

    @Test
    void anotherTransportDrainsWhatIsThereAndWhatIsBeingConnected() {
        FakeRequest first = fixture.h1();
        FakeConnection old = fixture.upstream.accept();
        FakeRequest second = fixture.h1();
        fixture.cluster.update(Plans.cluster()
                .keepAlive(new LimitsPlan.KeepAlivePlan(1, null, null))
                .build());
        fixture.settle();
        assertTrue(old.draining);
        FakeConnection outdated = fixture.upstream.accept();
        assertTrue(second.isServed());
        assertTrue(outdated.draining);
        old.only().answer();
        outdated.only().answer();
        fixture.settle();
        assertTrue(old.closed && outdated.closed);
        assertEquals(1, first.answers);
        fixture.h1();
        FakeConnection fresh = fixture.upstream.accept();
        assertFalse(fresh.draining);
        assertSame(fresh, fixture.upstream.open().get(0));
    }

    @Test
    void aReloadThatLeavesTheTransportAloneLeavesTheConnectionsAlone() {
        fixture.h1();
        FakeConnection connection = fixture.upstream.accept();
        connection.only().answer();
        fixture.cluster.update(Plans.cluster().maxPending(7).build());
        fixture.settle();
        assertTrue(fixture.h1().isServed());
        assertEquals(1, connection.streams.size());
    }

    @Test
    void aClosedPoolKeepsNothingAndStillServesWhoHoldsIt() {
        fixture.h1();
        FakeConnection connection = fixture.upstream.accept();
        connection.only().answer();
        fixture.pool.close();
        fixture.settle();
        assertTrue(connection.closed);
        FakeRequest retry = fixture.h1();
        FakeConnection last = fixture.upstream.accept();
        last.only().answer();
        fixture.settle();
        assertEquals(1, retry.answers);
        assertTrue(last.closed);
    }

    @Test
    void aResetRequestCostsItsConnectionAndThePermitComesBack() {
        FakeRequest request = fixture.h1();
        FakeConnection connection = fixture.upstream.accept();
        request.cancel();
        fixture.settle();
        assertTrue(connection.closed);
        assertEquals(0, fixture.cluster.connections().used());
    }

    /** spec/istio-fields.md §12.7: pending and active requests are counted apart. */
    @Test
    void whoWaitsForAConnectionIsPendingAndNotYetOneOfTheRequests() {
        use(Plans.cluster().maxConnections(1).maxRequests(1).maxPending(2));
        FakeRequest first = fixture.h1();
        FakeConnection connection = fixture.upstream.accept();
        FakeRequest second = fixture.h1();
        FakeRequest third = fixture.h1();
        FakeRequest fourth = fixture.h1();
        assertEquals(1, fixture.cluster.requests().used());
        assertEquals(2, fixture.cluster.pending().used());
        assertEquals(
                ErrorCode.PENDING_FULL, Objects.requireNonNull(fourth.error).code());
        for (FakeRequest served : List.of(first, second, third)) {
            assertTrue(served.isServed());
            assertEquals(1, fixture.cluster.requests().used());
            connection.streams.get(0).answer();
            fixture.settle();
        }
        assertEquals(0, fixture.cluster.requests().used());
        assertEquals(0, fixture.cluster.pending().used());
    }
}
