package dev.sluice.proxy.pool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.proxy.cluster.Plans;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Connections retire before their server closes them, as far as it has told or shown when that is. */
class KeepAlivePoolTest {
    private static FakeConnection idle(PoolFixture fixture, int idleSeconds) {
        fixture.h1();
        FakeConnection connection = fixture.upstream.accept();
        connection.idleSeconds = idleSeconds;
        connection.only().answer();
        return connection;
    }

    /** The server closes {@code connection} after {@code idle}. */
    private static void closeAfter(PoolFixture fixture, FakeConnection connection, Duration idle) {
        fixture.advance(idle);
        assertFalse(connection.closed, "it retired before");
        connection.drop();
        fixture.settle();
    }

    @Test
    void aConnectionClosesASecondBeforeItsServerSaidItWould() {
        try (PoolFixture fixture = new PoolFixture(Plans.cluster())) {
            FakeConnection connection = idle(fixture, 5);
            fixture.advance(Duration.ofMillis(3_900));
            assertFalse(connection.closed);
            fixture.advance(Duration.ofMillis(150));
            assertTrue(connection.closed);
        }
    }

    @Test
    void aServerThatKeepsNothingGetsNoSecondRequest() {
        try (PoolFixture fixture = new PoolFixture(Plans.cluster())) {
            idle(fixture, 0);
            FakeRequest next = fixture.h1();
            assertFalse(next.isServed());
            assertEquals(1, fixture.upstream.connects.size());
        }
    }

    @Test
    void whatTheServerSaysLaterCounts() {
        try (PoolFixture fixture = new PoolFixture(Plans.cluster())) {
            FakeConnection connection = idle(fixture, 1);
            connection.idleSeconds = 60;
            assertTrue(fixture.h1().isServed());
            connection.only().answer();
            fixture.advance(Duration.ofSeconds(58));
            assertFalse(connection.closed);
            fixture.advance(Duration.ofSeconds(2));
            assertTrue(connection.closed);
        }
    }

    @Test
    void aServerThatTellsNothingIsWatched() {
        try (PoolFixture fixture = new PoolFixture(Plans.cluster())) {
            closeAfter(fixture, idle(fixture, -1), Duration.ofSeconds(1));
            // The first one past two thirds of it stays, unused, to see whether that holds.
            FakeConnection tested = idle(fixture, -1);
            fixture.advance(Duration.ofMillis(800));
            assertFalse(tested.closed);
            FakeConnection used = idle(fixture, -1);
            assertEquals(0, tested.streams.size());
            closeAfter(fixture, tested, Duration.ofMillis(200));
            fixture.advance(Duration.ofMillis(400));
            assertFalse(used.closed);
            fixture.advance(Duration.ofMillis(150));
            assertTrue(used.closed, "retired before the server's second is over");
        }
    }

    @Test
    void aTimeThatWasTooShortIsForgotten() {
        try (PoolFixture fixture = new PoolFixture(Plans.cluster())) {
            closeAfter(fixture, idle(fixture, -1), Duration.ofMillis(200));
            assertEquals(
                    afterClosingAt(Duration.ofMillis(200)),
                    fixture.member(0).idleLife().limitNanos());
            // From now on the server keeps everything.
            FakeConnection connection = idle(fixture, -1);
            for (int i = 0; i < 6; i++) {
                fixture.advance(Duration.ofSeconds(30));
                assertTrue(connection.closed);
                connection = idle(fixture, -1);
            }
            long limit = fixture.member(0).idleLife().limitNanos();
            assertTrue(limit >= Duration.ofSeconds(2).toNanos(), () -> "still " + limit);
        }
    }

    @Test
    void aConnectionThatIsOnlyWatchedMakesRoomAtTheLimit() {
        try (PoolFixture fixture = new PoolFixture(Plans.cluster().maxConnections(1))) {
            closeAfter(fixture, idle(fixture, -1), Duration.ofSeconds(1));
            FakeConnection tested = idle(fixture, -1);
            fixture.advance(Duration.ofMillis(800));
            assertFalse(tested.closed);
            FakeRequest request = fixture.h1();
            fixture.settle();
            assertTrue(tested.closed);
            fixture.upstream.accept();
            assertTrue(request.isServed());
        }
    }

    @Test
    void aServerThatClosesTheYoungerOfTwoHasNoTimeout() {
        try (PoolFixture fixture = new PoolFixture(Plans.cluster())) {
            fixture.h1();
            fixture.h1();
            FakeConnection old = fixture.upstream.accept();
            FakeConnection young = fixture.upstream.accept();
            old.only().answer();
            fixture.advance(Duration.ofSeconds(10));
            young.only().answer();
            closeAfter(fixture, young, Duration.ofSeconds(2));
            assertEquals(Long.MAX_VALUE, fixture.member(0).idleLife().limitNanos());
        }
    }

    @Test
    void whatTheSettingsCloseTeachesNothing() {
        try (PoolFixture fixture = new PoolFixture(Plans.cluster().idleTimeout(Duration.ofSeconds(2)))) {
            FakeConnection connection = idle(fixture, -1);
            fixture.advance(Duration.ofMillis(2_100));
            assertTrue(connection.closed);
            assertEquals(Long.MAX_VALUE, fixture.member(0).idleLife().limitNanos());
        }
    }

    @Test
    void aRequestThatFindsItsConnectionClosedTeachesItsTime() {
        try (PoolFixture fixture = new PoolFixture(Plans.cluster())) {
            FakeConnection connection = idle(fixture, -1);
            fixture.advance(Duration.ofSeconds(4));
            fixture.h1();
            connection.only().foundClosed();
            fixture.settle();
            assertEquals(
                    afterClosingAt(Duration.ofSeconds(4)),
                    fixture.member(0).idleLife().limitNanos());
        }
    }

    /**
     * A server that closes after a second, give or take a fifth, under little traffic: once it has been seen to close, no
     * request goes on a connection that it may be closing.
     */
    @Property(tries = 20)
    void underLittleTrafficNoRequestMeetsAClosingConnection(@ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        try (PoolFixture fixture = new PoolFixture(Plans.cluster())) {
            closeAfter(fixture, idle(fixture, -1), Duration.ofMillis(random.nextInt(800, 1_201)));
            Map<FakeConnection, Integer> untilClose = new HashMap<>();
            for (int request = 0; request < 60; request++) {
                fixture.h1();
                FakeConnection connection =
                        fixture.upstream.connects.isEmpty() ? busy(fixture) : fixture.upstream.accept();
                Integer left = untilClose.put(connection, random.nextInt(800, 1_201));
                assertTrue(left == null || left > 0, () -> "used " + left + " ms before its server closes it");
                connection.only().answer();
                for (int pause = random.nextInt(160); pause > 0; pause--) {
                    fixture.advance(Duration.ofMillis(10));
                    untilClose.replaceAll((idle, millis) -> millis - 10);
                    untilClose.forEach((idle, millis) -> {
                        if (millis <= 0 && !idle.closed) {
                            idle.drop();
                        }
                    });
                }
            }
            long limit = fixture.member(0).idleLife().limitNanos();
            assertTrue(limit >= afterClosingAt(Duration.ofMillis(800)), () -> "needlessly short: " + limit);
        }
    }

    /** How long a connection is used to a server that closed one after {@code idle}. */
    private static long afterClosingAt(Duration idle) {
        return idle.toNanos() - idle.toNanos() / 3;
    }

    private static FakeConnection busy(PoolFixture fixture) {
        return fixture.upstream.open().stream()
                .filter(connection -> connection.activeStreams() == 1)
                .findAny()
                .orElseThrow();
    }
}
