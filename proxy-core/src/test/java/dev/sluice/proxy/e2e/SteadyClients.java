package dev.sluice.proxy.e2e;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Clients that each send about 200 requests a second over one connection, by HTTP/1.1 or HTTP/2, and leave it when they
 * are told to: by {@code Connection: close}, or by GOAWAY. Everything that is not a 200 is remembered.
 */
final class SteadyClients implements AutoCloseable {
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private final InetSocketAddress address;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Future<?>> running = new ArrayList<>();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final AtomicInteger answers = new AtomicInteger();
    private final AtomicInteger toldToClose = new AtomicInteger();
    private final AtomicInteger twoStepGoAways = new AtomicInteger();
    private volatile boolean stopped;

    SteadyClients(InetSocketAddress address) {
        this.address = address;
    }

    SteadyClients start(int http1, int http2) {
        for (int i = 0; i < http1 + http2; i++) {
            boolean first = i < http1;
            running.add(threads.submit(() -> {
                try {
                    if (first) {
                        http1();
                    } else {
                        http2();
                    }
                } catch (IOException | RuntimeException e) {
                    failures.add((first ? "HTTP/1.1: " : "HTTP/2: ") + e);
                }
            }));
        }
        return this;
    }

    /** Waits until each has left because it was told to. */
    void awaitTold() throws Exception {
        for (Future<?> client : running) {
            client.get(30, TimeUnit.SECONDS);
        }
    }

    /** Each leaves after its next answer. */
    void stop() throws Exception {
        stopped = true;
        awaitTold();
    }

    Queue<String> failures() {
        return failures;
    }

    int answers() {
        return answers.get();
    }

    /** Clients that left because of {@code Connection: close}. */
    int toldToClose() {
        return toldToClose.get();
    }

    /** Clients that left because of a GOAWAY without a last stream, and then read one with their own last. */
    int twoStepGoAways() {
        return twoStepGoAways.get();
    }

    private void http1() throws IOException {
        try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
            socket.setSoTimeout(20_000);
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
            while (!stopped) {
                socket.getOutputStream()
                        .write("GET / HTTP/1.1\r\nHost: shop\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                if (answeredWithClose(in)) {
                    toldToClose.incrementAndGet();
                    return;
                }
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }

    private boolean answeredWithClose(BufferedReader in) throws IOException {
        String line = in.readLine();
        if (line == null || !line.startsWith("HTTP/1.1 200")) {
            failures.add("HTTP/1.1: " + line);
            return true;
        }
        boolean close = false;
        int length = 0;
        for (String header = in.readLine(); !header.isEmpty(); header = in.readLine()) {
            String field = header.toLowerCase(Locale.ROOT);
            close |= field.equals("connection: close");
            if (field.startsWith("content-length: ")) {
                length = Integer.parseInt(field.substring(16));
            }
        }
        if (in.skip(length) < length) {
            failures.add("HTTP/1.1: a body was cut");
        }
        answers.incrementAndGet();
        return close;
    }

    private void http2() throws IOException {
        try (WireH2 client = new WireH2(address)) {
            for (int stream = 1; !stopped; stream += 2) {
                String answer = client.get(stream).answer(stream);
                if (answer.contains(" :status=200")) {
                    answers.incrementAndGet();
                } else {
                    failures.add("HTTP/2: " + answer);
                }
                if (!client.toldToGo().isEmpty()) {
                    // No new streams from here on (RFC 9113 section 6.8); the server ends the connection.
                    client.readUntil(line -> line.equals(WireH2.CLOSED));
                    if (client.toldToGo().equals(Set.of(Integer.MAX_VALUE, stream))) {
                        twoStepGoAways.incrementAndGet();
                    }
                    return;
                }
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }

    @Override
    public void close() {
        stopped = true;
        threads.shutdownNow();
    }
}
