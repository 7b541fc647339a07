package dev.sluice.proxy.pool;

import static dev.sluice.proxy.cluster.Plans.endpoint;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.proxy.cluster.Plans;
import dev.sluice.proxy.stream.HttpVersion;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One limit of connections over loops and endpoints. */
class SharedLimitTest {
    private PoolFixture fixture = new PoolFixture(Plans.cluster().maxConnections(1));

    @AfterEach
    void nothingIsLeftOver() {
        fixture.close();
        assertEquals(fixture.upstream.inUse(), fixture.cluster.connections().used());
        assertEquals(0, fixture.cluster.pending().used());
        assertTrue(fixture.pool.queue().isEmpty());
    }

    private FakeRequest onA(int member) {
        return fixture.request(fixture.a, fixture.member(member), HttpVersion.HTTP_1_1);
    }

    private FakeRequest onB(int member) {
        return fixture.request(fixture.b, fixture.member(member), HttpVersion.HTTP_1_1);
    }

    @Test
    void atTheLimitRequestsOfTheSameLoopWaitInOrder() {
        onA(0);
        FakeConnection connection = fixture.upstream.accept();
        FakeRequest second = onA(0);
        FakeRequest third = onA(0);
        assertEquals(0, fixture.upstream.connects.size());
        connection.only().answer();
        assertTrue(second.isServed());
        assertFalse(third.isServed());
        connection.only().answer();
        assertTrue(third.isServed());
    }

    @Test
    void anIdleConnectionOfAnotherLoopIsClosedForWhoNeedsItsPermit() {
        onA(0);
        FakeConnection idle = fixture.upstream.accept();
        idle.only().answer();
        FakeRequest other = onB(0);
        assertEquals(0, fixture.upstream.connects.size(), "the permit is not back yet");
        fixture.settle();
        assertTrue(idle.closed);
        fixture.upstream.accept();
        assertTrue(other.isServed());
    }

    @Test
    void anIdleConnectionToAnotherEndpointIsClosedForWhoNeedsItsPermit() {
        onA(0);
        FakeConnection idle = fixture.upstream.accept();
        idle.only().answer();
        FakeRequest other = onA(1);
        fixture.settle();
        assertTrue(idle.closed);
        fixture.upstream.accept();
        assertTrue(other.isServed());
    }

    @Test
    void aConnectionThatFallsIdleIsClosedForAnotherLoopWhenItsOwnHasNobody() {
        onA(0);
        FakeConnection connection = fixture.upstream.accept();
        FakeRequest other = onB(0);
        fixture.settle();
        assertFalse(other.isServed());
        connection.only().answer();
        fixture.settle();
        assertTrue(connection.closed);
        fixture.upstream.accept();
        assertTrue(other.isServed());
    }

    @Test
    void aLoopGoesOnWithItsOwnWaitersUntilAnotherHasWaitedMuchLonger() {
        onA(0);
        FakeConnection connection = fixture.upstream.accept();
        FakeRequest other = onB(0);
        FakeRequest own = onA(0);
        connection.only().answer();
        assertTrue(own.isServed(), "a handshake costs more than a short wait");
        fixture.advance(Duration.ofMillis(30));
        FakeRequest later = onA(0);
        connection.only().answer();
        fixture.settle();
        assertFalse(later.isServed());
        assertTrue(connection.closed);
        FakeConnection moved = fixture.upstream.accept();
        assertTrue(other.isServed());
        moved.only().answer();
        fixture.settle();
        fixture.upstream.accept();
        assertTrue(later.isServed());
    }

    @Test
    void anEndpointOfTheSameLoopDoesNotStarveEither() {
        onA(0);
        FakeConnection connection = fixture.upstream.accept();
        FakeRequest other = onA(1);
        fixture.advance(Duration.ofMillis(30));
        onA(0);
        connection.only().answer();
        fixture.settle();
        assertTrue(connection.closed);
        assertEquals(
                "10.0.0.2",
                ((InetSocketAddress) fixture.upstream.connects.peek().address()).getHostString());
        fixture.upstream.accept().only().answer();
        assertEquals(1, other.answers);
        fixture.settle();
        fixture.upstream.accept();
    }

    @Test
    void permitsGoToWhoHasWaitedLongestWhateverTheLoop() {
        onA(0);
        FakeConnection connection = fixture.upstream.accept();
        FakeRequest first = onB(0);
        fixture.advance(Duration.ofMillis(5));
        FakeRequest second = onA(1);
        fixture.advance(Duration.ofMillis(5));
        FakeRequest third = onB(1);
        for (FakeRequest next : List.of(first, second, third)) {
            connection.only().answer();
            fixture.settle();
            assertEquals(1, fixture.upstream.connects.size());
            connection = fixture.upstream.accept();
            assertTrue(next.isServed());
        }
    }

    @Test
    void aCancelledWaiterIsOutOfTheQueueAtOnce() {
        onA(0);
        FakeConnection connection = fixture.upstream.accept();
        FakeRequest gone = onB(0);
        FakeRequest stays = onB(1);
        assertEquals(2, fixture.pool.queue().size());
        gone.cancel();
        assertEquals(1, fixture.pool.queue().size());
        connection.only().answer();
        fixture.settle();
        fixture.upstream.accept();
        assertTrue(stays.isServed());
    }

    /** The permit is on its way to loop b when the request there ends. */
    @Test
    void aPermitThatComesForNobodyGoesToTheNext() {
        onA(0);
        FakeConnection connection = fixture.upstream.accept();
        FakeRequest gone = onB(0);
        FakeRequest next = onA(1);
        connection.drop();
        fixture.a.run();
        gone.cancel();
        fixture.settle();
        assertEquals(1, fixture.upstream.connects.size());
        fixture.upstream.accept();
        assertTrue(next.isServed());
    }

