package dev.sluice.proxy.upstream.names;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.sluice.config.plan.ClusterKey;
import dev.sluice.config.plan.ClusterPlan;
import dev.sluice.config.plan.ClusterPlan.Discovery;
import dev.sluice.config.plan.ClusterPlan.UpstreamProtocol;
import dev.sluice.config.plan.ConnectPlan;
import dev.sluice.config.plan.EndpointPlan;
import dev.sluice.config.plan.SourceRef;
import dev.sluice.config.plan.policy.BalancePlan;
import dev.sluice.config.plan.policy.LimitsPlan;
import dev.sluice.proxy.cluster.Cluster;
import dev.sluice.proxy.exchange.Cancellable;
import dev.sluice.proxy.stream.ErrorCode;
import dev.sluice.proxy.stream.ProxyError;
import dev.sluice.proxy.upstream.FrozenLoop;
import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ClusterNamesTest {
    private final FrozenLoop time = new FrozenLoop();
    private final FrozenLoop requests = new FrozenLoop();
    private final FakeNames dns = new FakeNames();
    private final Cluster cluster = new Cluster(plan(2));
    private final ClusterNames names = new ClusterNames(
            cluster, new DnsResolver(time.loop(), dns, Duration.ofSeconds(60)), address -> address.getAddress()
                    .isLoopbackAddress());

    private static ClusterPlan plan(int pending) {
        LimitsPlan none = LimitsPlan.DEFAULT;
        LimitsPlan limits = new LimitsPlan(
                none.maxConnections(),
                none.connectTimeout(),
                none.keepAlive(),
                none.maxConnectionDuration(),
                none.idleTimeout(),
                pending,
                none.maxRequests(),
                none.maxRequestsPerConnection(),
                none.maxRetries(),
                none.maxConcurrentStreams(),
                none.pings(),
                none.retryBudget(),
                none.maxConnectionsPerEndpoint(),
                none.maxRequestsPerEndpoint(),
                none.pendingDeadline());
        return new ClusterPlan(
                new ClusterKey("*.example.com", 80, null),
                Discovery.DYNAMIC_DNS,
                List.of(new EndpointPlan("0.0.0.0", 8080, 1, null, Map.of())),
                UpstreamProtocol.HTTP1,
                ConnectPlan.PLAIN,
                BalancePlan.DEFAULT,
                limits,
                null,
                SourceRef.NONE);
    }

    @AfterEach
    void close() {
        requests.close();
        time.close();
    }

    @Test
    void aNameIsFoundOnTheClustersPortAndFollowsItsTimeToLive() {
        dns.answer("a.example.com", 5, "10.0.0.1");
        assertEquals("10.0.0.1:8080", address(ask("a.example.com")));
        dns.answer("a.example.com", 5, "10.0.0.2");
        assertEquals("10.0.0.1:8080", address(ask("a.example.com")), "the answer still holds");
        time.advance(Duration.ofSeconds(6));
        assertEquals("10.0.0.2:8080", address(ask("a.example.com")));
    }

    @Test
    void onlyNamesUnderTheWildcardAreLookedUp() {
        for (String host : List.of("example.com", ".example.com", "a.example.org", "10.0.0.1", "evilexample.com")) {
            assertEquals(ErrorCode.NO_HEALTHY_UPSTREAM, code(ask(host)), host);
        }
        assertEquals(ErrorCode.NO_HEALTHY_UPSTREAM, code(ask(null)));
        assertEquals(List.of(), dns.asked);
        dns.answer("a.b.example.com", 5, "10.0.0.1");
        assertEquals("10.0.0.1:8080", address(ask("a.b.example.com.")));
    }

    @Test
    void whoWaitsForDnsIsPendingAndThereIsABoundToThat() {
        dns.hold("a.example.com");
        Asked first = begin("a.example.com");
        Asked second = begin("a.example.com");
        assertEquals(2, cluster.pending().used());
        assertEquals(ErrorCode.PENDING_FULL, code(begin("a.example.com")));
        first.waiting.cancel();
        assertEquals(1, cluster.pending().used());
        settle();
        assertNull(first.address);
        assertNull(second.address);
        names.close();
        settle();
        assertEquals(ErrorCode.NO_HEALTHY_UPSTREAM, code(second));
        assertEquals(0, cluster.pending().used());
    }

    @Test
    void refusedAddressesAreNobodys() {
        dns.answer("loop.example.com", 5, "127.0.0.1");
        assertEquals(ErrorCode.REFUSED_ADDRESS, code(ask("loop.example.com")));
        dns.answer("meta.example.com", 5, "169.254.169.254");
        assertEquals(ErrorCode.REFUSED_ADDRESS, code(ask("meta.example.com")));
        assertEquals(0, cluster.pending().used());
    }

    private Asked ask(@Nullable String host) {
        Asked asked = begin(host);
        settle();
        return asked;
    }

    private Asked begin(@Nullable String host) {
        Asked asked = new Asked();
        asked.waiting = names.find(requests.loop(), host, asked);
        return asked;
    }

    private void settle() {
        time.run();
        requests.run();
    }

    private static String address(Asked asked) {
        assertNull(asked.error);
        return NetUtil.toSocketAddressString(asked.address);
    }

    private static @Nullable ErrorCode code(Asked asked) {
        return asked.error == null ? null : asked.error.code();
    }

    private static final class Asked implements DynamicHosts.Outcome<InetSocketAddress> {
        private @Nullable Cancellable waiting;
        private @Nullable InetSocketAddress address;
        private @Nullable ProxyError error;

        @Override
        public void found(InetSocketAddress opened) {
            address = opened;
        }

        @Override
        public void failed(ProxyError reason) {
            error = reason;
        }
    }
}
