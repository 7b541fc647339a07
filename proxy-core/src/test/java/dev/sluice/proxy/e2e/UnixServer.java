package dev.sluice.proxy.e2e;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A server on a Unix domain socket of the JDK's own making, a thread a connection. */
final class UnixServer implements AutoCloseable {
    private final ServerSocketChannel server;
    private final ExecutorService threads = Executors.newCachedThreadPool(work -> {
        Thread thread = new Thread(work, "unix-server");
        thread.setDaemon(true);
        return thread;
    });

    /** What it does with a connection, which is closed afterwards. */
    interface Talk {
        void with(SocketChannel client) throws IOException;
    }

    UnixServer(Path file, Talk talk) throws IOException {
        server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(file));
        threads.execute(() -> acceptAll(talk));
    }

    /** Answers every request with its name, the target and who Host says it is. */
    static UnixServer http(Path file, String name) throws IOException {
        return new UnixServer(file, client -> {
            InputStream in = Channels.newInputStream(client);
            OutputStream out = Channels.newOutputStream(client);
            for (String head = Wire.head(in); !head.isEmpty(); head = Wire.head(in)) {
                String request = Wire.body(in, head, false);
                String body = name + " " + head.split(" ", -1)[1] + " " + Wire.header(head, "host") + " " + request;
                String answer = "HTTP/1.1 200 OK\r\nx-upstream: " + name + "\r\ncontent-length: " + body.length()
                        + "\r\n\r\n" + body;
                out.write(answer.getBytes(StandardCharsets.ISO_8859_1));
            }
        });
    }

    private void acceptAll(Talk talk) {
        while (true) {
            SocketChannel client;
            try {
                client = server.accept();
            } catch (AsynchronousCloseException e) {
                return;
            } catch (ClosedChannelException e) {
                return;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            threads.execute(() -> {
                try (client) {
                    talk.with(client);
                } catch (SocketException | ClosedChannelException e) {
                    // The client is gone, or the test is over: that ends the talk.
                    return;
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        threads.shutdownNow();
    }
}
