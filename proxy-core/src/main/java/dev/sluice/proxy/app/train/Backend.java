package dev.sluice.proxy.app.train;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;

/** An upstream on an ephemeral port of loopback, one thread a connection. */
final class Backend implements AutoCloseable {
    private static final int BACKLOG = 128;

    private final ServerSocket server;
    private final Talk talk;

    /** What is done with a connection until it ends. */
    @FunctionalInterface
    interface Talk {
        /** Ends with an {@link EOFException} or {@link SocketException} when the peer leaves. */
        void serve(Link link) throws IOException;
    }

    private Backend(ServerSocket server, Talk talk) {
        this.server = server;
        this.talk = talk;
    }

    static Backend start(Talk talk) throws IOException {
        Backend backend = new Backend(new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress()), talk);
        daemon(backend::accept);
        return backend;
    }

    int port() {
        return server.getLocalPort();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                daemon(() -> serve(socket));
            } catch (IOException e) {
                if (!server.isClosed()) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    private void serve(Socket socket) {
        try (Link link = new Link(socket)) {
            talk.serve(link);
        } catch (EOFException | SocketException e) {
            // The proxy is done with the connection.
            assert e != null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void daemon(Runnable work) {
        Thread thread = new Thread(work, "sluice-train-backend");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
