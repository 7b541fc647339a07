package dev.sluice.proxy.e2e.connections;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.proxy.e2e.fixture.RawGateway;
import dev.sluice.proxy.e2e.fixture.RawUpstream;
import dev.sluice.proxy.e2e.fixture.TestProxy;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Servers that close idle connections, under little traffic of GET and POST: no request meets such a close. */
class IdleServerIT {
    private static final int REQUESTS = 30;
    private static final int CLIENTS = 3;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final ScheduledExecutorService timers = Executors.newScheduledThreadPool(CLIENTS);
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final AtomicInteger sent = new AtomicInteger();
    private final AtomicInteger ended = new AtomicInteger();
    private final AtomicInteger closedByServer = new AtomicInteger();
    private RawUpstream upstream;
    private TestProxy proxy;

    @BeforeEach
    void start() throws Exception {
        upstream = new RawUpstream(RawUpstream::answerAll);
        proxy = RawGateway.start(upstream.port());
    }

    @AfterEach
    void stop() {
        timers.shutdownNow();
        proxy.close();
        upstream.close();
        assertEquals(List.of(), upstream.failures());
    }

    private void closeWhenIdle(int shortestMillis, int longestMillis, String headers) {
        upstream.script((peer, number) -> {
            while (true) {
                // The first one, which the proxy learns from, goes early: on a slow machine it seems to live longer.
                peer.socket()
                        .setSoTimeout(
                                number == 0
                                        ? shortestMillis
                                        : ThreadLocalRandom.current().nextInt(shortestMillis, longestMillis));
                try {
                    if (!peer.next()) {
                        return;
                    }
                } catch (SocketTimeoutException idle) {
                    closedByServer.incrementAndGet();
                    return;
                }
                peer.send("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n" + headers + "\r\nok");
            }
        });
    }

    /** Sends requests from several clients, each after a pause around the server's timeout. */
    private void littleTraffic() {
        for (int i = 0; i < CLIENTS; i++) {
            timers.execute(this::next);
        }
        await().atMost(Duration.ofMinutes(5)).until(() -> ended.get() >= REQUESTS);
        assertEquals(List.of(), List.copyOf(failures));
        assertEquals(
                upstream.requests().size(),
                upstream.requests().stream()
                        .map(request -> request.head().lines().findFirst().orElseThrow())
                        .distinct()
                        .count(),
                "no request came twice");
        assertTrue(upstream.connections() > 1);
    }

    private void next() {
        int number = sent.getAndIncrement();
        if (number >= REQUESTS) {
            return;
        }
        try {
            send(number);
        } catch (IOException e) {
            failures.add(number + ": " + e);
        } catch (InterruptedException stopped) {
            return;
        }
        ended.incrementAndGet();
        ScheduledFuture<?> unused =
                timers.schedule(this::next, ThreadLocalRandom.current().nextInt(1_600), TimeUnit.MILLISECONDS);
    }

    private void send(int number) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(proxy.url(8080) + "/" + number));
        if (number % 2 == 1) {
            request.POST(HttpRequest.BodyPublishers.ofString("once"));
        }
        HttpResponse<String> response = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() != 200) {
            failures.add(number + ": " + response.statusCode() + " "
                    + response.headers().map());
        }
    }

    @Test
    void aServerThatTellsItsTimeoutNeverHasToClose() {
        // It gives more time than it tells, so that a slow machine cannot make this one fail.
        closeWhenIdle(10_000, 10_001, "keep-alive: timeout=1\r\n");
        littleTraffic();
        assertEquals(0, closedByServer.get());
    }

    @Test
    void aServerThatTellsNothingIsWatchedAndThenSparedTheClose() throws Exception {
        closeWhenIdle(800, 1_201, "");
        // The first connection is left alone until the server closes it: from then on its timeout is known.
        send(-2);
        await().until(() -> closedByServer.get() > 0);
        littleTraffic();
    }
}
