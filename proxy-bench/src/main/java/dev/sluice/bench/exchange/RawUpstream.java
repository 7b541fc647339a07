package dev.sluice.bench.exchange;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ServerSocketChannel;

/** Accepts on an ephemeral loopback port and answers on one thread a connection. */
final class RawUpstream implements AutoCloseable {
    private final ServerSocketChannel server;

    /** What to do with a connection until it ends. */
    @FunctionalInterface
    interface Talk {
        /** Ends with an {@link EOFException} when the peer leaves. */
        void run(Wire wire) throws IOException;
    }

    private RawUpstream(ServerSocketChannel server) {
        this.server = server;
    }

    static RawUpstream start(Talk talk) throws IOException {
        ServerSocketChannel server =
                ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        RawUpstream upstream = new RawUpstream(server);
        daemon(() -> upstream.accept(talk));
        return upstream;
    }

    private void accept(Talk talk) {
        try {
            while (true) {
                Wire wire = new Wire(server.accept());
                daemon(() -> serve(talk, wire));
            }
        } catch (AsynchronousCloseException e) {
            // close() was called.
            return;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void serve(Talk talk, Wire wire) {
        try (wire) {
            talk.run(wire);
        } catch (EOFException e) {
            // The proxy is done with the connection.
            return;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void daemon(Runnable work) {
        Thread thread = new Thread(work, "bench-upstream");
        thread.setDaemon(true);
        thread.start();
    }

    int port() throws IOException {
        return ((InetSocketAddress) server.getLocalAddress()).getPort();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
