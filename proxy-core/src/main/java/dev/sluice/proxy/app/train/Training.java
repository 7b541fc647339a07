package dev.sluice.proxy.app.train;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * The traffic that a start-up cache is trained by: backends of three protocols, a configuration that leads to them, and clients. All of
 * it on loopback and ephemeral ports.
 */
public final class Training implements AutoCloseable {
    private static final int CONNECTIONS = 4;

    private final Backend http1;
    private final Backend http2;
    private final Backend grpc;
    private final int gateway;

    private Training(Backend http1, Backend http2, Backend grpc, int gateway) {
        this.http1 = http1;
        this.http2 = http2;
        this.grpc = grpc;
        this.gateway = gateway;
    }

    /**
     * Starts the backends and writes the configuration into {@code many}, and one that says as little as can be into {@code
     * few}; both folders are there and empty.
     */
    public static Training prepare(Path many, Path few) throws IOException {
        Training training = new Training(
                Backend.start(Http1::serve),
                Backend.start(Http2Backend::serve),
                Backend.start(Http2Backend::serveGrpc),
                freePort());
        TrainingFiles.write(many, training.gateway, training.http1.port(), training.http2.port(), training.grpc.port());
        TrainingFiles.writeFew(few, training.gateway, training.http1.port());
        return training;
    }

    /**
     * Writes a configuration with TLS into {@code folder}, whose certificate is in {@code certs}; both are there and empty. Not
     * part of {@link #prepare}: the classes that sign would be in every cache.
     */
    public void prepareTls(Path folder, Path certs) throws IOException {
        SelfSigned.write(Files.createDirectory(certs.resolve("train")), "train.test");
        TrainingFiles.writeTls(folder, gateway, freePort(), http1.port(), certs);
    }

    /** Free a moment ago: a Gateway names its port, so it cannot be left to the system. */
    private static int freePort() throws IOException {
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return probe.getLocalPort();
        }
    }

    /**
     * Sends requests of every protocol and waits for the last answer.
     *
     * @param times requests on each of some connections
     * @throws IOException when an answer is not the one that the configuration gives
     */
    public void send(int times) throws IOException, InterruptedException {
        List<FutureTask<Void>> tasks = new ArrayList<>();
        for (int i = 0; i < CONNECTIONS; i++) {
            tasks.add(start(link -> Http1.ask(link, times)));
            tasks.add(start(link -> Http2Client.ask(link, times, false)));
            tasks.add(start(link -> Http2Client.ask(link, times, true)));
        }
        await(tasks);
    }

    /** The same of HTTP/1 alone, over one connection. */
    public void sendHttp1(int times) throws IOException, InterruptedException {
        await(List.of(start(link -> Http1.ask(link, times))));
    }

    private static void await(List<FutureTask<Void>> tasks) throws IOException, InterruptedException {
        for (FutureTask<Void> task : tasks) {
            try {
                task.get();
            } catch (ExecutionException e) {
                throw new IOException("training traffic failed: " + e.getCause(), e.getCause());
            }
        }
    }

    private FutureTask<Void> start(Backend.Talk talk) {
        FutureTask<Void> task = new FutureTask<>(() -> {
            try (Link link = Link.connect(gateway)) {
                talk.serve(link);
            }
            return null;
        });
        Thread thread = new Thread(task, "sluice-train-client");
        thread.setDaemon(true);
        thread.start();
        return task;
    }

    /** Asks the admin port at {@code port} what a scraper and a probe ask. */
    public static void visitAdmin(int port) throws IOException {
        try (Link link = Link.connect(port)) {
            for (String page : List.of("/ready", "/stats/prometheus", "/clusters?format=json", "/config_dump")) {
                Http1.exchange(link, "GET " + page + " HTTP/1.1\r\nHost: localhost\r\n\r\n", 200);
            }
        }
    }

    /** Asks the process behind the admin port at {@code port} to drain and end. */
    public static void endThrough(int port) throws IOException {
        try (Link link = Link.connect(port)) {
            Http1.exchange(
                    link,
                    "POST /quitquitquit HTTP/1.1\r\nHost: localhost\r\nX-Sluice-Admin: 1\r\nContent-Length: 0\r\n\r\n",
                    200);
        }
    }

    @Override
    public void close() throws IOException {
        http1.close();
        http2.close();
        grpc.close();
    }
}
