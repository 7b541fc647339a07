package dev.sluice.proxy.pool;

import static dev.sluice.proxy.cluster.Plans.endpoint;

import dev.sluice.proxy.cluster.Cluster;
import dev.sluice.proxy.cluster.Endpoint;
import dev.sluice.proxy.cluster.Plans;
import dev.sluice.proxy.stream.HttpVersion;
import dev.sluice.proxy.upstream.FrozenLoop;
import java.time.Duration;
import java.util.List;

/** A pool over fake connections, on two event loops that the test's own thread runs in turn. */
final class PoolFixture implements AutoCloseable {
    final FrozenLoop a = new FrozenLoop();
    final FrozenLoop b = new FrozenLoop();
    final FakeUpstream upstream = new FakeUpstream();
    final Cluster cluster;
    final ClusterPool pool;

    /** With two endpoints. */
    PoolFixture(Plans plans) {
        cluster = new Cluster(plans.build());
        pool = new ClusterPool(cluster, upstream);
        cluster.replaceEndpoints(List.of(endpoint("10.0.0.1", 80), endpoint("10.0.0.2", 80)), 0);
    }

    Endpoint member(int index) {
        return cluster.endpoints().all().get(index);
    }

    /** A request on loop a to the first endpoint. */
    FakeRequest h1() {
        return request(a, member(0), HttpVersion.HTTP_1_1);
    }

    /** A request on loop a to the first endpoint. */
    FakeRequest h2() {
        return request(a, member(0), HttpVersion.HTTP_2);
    }

    /** A request on loop a to the first endpoint that must not go on a used connection. */
    FakeRequest h1OnNewConnection() {
        return request(a, member(0), HttpVersion.HTTP_1_1, true);
    }

    FakeRequest request(FrozenLoop loop, Endpoint endpoint, HttpVersion version) {
        return request(loop, endpoint, version, false);
    }

    FakeRequest request(FrozenLoop loop, Endpoint endpoint, HttpVersion version, boolean onNewConnection) {
        FakeRequest request = new FakeRequest(loop.loop());
        if (onNewConnection) {
            request.attempt.needNewConnection();
        }
        pool.acquire(request.attempt, endpoint, version);
        return request;
    }

    /** Runs both loops until nothing is left to do now. */
    void settle() {
        for (int i = 0; i < 8; i++) {
            a.run();
            b.run();
        }
    }

    void advance(Duration duration) {
        settle();
        long left = duration.toMillis();
        while (left > 0) {
            long step = Math.min(left, 10);
            a.advance(Duration.ofMillis(step));
            b.advance(Duration.ofMillis(step));
            left -= step;
        }
        settle();
    }

    @Override
    public void close() {
        settle();
        a.close();
        b.close();
    }
}
