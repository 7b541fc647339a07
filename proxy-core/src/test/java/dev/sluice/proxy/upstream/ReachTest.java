package dev.sluice.proxy.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.sluice.config.plan.ClusterPlan;
import dev.sluice.proxy.cluster.Plans;
import dev.sluice.proxy.stream.DownstreamConnection;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Whose address a connection comes from. */
class ReachTest {
    private final ClusterPlan everybodys = Plans.cluster().build();
    private final ClusterPlan byClient = everybodys.fromClients();

    private static InetAddress address(String text) {
        return Objects.requireNonNull(NetUtil.createInetAddressFromIpAddressString(text));
    }

    private static DownstreamConnection from(SocketAddress remote) {
        return new DownstreamConnection() {
            @Override
            public SocketAddress remoteAddress() {
                return remote;
            }

            @Override
            public SocketAddress localAddress() {
                return remote;
            }

            @Override
            public boolean isTls() {
                return false;
            }

            @Override
            public @Nullable String serverName() {
                return null;
            }

            @Override
            public long id() {
                return 1;
            }
        };
    }

    @Test
    void theProxysOwnUnlessTheClusterIsReachedFromItsClients() {
        DownstreamConnection client = from(new InetSocketAddress(address("10.0.0.9"), 40_000));
        assertNull(Reach.of(everybodys, client).client());
        assertEquals(address("10.0.0.9"), Reach.of(byClient, client).client());
        assertNull(
                Reach.of(byClient, from(new DomainSocketAddress("/run/client"))).client());
    }

    @Test
    void connectionsOfOneClientAreMadeAlikeAndThoseOfTwoAreNot() {
        Reach one = Reach.of(byClient, from(new InetSocketAddress(address("10.0.0.9"), 40_000)));
        assertEquals(one, Reach.of(byClient, from(new InetSocketAddress(address("10.0.0.9"), 40_001))));
        assertNotEquals(one, Reach.of(byClient, from(new InetSocketAddress(address("10.0.0.10"), 40_000))));
    }
}
