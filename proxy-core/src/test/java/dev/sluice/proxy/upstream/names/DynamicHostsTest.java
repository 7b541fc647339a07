package dev.sluice.proxy.upstream.names;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.sluice.config.plan.ClusterKey;
import dev.sluice.config.plan.EndpointPlan;
import dev.sluice.proxy.cluster.Cluster;
import dev.sluice.proxy.cluster.Plans;
import dev.sluice.proxy.exchange.Cancellable;
import dev.sluice.proxy.stream.ErrorCode;
import dev.sluice.proxy.stream.ProxyError;
import dev.sluice.proxy.upstream.FrozenLoop;
import dev.sluice.proxy.upstream.names.DynamicHosts.Bounds;
import dev.sluice.proxy.upstream.names.DynamicHosts.Outcome;
import dev.sluice.proxy.upstream.names.DynamicHosts.Owner;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DynamicHostsTest {
    private final FrozenLoop time = new FrozenLoop();
    private final FrozenLoop requests = new FrozenLoop();
    private final FakeNames names = new FakeNames();
    private final List<Cluster> closed = new ArrayList<>();
    private final DynamicHosts<Cluster> hosts = new DynamicHosts<>(
            new DnsResolver(time.loop(), names, Duration.ofSeconds(60)),
            new Bounds(2, Duration.ofMinutes(5), Duration.ofSeconds(1)),
            new Owner<>() {
                @Override
                public Cluster open(ClusterKey key, EndpointPlan endpoint) {
                    Cluster cluster = new Cluster(Plans.cluster().build());
                    moved(cluster, endpoint);
                    return cluster;
                }

                @Override
                public void moved(Cluster opened, EndpointPlan endpoint) {
                    opened.moveLogicalEndpoint(endpoint, 0);
                }

                @Override
                public boolean isInUse(Cluster opened) {
                    return opened.requests().used() > 0;
                }

                @Override
                public void close(Cluster opened) {
                    closed.add(opened);
                }
            },
            address -> address.getPort() == 15000);

    @AfterEach
    void close() {
        requests.close();
        time.close();
    }

    @Test
    void theFirstRequestWaitsForTheAddressAndTheNextFindsItAtOnce() {
        names.answer("a.example", 30, "10.0.0.1");
        Asked first = ask("a.example", 8080);
        assertNull(first.cluster);
        settle();
        assertEquals("10.0.0.1:8080", address(first));
        Asked second = ask("A.Example.", 8080);
        assertSame(first.cluster, second.cluster, "found before find() returned");
        assertNull(second.waiting);
        assertEquals(1, names.asked.size());
    }

    @Test
    void eachPortIsAClusterOfItsOwnAndTheNameIsAskedForOnce() {
        names.answer("a.example", 30, "10.0.0.1");
        Asked first = ask("a.example", 80);
        Asked second = ask("a.example", 81);
        settle();
        assertEquals("10.0.0.1:80", address(first));
        assertEquals("10.0.0.1:81", address(second));
        assertEquals(1, names.asked.size());
    }

    @Test
    void literalsNeedNoQuestion() {
        Asked four = ask("10.0.0.1", 80);
        Asked six = ask("[2001:DB8::1]", 80);
        settle();
        assertEquals("10.0.0.1:80", address(four));
        assertEquals("[2001:db8::1]:80", address(six));
        assertEquals(List.of(), names.asked);
    }

    @Test
    void theFirstAddressThatMayBeReachedIsTaken() {
        names.answer("a.example", 30, "169.254.169.254", "10.0.0.1");
        Asked asked = ask("a.example", 80);
        settle();
        assertEquals("10.0.0.1:80", address(asked));
    }

    @Test
    void namesThatPointAtMetadataOrAtTheProxyItselfAreRefused() {
        names.answer("evil.example", 30, "169.254.169.254", "fe80::1");
        Asked evil = ask("evil.example", 80);
        settle();
        assertEquals(ErrorCode.REFUSED_ADDRESS, code(evil));
        names.answer("admin.example", 30, "127.0.0.1");
        Asked admin = ask("admin.example", 15000);
        settle();
        assertEquals(ErrorCode.REFUSED_ADDRESS, code(admin));
        time.advance(Duration.ofSeconds(3));
        Asked literal = ask("169.254.169.254", 80);
        settle();
        assertEquals(ErrorCode.REFUSED_ADDRESS, code(literal));
    }

    @Test
    void aNameThatTurnsToAForbiddenAddressKeepsItsGoodOne() {
        names.answer("a.example", 5, "10.0.0.1");
        Asked asked = ask("a.example", 80);
        settle();
        names.answer("a.example", 5, "169.254.169.254");
        time.advance(Duration.ofSeconds(6));
        assertEquals(2, names.asked.size());
        assertEquals("10.0.0.1:80", address(asked));
        names.answer("a.example", 5, "10.0.0.2");
        time.advance(Duration.ofSeconds(6));
        assertEquals("10.0.0.2:80", address(asked));
    }

    @Test
    void aNameWithoutAddressFailsAndIsAskedForAgainSoon() {
        Asked first = ask("a.example", 80);
        settle();
        assertEquals(ErrorCode.NO_HEALTHY_UPSTREAM, code(first));
        names.answer("a.example", 30, "10.0.0.1");
        Asked atOnce = ask("a.example", 80);
        settle();
        assertEquals(ErrorCode.NO_HEALTHY_UPSTREAM, code(atOnce), "remembered for a second");
        time.advance(Duration.ofSeconds(2));
        assertEquals(0, hosts.size());
        Asked later = ask("a.example", 80);
        settle();
        assertEquals("10.0.0.1:80", address(later));
    }

    @Test
    void aCancelledRequestHearsNothing() {
        names.answer("a.example", 30, "10.0.0.1");
        Asked asked = ask("a.example", 80);
        asked.waiting.cancel();
        settle();
        assertNull(asked.cluster);
        assertNull(asked.error);
    }

    @Test
    void whatNobodyAskedForInALongTimeIsGivenUp() {
        names.answer("a.example", 30, "10.0.0.1");
        Asked asked = ask("a.example", 80);
        settle();
        time.advance(Duration.ofMinutes(4));
        ask("a.example", 80);
        time.advance(Duration.ofMinutes(4));
        assertEquals(1, hosts.size(), "asked for in between");
        time.advance(Duration.ofMinutes(2));
        assertEquals(0, hosts.size());
        assertEquals(List.of(asked.cluster), closed);
        int before = names.asked.size();
        time.advance(Duration.ofMinutes(5));
        assertEquals(before, names.asked.size(), "and its name is not kept resolved");
    }

    @Test
    void aHostWithARequestOnItsWayIsKept() {
        names.answer("a.example", 30, "10.0.0.1");
        Asked asked = ask("a.example", 80);
        settle();
        asked.cluster.requests().tryAcquire();
        time.advance(Duration.ofMinutes(20));
        assertEquals(1, hosts.size());
        asked.cluster.requests().release();
        time.advance(Duration.ofMinutes(6));
        assertEquals(0, hosts.size());
    }

    @Test
    void beyondTheBoundTheOneThatWasAskedForLongestAgoGoes() {
        Asked first = ask("10.0.0.1", 80);
        settle();
        time.advance(Duration.ofSeconds(10));
        Asked second = ask("10.0.0.2", 80);
        settle();
        time.advance(Duration.ofSeconds(10));
        ask("10.0.0.1", 80);
        time.advance(Duration.ofSeconds(10));
        Asked third = ask("10.0.0.3", 80);
        settle();
        assertEquals("10.0.0.3:80", address(third));
        assertEquals(List.of(second.cluster), closed);
        assertSame(first.cluster, ask("10.0.0.1", 80).cluster);
        assertEquals(2, hosts.size());
    }

    @Test
    void whenAllAreInUseAFurtherOneIsRefused() {
        Asked first = ask("10.0.0.1", 80);
        Asked second = ask("10.0.0.2", 80);
        settle();
        first.cluster.requests().tryAcquire();
        second.cluster.requests().tryAcquire();
        time.advance(Duration.ofMinutes(1));
        Asked third = ask("10.0.0.3", 80);
        settle();
        assertEquals(ErrorCode.OVERLOADED, code(third));
        second.cluster.requests().release();
        Asked again = ask("10.0.0.3", 80);
        settle();
        assertEquals("10.0.0.3:80", address(again));
        assertNotSame(second.cluster, again.cluster);
    }

    @Test
    void closingEndsAllAndAnswersThoseThatWait() {
        names.hold("a.example");
        Asked waits = ask("a.example", 80);
        Asked open = ask("10.0.0.1", 80);
        settle();
        hosts.close();
        settle();
        assertEquals(ErrorCode.NO_HEALTHY_UPSTREAM, code(waits));
        assertEquals(List.of(open.cluster), closed);
        Asked late = ask("10.0.0.1", 80);
        settle();
        assertEquals(ErrorCode.OVERLOADED, code(late));
    }

    private Asked ask(String host, int port) {
        Asked asked = new Asked();
        asked.waiting = hosts.find(requests.loop(), host, port, asked);
        return asked;
    }

    private void settle() {
        time.run();
        requests.run();
    }

    private static String address(Asked asked) {
        assertNull(asked.error);
        return asked.cluster.endpoints().all().get(0).hostPort();
    }

    private static @Nullable ErrorCode code(Asked asked) {
        return asked.error == null ? null : asked.error.code();
    }

    private static final class Asked implements Outcome<Cluster> {
        private @Nullable Cancellable waiting;
        private @Nullable Cluster cluster;
        private @Nullable ProxyError error;

        @Override
        public void found(Cluster opened) {
            assertNull(cluster);
            cluster = opened;
        }

        @Override
        public void failed(ProxyError reason) {
            assertNull(error);
            error = reason;
        }
    }
}
