package dev.sluice.proxy.pool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.proxy.cluster.Plans;
import dev.sluice.proxy.stream.ProxyError.RetryVerdict;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Connections that their server closed while they were idle, found out by the next request. */
class StaleConnectionsTest {
    private PoolFixture fixture = new PoolFixture(Plans.cluster());

    @AfterEach
    void nothingIsLeftOver() {
        fixture.close();
        assertEquals(fixture.upstream.inUse(), fixture.cluster.connections().used());
        assertEquals(0, fixture.cluster.pending().used());
    }

    private void idleConnections(int count) {
        for (int i = 0; i < count; i++) {
            fixture.h1();
        }
        for (int i = 0; i < count; i++) {
            fixture.upstream.accept();
        }
        fixture.upstream.connections.forEach(connection -> connection.only().answer());
        assertEquals(count, fixture.upstream.open().size());
    }

    @Test
    void whatHasBeenIdleForAsLongAsAStaleConnectionIsNotUsedAnyMore() {
        idleConnections(4);
        FakeRequest request = fixture.h1();
        fixture.upstream.connections.get(3).only().foundClosed();
        assertEquals(RetryVerdict.REUSED_CONNECTION, request.error.retry());
        FakeRequest again = fixture.h1();
        assertEquals(1, fixture.upstream.connects.size(), "the others are as stale");
        fixture.settle();
        assertEquals(0, fixture.upstream.open().size());
        fixture.upstream.accept();
        assertTrue(again.isServed());
    }

    @Test
    void whatWasUsedSinceIsKept() {
        idleConnections(2);
        FakeRequest stale = fixture.h1();
        fixture.h1();
        fixture.advance(Duration.ofMillis(5));
        FakeConnection alive = fixture.upstream.connections.get(0);
        alive.only().answer();
        fixture.upstream.connections.get(1).only().foundClosed();
        assertTrue(stale.isOver());
        FakeRequest again = fixture.h1();
        assertTrue(again.isServed());
        assertEquals(1, alive.streams.size());
    }

    @Test
    void aLossOfABusyConnectionIsNoSignForTheIdleOnes() {
        idleConnections(2);
        fixture.h1();
        fixture.upstream.connections.get(1).drop();
        fixture.settle();
        assertTrue(fixture.h1().isServed());
    }

    @Test
    void whoNeedsANewConnectionGetsOneThoughOthersAreIdle() {
        idleConnections(2);
        FakeRequest request = fixture.h1OnNewConnection();
        assertFalse(request.isServed());
        FakeRequest other = fixture.h1();
        assertTrue(other.isServed(), "who takes any connection does not wait behind it");
        FakeConnection made = fixture.upstream.accept();
        assertTrue(request.isServed());
        assertEquals(1, made.streams.size());
    }

    @Test
    void aNewConnectionServesFirstWhoCannotTakeAnother() {
        FakeRequest any = fixture.h1();
        FakeRequest needsNew = fixture.h1OnNewConnection();
        fixture.upstream.accept();
        assertTrue(needsNew.isServed());
        assertFalse(any.isServed());
        fixture.upstream.connections.get(0).only().answer();
        assertTrue(any.isServed());
    }

    @Test
    void atTheLimitAnIdleConnectionMakesRoomForANewOne() {
        fixture.close();
        fixture = new PoolFixture(Plans.cluster().maxConnections(1));
        idleConnections(1);
        FakeRequest request = fixture.h1OnNewConnection();
        fixture.settle();
        fixture.upstream.accept();
        assertTrue(request.isServed());
        assertEquals(1, fixture.upstream.open().size());
    }

    @Test
    void atTheLimitABusyConnectionMakesRoomForANewOneThoughItsOwnPoolHasWaiters() {
        fixture.close();
        fixture = new PoolFixture(Plans.cluster().maxConnections(1));
        fixture.h1();
        FakeConnection busy = fixture.upstream.accept();
        FakeRequest needsNew = fixture.h1OnNewConnection();
        fixture.advance(Duration.ofMillis(30));
        FakeRequest later = fixture.h1();
        busy.only().answer();
        fixture.settle();
        fixture.upstream.accept();
        assertTrue(needsNew.isServed());
        assertFalse(later.isServed());
        fixture.upstream.connections.get(1).only().answer();
        assertTrue(later.isServed());
    }
}
