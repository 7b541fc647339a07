package dev.sluice.proxy.e2e;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** An upstream that takes a while for each request and counts how many it has at once. */
final class CountingServer implements AutoCloseable {
    private static final long WORK_NANOS = TimeUnit.MILLISECONDS.toNanos(3);
    private static final String OK = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";

    private final AtomicInteger requests = new AtomicInteger();
    private final AtomicInteger mostRequests = new AtomicInteger();
    private final AtomicInteger served = new AtomicInteger();
    private final RawUpstream server;

    CountingServer() throws IOException {
        server = new RawUpstream((peer, number) -> serve(peer));
    }

    private void serve(RawUpstream.Peer peer) throws IOException {
        while (peer.next()) {
            mostRequests.accumulateAndGet(requests.incrementAndGet(), Math::max);
            LockSupport.parkNanos(WORK_NANOS);
            served.incrementAndGet();
            // Before the answer: with it the proxy may send the next one.
            requests.decrementAndGet();
            peer.send(OK);
        }
    }

    int port() {
        return server.port();
    }

    /** The most requests it ever had at once. */
    int mostRequests() {
        return mostRequests.get();
    }

    /** Requests it has answered. */
    int served() {
        return served.get();
    }

    @Override
    public void close() {
        server.close();
    }
}
