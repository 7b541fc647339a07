package dev.sluice.proxy.e2e.connections;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.proxy.e2e.fixture.RawClient;
import dev.sluice.proxy.e2e.fixture.RawGateway;
import dev.sluice.proxy.e2e.fixture.RawUpstream;
import dev.sluice.proxy.e2e.fixture.TestProxy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An upstream that closes idle connections in the very moment of their reuse. */
class StaleConnectionsIT {
    private static final int IDLE = 8;
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final String OK = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";

    private final List<RawClient> clients = new ArrayList<>();
    private RawUpstream upstream;
    private TestProxy proxy;

    @BeforeEach
    void start() throws Exception {
        upstream = new RawUpstream(RawUpstream::answerAll);
        proxy = RawGateway.start(upstream.port());
        for (int i = 0; i < IDLE; i++) {
            clients.add(new RawClient(proxy.address(8080)));
        }
    }

    @AfterEach
    void stop() throws Exception {
        for (RawClient client : clients) {
            client.close();
        }
        proxy.close();
        upstream.close();
        assertEquals(List.of(), upstream.failures());
    }

    private void askAll() throws Exception {
        for (RawClient client : clients) {
            client.send(GET);
        }
        for (RawClient client : clients) {
            RawClient.Answer answer = client.answer();
            assertEquals(200, answer.status(), answer::head);
        }
    }

    /** Every connection that was idle reads the request and closes: however many a request meets, it is answered. */
    @Test
    void noRequestFailsBecauseAllIdleConnectionsWereStale() throws Exception {
        CountDownLatch all = new CountDownLatch(IDLE);
        upstream.script((peer, number) -> {
            if (number >= IDLE) {
                RawUpstream.answerAll(peer, number);
                return;
            }
            peer.next();
            all.countDown();
            await(all);
            peer.send(OK);
            peer.next();
        });
        askAll();
        assertEquals(IDLE, upstream.connections());
        // One request alone, with all of them idle: it meets one or two of them and then gets a connection of its own.
        RawClient.Answer answer = clients.get(0).send(GET).answer();
        assertEquals(200, answer.status(), answer::head);
        askAll();
        askAll();
    }

    @Test
    void noRequestFailsWhenAllIdleConnectionsCloseAtOnce() throws Exception {
        for (int round = 0; round < 20; round++) {
            askAll();
            upstream.closeAll();
            askAll();
            assertTrue(upstream.connections() > 0);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertTrue(latch.await(60, TimeUnit.SECONDS), "the connections were not opened side by side");
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
