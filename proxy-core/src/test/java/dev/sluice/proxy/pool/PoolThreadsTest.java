package dev.sluice.proxy.pool;

import static dev.sluice.proxy.cluster.Plans.endpoint;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.proxy.cluster.Cluster;
import dev.sluice.proxy.cluster.Plans;
import dev.sluice.proxy.stream.HttpVersion;
import dev.sluice.proxy.upstream.ConnectionOpener;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.net.SocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Event loops on threads of their own, all at one limit. */
class PoolThreadsTest {
    private static final int LOOPS = 4;
    private static final int AT_ONCE = 8;
    private static final int EACH = 2_000;

    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(LOOPS, NioIoHandler.newFactory());
    private final AtomicInteger inUse = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();
    private final CountDownLatch left = new CountDownLatch(LOOPS * EACH);
    private final Map<SocketAddress, AtomicInteger> inUseAt = new ConcurrentHashMap<>();
    private final AtomicInteger mostAtOne = new AtomicInteger();

    @AfterEach
    void stop() throws InterruptedException {
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).await(60, TimeUnit.SECONDS);
    }

    private ConnectionOpener opener() {
        return (loop, address, version, limits, outcome) -> {
            most.accumulateAndGet(inUse.incrementAndGet(), Math::max);
            AtomicInteger here = inUseAt.computeIfAbsent(address, any -> new AtomicInteger());
            mostAtOne.accumulateAndGet(here.incrementAndGet(), Math::max);
            loop.execute(() -> {
                if (ThreadLocalRandom.current().nextInt(50) == 0) {
                    inUse.decrementAndGet();
                    here.decrementAndGet();
                    outcome.failed(FakeUpstream.REFUSED);
                    return;
                }
                FakeConnection connection = new FakeConnection(loop, version, version == HttpVersion.HTTP_2 ? 10 : 1);
                connection.onClose = () -> {
                    inUse.decrementAndGet();
                    here.decrementAndGet();
                };
                connection.upstream = stream -> loop.execute(() -> {
                    if (ThreadLocalRandom.current().nextInt(100) == 0) {
                        connection.drop();
                    } else {
                        stream.answer();
                    }
                });
                outcome.connected(connection);
            });
        };
    }

    @ParameterizedTest
    @ValueSource(ints = {Integer.MAX_VALUE, 2})
    void theLimitIsNeverExceededAndEveryRequestComesToAnEnd(int perEndpoint) throws InterruptedException {
        Cluster cluster = new Cluster(Plans.cluster()
                .maxConnections(3)
                .maxConnectionsPerEndpoint(perEndpoint)
                .build());
        ClusterPool pool = new ClusterPool(cluster, opener());
        cluster.replaceEndpoints(List.of(endpoint("10.0.0.1", 80), endpoint("10.0.0.2", 80)), 0);
        for (int i = 0; i < LOOPS; i++) {
            EventLoop loop = loops.next();
            for (int j = 0; j < AT_ONCE; j++) {
                loop.execute(() -> next(pool, cluster, loop, EACH / AT_ONCE));
            }
        }
        assertTrue(
                left.await(60, TimeUnit.SECONDS),
                () -> left.getCount() + " requests never ended, used " + cluster.connections() + ", queued "
                        + pool.queue().size());
        assertTrue(most.get() <= 3, () -> "in use at once: " + most);
        assertTrue(mostAtOne.get() <= perEndpoint, () -> "in use at one endpoint: " + mostAtOne);
        assertEquals(0, cluster.pending().used());
        pool.close();
        Awaitility.await().until(() -> cluster.connections().used() == 0);
        assertEquals(0, inUse.get());
        assertTrue(pool.queue().isEmpty());
        cluster.endpoints()
                .all()
                .forEach(endpoint -> assertEquals(0, endpoint.connections().used()));
    }

    /** A request, and when it has ended the next of {@code remaining}. */
    private void next(ClusterPool pool, Cluster cluster, EventLoop loop, int remaining) {
        if (remaining == 0) {
            return;
        }
        FakeRequest request = new FakeRequest(loop);
        request.attempt.onEnd(ended -> {
            left.countDown();
            loop.execute(() -> next(pool, cluster, loop, remaining - 1));
        });
        int draw = ThreadLocalRandom.current().nextInt(100);
        HttpVersion version = draw < 20 ? HttpVersion.HTTP_2 : HttpVersion.HTTP_1_1;
        pool.acquire(request.attempt, cluster.endpoints().all().get(draw & 1), version);
        if (draw >= 95) {
            loop.execute(request::cancel);
        }
    }
}