    @Test
    void aRaisedLimitServesWhoWaits() {
        onA(0);
        fixture.upstream.accept();
        FakeRequest one = onB(0);
        FakeRequest two = onA(1);
        fixture.settle();
        assertEquals(0, fixture.upstream.connects.size());
        fixture.cluster.update(Plans.cluster().maxConnections(3).build());
        fixture.settle();
        assertEquals(2, fixture.upstream.connects.size());
        fixture.upstream.accept();
        fixture.upstream.accept();
        assertTrue(one.isServed() && two.isServed());
    }

    @Test
    void aLoweredLimitIsNeverExceededByWhatComesAfterwards() {
        fixture.cluster.update(Plans.cluster().maxConnections(3).build());
        onA(0);
        onA(0);
        onB(0);
        FakeConnection one = fixture.upstream.accept();
        FakeConnection two = fixture.upstream.accept();
        fixture.upstream.accept();
        FakeRequest waits = onB(1);
        fixture.cluster.update(Plans.cluster().maxConnections(1).build());
        one.only().answer();
        fixture.settle();
        two.only().answer();
        fixture.settle();
        assertFalse(waits.isServed());
        assertEquals(0, fixture.upstream.connects.size());
        fixture.upstream.open().get(0).only().answer();
        fixture.settle();
        assertEquals(1, fixture.upstream.inUse());
        fixture.upstream.accept();
        assertTrue(waits.isServed());
    }

    private List<FakeConnection> idle(int count) {
        fixture.cluster.update(Plans.cluster().maxConnections(count).build());
        for (int i = 0; i < count; i++) {
            onA(0);
        }
        List<FakeConnection> all = IntStream.range(0, count)
                .mapToObj(i -> fixture.upstream.accept())
                .toList();
        all.forEach(connection -> connection.only().answer());
        fixture.settle();
        return all;
    }

    @Test
    void aLoweredLimitClosesAsManyIdleConnectionsAsAreTooMany() {
        List<FakeConnection> all = idle(4);
        fixture.cluster.update(Plans.cluster().maxConnections(3).build());
        fixture.settle();
        assertEquals(1, all.stream().filter(connection -> connection.closed).count());
        fixture.cluster.update(
                Plans.cluster().maxConnections(3).maxConnectionsPerEndpoint(1).build());
        fixture.settle();
        assertEquals(3, all.stream().filter(connection -> connection.closed).count());
    }

    @Test
    void aLoweredLimitHoldsThoughItsOwnLoopAlwaysHasWaiters() {
        List<FakeConnection> all = idle(3);
        for (int i = 0; i < 3; i++) {
            onA(0);
        }
        FakeRequest fourth = onA(0);
        FakeRequest fifth = onA(0);
        fixture.cluster.update(Plans.cluster().maxConnections(1).build());
        fixture.settle();
        assertEquals(3, fixture.upstream.inUse());
        all.forEach(connection -> connection.only().answer());
        fixture.settle();
        assertEquals(1, fixture.upstream.inUse());
        assertTrue(fourth.isServed());
        assertFalse(fifth.isServed());
        fixture.upstream.open().get(0).only().answer();
        assertTrue(fifth.isServed());
    }

    @Test
    void whoWaitsWhileALimitIsLoweredIsServedWhateverWasClosedForIt() {
        List<FakeConnection> all = idle(3);
        FakeRequest other = onB(1);
        fixture.cluster.update(Plans.cluster().maxConnections(1).build());
        fixture.settle();
        assertEquals(3, all.stream().filter(connection -> connection.closed).count());
        fixture.upstream.accept();
        assertTrue(other.isServed());
    }

    @Test
    void noMoreIdleConnectionsAreClosedThanThereAreWaiters() {
        fixture.cluster.update(Plans.cluster().maxConnections(3).build());
        onA(0);
        onA(0);
        onA(0);
        List<FakeConnection> all =
                List.of(fixture.upstream.accept(), fixture.upstream.accept(), fixture.upstream.accept());
        all.get(0).only().answer();
        all.get(1).only().answer();
        FakeRequest other = onB(0);
        all.get(2).only().answer();
        fixture.settle();
        assertEquals(1, all.stream().filter(connection -> connection.closed).count());
        fixture.upstream.accept();
        assertTrue(other.isServed());
    }

    @Test
    void aRefusedConnectPassesItsPermitOn() {
        FakeRequest refused = onA(0);
        FakeRequest next = onB(0);
        fixture.settle();
        fixture.upstream.refuse();
        fixture.settle();
        assertEquals(FakeUpstream.REFUSED, refused.error);
        fixture.upstream.accept();
        assertTrue(next.isServed());
    }

    @Test
    void whatIsKeptOfEndpointsThatLeftIsNothing() {
        for (int i = 0; i < 20; i++) {
            fixture.cluster.replaceEndpoints(List.of(endpoint("10.1.0." + i, 80)), i);
            FakeRequest request = onA(0);
            fixture.settle();
            if (i % 2 == 0) {
                fixture.upstream.refuse();
            } else {
                fixture.upstream.accept().only().answer();
                assertEquals(1, request.answers);
            }
        }
        fixture.cluster.replaceEndpoints(List.of(), 99);
        fixture.settle();
        assertEquals(0, fixture.pool.poolCount());
        assertEquals(0, fixture.upstream.inUse());
    }
}
