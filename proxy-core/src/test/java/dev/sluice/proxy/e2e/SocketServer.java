package dev.sluice.proxy.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** A server of plain sockets on loopback, a thread a connection. A talk ends with its connection. */
final class SocketServer implements AutoCloseable {
    private final ServerSocket server;
    private final ExecutorService threads = Executors.newCachedThreadPool(work -> {
        Thread thread = new Thread(work, "socket-server");
        thread.setDaemon(true);
        return thread;
    });
    private final AtomicInteger accepted = new AtomicInteger();

    /** What it does with a connection, which is closed afterwards. */
    interface Talk {
        void with(Socket client) throws IOException;
    }

    SocketServer(Talk talk) throws IOException {
        this(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), talk);
    }

    SocketServer(ServerSocket server, Talk talk) {
        this.server = server;
        threads.execute(() -> acceptAll(talk));
    }

    private void acceptAll(Talk talk) {
        while (true) {
            Socket client;
            try {
                client = server.accept();
            } catch (SocketException e) {
                return; // closed
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            accepted.incrementAndGet();
            threads.execute(() -> {
                try (client) {
                    talk.with(client);
                } catch (SocketException e) {
                    // The client reset it, or the test is over: that ends the talk.
                    return;
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }

    int port() {
        return server.getLocalPort();
    }

    /** Connections so far. */
    int accepted() {
        return accepted.get();
    }

    @Override
    public void close() throws IOException {
        server.close();
        threads.shutdownNow();
    }
}
