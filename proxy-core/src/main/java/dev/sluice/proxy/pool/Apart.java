package dev.sluice.proxy.pool;

import dev.sluice.config.plan.ClusterPlan;
import dev.sluice.config.plan.chain.ClientTlsPlan;
import dev.sluice.proxy.exchange.Attempt;
import dev.sluice.proxy.exchange.RequestHost;
import dev.sluice.proxy.upstream.ProxyHeader;
import dev.sluice.proxy.upstream.Reach;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What keeps connections to one endpoint apart, so that a request gets none that was made in another's name.
 *
 * @param host that the connection's TLS is for, where that is the request's; null elsewhere
 * @param header that told the endpoint who the client is; null where it is not told
 */
record Apart(@Nullable String host, @Nullable ProxyHeader header) {
    /** How long a connection may be idle that serves one client's connection only: clients come and go. */
    private static final long ONE_CLIENT_NANOS = TimeUnit.SECONDS.toNanos(5);

    /** Null where every request of the cluster may have any connection. */
    static @Nullable Apart of(ClusterPlan plan, Attempt attempt) {
        ClientTlsPlan tls = plan.tls();
        boolean byHost = tls != null && tls.serverName() == null;
        ProxyHeader header = plan.proxyProtocol() == null
                ? null
                : ProxyHeader.of(plan, attempt.exchange().downstream().connection());
        return byHost || header != null ? new Apart(byHost ? RequestHost.of(attempt) : null, header) : null;
    }

    /** How connections of that kind are made; {@code apart} null for everybody's. */
    static Reach reach(ClusterPlan plan, @Nullable Apart apart) {
        return apart == null ? Reach.of(plan, null, null) : Reach.of(plan, apart.host, apart.header);
    }

    /** An idle time, cut where clients would else leave connections behind. */
    static long atMost(@Nullable Apart apart, long nanos) {
        return apart == null || apart.header == null ? nanos : Math.min(nanos, ONE_CLIENT_NANOS);
    }
}
