package dev.sluice.proxy.telemetry;

import dev.sluice.config.plan.ClusterKey;
import dev.sluice.config.plan.EndpointPlan;
import dev.sluice.config.plan.SourceRef;
import dev.sluice.config.plan.chain.TcpRoutePlan.TcpDestination;
import dev.sluice.proxy.cluster.Endpoint;
import dev.sluice.proxy.codec.ChannelConnection;
import dev.sluice.proxy.session.TcpObserver;
import dev.sluice.proxy.session.TcpSession;
import dev.sluice.proxy.stream.ConnectionTls;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Connections of bytes as they would be, without any. */
public final class Connections {
    /** A database of a Kubernetes namespace. */
    public static final TcpDestination DATABASE = TcpDestination.plain(
            new ClusterKey("mysql.shop.svc.cluster.local", 3306, null),
            1,
            TcpDestination.DEFAULT_IDLE_TIMEOUT_MILLIS,
            SourceRef.NONE);

    private Connections() {}

    /** One that has been accepted. */
    public static TcpSession accepted(TcpObserver observer) {
        return new TcpSession(
                new ChannelConnection(
                        new InetSocketAddress("10.0.0.9", 40000),
                        new InetSocketAddress("10.0.0.1", 3306),
                        false,
                        "db.example.com"),
                observer,
                0);
    }

    /** One that goes to version v2 of the database. */
    public static TcpSession routed(TcpObserver observer) {
        TcpSession session = accepted(observer);
        session.routed(DATABASE);
        session.cluster(Traffic.cluster("mysql", null));
        session.connecting(
                new Endpoint(new EndpointPlan("10.0.0.5", 3306, 1, null, Map.of("app", "mysql", "version", "v2")), 0));
        return session;
    }

    /** One that has reached it. */
    public static TcpSession connected(TcpObserver observer, @Nullable ConnectionTls tls) {
        TcpSession session = routed(observer);
        session.connected(new InetSocketAddress("10.0.0.1", 50000), new InetSocketAddress("10.0.0.5", 3306), tls);
        return session;
    }

    /** A second and a half after the beginning. */
    public static long end() {
        return TimeUnit.MILLISECONDS.toNanos(1500);
    }
}
