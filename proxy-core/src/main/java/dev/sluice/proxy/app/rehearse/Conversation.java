package dev.sluice.proxy.app.rehearse;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Both ends of a proxy's connections: the clients and the upstream that they ask for. On sockets of the JDK, by one thread that
 * waits: every call of Netty's would be interpreted on the core that the proxy's own are to have.
 *
 * <p>All requests of a burst are with the upstream before it answers the first. Each has a connection of its own by that, and
 * as many as there are clients are asked in every burst, so that each can be waited for in turn.
 */
final class Conversation implements Closeable {
    /** Last byte of every answer, and no other byte of it. */
    private static final byte END = 0;

    private static final int BODY_BYTES = 1024;
    private static final byte[] REQUEST = bytes(
            """
                    GET /items?page=2 HTTP/1.1\r
                    Host: rehearsal.test\r
                    User-Agent: rehearsal/1.0\r
                    Accept: */*\r
                    \r
                    """);
    private static final byte[] ANSWER =
            bytes("HTTP/1.1 200 OK\r\nServer: rehearsal\r\nDate: Sun, 22 Nov 2026 12:00:00 GMT\r\n"
                    + "Content-Type: text/plain\r\nContent-Length: " + BODY_BYTES + "\r\n\r\n"
                    + "x".repeat(BODY_BYTES - 1)
                    + (char) END);

    private final long endNanos;
    private final ServerSocket upstream;
    private final List<Socket> clients = new ArrayList<>();
    private final List<Socket> servers = new ArrayList<>();
    /** For one read: a request or an answer of this size comes in one or two. */
    private final byte[] read = new byte[2 * BODY_BYTES];

    /** @param endNanos by {@link System#nanoTime()}: what waits longer ends with a {@link SocketTimeoutException} */
    Conversation(long endNanos) throws IOException {
        this.endNanos = endNanos;
        upstream = new ServerSocket();
        try {
            upstream.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        } catch (IOException e) {
            upstream.close();
            throw e;
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Where the upstream listens. */
    InetSocketAddress upstream() {
        return (InetSocketAddress) upstream.getLocalSocketAddress();
    }

    /** Opens {@code count} connections to {@code proxy}. */
    void connect(InetSocketAddress proxy, int count) throws IOException {
        for (int i = 0; i < count; i++) {
            Socket client = new Socket(Proxy.NO_PROXY);
            clients.add(client);
            client.connect(proxy, leftMillis());
            client.setTcpNoDelay(true);
            // They end by a reset, which leaves no connection behind in the kernel.
            client.setSoLinger(true, 0);
        }
    }

    /** One request over each connection, from the client to the upstream and back. */
    void burst() throws IOException {
        for (Socket client : clients) {
            client.getOutputStream().write(REQUEST);
        }
        for (int i = 0; i < clients.size(); i++) {
            await(server(i), (byte) '\n');
        }
        for (Socket server : servers) {
            server.getOutputStream().write(ANSWER);
        }
        for (Socket client : clients) {
            await(client, END);
        }
    }

    private Socket server(int index) throws IOException {
        if (index == servers.size()) {
            upstream.setSoTimeout(leftMillis());
            Socket server = upstream.accept();
            servers.add(server);
            server.setTcpNoDelay(true);
        }
        return servers.get(index);
    }

    /** Reads until what has come ends with {@code last}. */
    private void await(Socket socket, byte last) throws IOException {
        int length;
        do {
            socket.setSoTimeout(leftMillis());
            length = socket.getInputStream().read(read);
            if (length < 0) {
                throw new EOFException("the proxy closed a connection");
            }
        } while (read[length - 1] != last);
    }

    /** At least 1: 0 would wait for ever. */
    private int leftMillis() {
        return (int) Math.max(1, TimeUnit.NANOSECONDS.toMillis(endNanos - System.nanoTime()));
    }

    @Override
    public void close() throws IOException {
        upstream.close();
        for (Socket client : clients) {
            client.close();
        }
        for (Socket server : servers) {
            server.close();
        }
    }
}
