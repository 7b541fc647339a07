package dev.sluice.proxy.pool;

import dev.sluice.config.plan.ClusterPlan;
import dev.sluice.config.plan.ConnectPlan;
import dev.sluice.config.plan.chain.ClientTlsPlan;
import dev.sluice.proxy.exchange.Attempt;
import dev.sluice.proxy.exchange.RequestHost;
import dev.sluice.proxy.stream.DownstreamConnection;
import dev.sluice.proxy.upstream.ProxyHeader;
import dev.sluice.proxy.upstream.Reach;
import java.net.InetAddress;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What keeps connections to one endpoint apart, so that a request gets none that was made in another's name.
 *
 * @param host that the connection's TLS is for, where that is the request's; null elsewhere
 * @param header that told the endpoint who the client is; null where it is not told
 * @param client whose address the connection comes from; null where it is this proxy's own
 */
record Apart(@Nullable String host, @Nullable ProxyHeader header, @Nullable InetAddress client) {
    /** How long a connection may be idle that serves one client's connection only: clients come and go. */
    private static final long ONE_CLIENT_NANOS = TimeUnit.SECONDS.toNanos(5);

    /** And one that serves all connections of a client. */
    private static final long ONE_ADDRESS_NANOS = TimeUnit.SECONDS.toNanos(60);

    /** Null where every request of the cluster may have any connection. */
    @SuppressWarnings("ReferenceEquality") // quick, for nearly all; what equals it but is another is found out below
    static @Nullable Apart of(ClusterPlan plan, Attempt attempt) {
        ConnectPlan connect = plan.connect();
        if (connect == ConnectPlan.PLAIN) {
            return null;
        }
        ClientTlsPlan tls = connect.tls();
        boolean byHost = tls != null && tls.serverName() == null;
        if (!byHost && connect.proxyProtocol() == null && !connect.asClient()) {
            return null;
        }
        DownstreamConnection client = attempt.exchange().downstream().connection();
        ProxyHeader header = ProxyHeader.of(plan, client);
        InetAddress source = Reach.source(plan, client);
        return byHost || header != null || source != null
                ? new Apart(byHost ? RequestHost.of(attempt) : null, header, source)
                : null;
    }

    /** How connections of that kind are made; {@code apart} null for everybody's. */
    static Reach reach(ClusterPlan plan, @Nullable Apart apart) {
        return apart == null
                ? Reach.of(plan)
                : new Reach(plan.limits(), plan.connect().tls(), apart.host, apart.header, apart.client);
    }

    /** An idle time, cut where clients would else leave connections behind. */
    static long atMost(@Nullable Apart apart, long nanos) {
        if (apart == null || (apart.header == null && apart.client == null)) {
            return nanos;
        }
        return Math.min(nanos, apart.header != null ? ONE_CLIENT_NANOS : ONE_ADDRESS_NANOS);
    }
}
