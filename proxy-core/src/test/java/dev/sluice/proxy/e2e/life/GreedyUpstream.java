package dev.sluice.proxy.e2e.life;

import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A server with large answers, by path: {@code /big} as much as is taken of it, {@code /closed} the same with its end behind
 * it, {@code /never} nothing at all, nor does it read; anything else {@code ok}.
 */
final class GreedyUpstream implements AutoCloseable {
    private final ServerSocket listener = new ServerSocket(0, 1024, InetAddress.getLoopbackAddress());
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Socket> peers = new CopyOnWriteArrayList<>();
    private final AtomicInteger requests = new AtomicInteger();
    private final byte[] body;

    GreedyUpstream(int bodyBytes) throws IOException {
        body = new byte[bodyBytes];
        threads.execute(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    /** Waits until so many requests for something large have come. */
    void awaitRequests(int count) {
        await().until(() -> requests.get() >= count);
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket peer = listener.accept();
                peers.add(peer);
                threads.execute(() -> serve(peer));
            } catch (IOException e) {
                if (!listener.isClosed()) {
                    throw new AssertionError(e);
                }
            }
        }
    }

    private void serve(Socket peer) {
        try {
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(peer.getInputStream(), StandardCharsets.ISO_8859_1));
            String line = in.readLine();
            while (line != null) {
                String path = line.split(" ", -1)[1];
                while (!line.isEmpty()) {
                    line = in.readLine();
                }
                if (!answer(path, peer)) {
                    return;
                }
                line = in.readLine();
            }
            peer.close();
        } catch (IOException e) {
            // The proxy gave this connection up, with much of the answer unsent: that is what it should do.
            peers.remove(peer);
        }
    }

    /** False where the connection takes no further request. */
    private boolean answer(String path, Socket peer) throws IOException {
        OutputStream out = peer.getOutputStream();
        switch (path) {
            case "/never" -> requests.incrementAndGet();
            case "/big", "/closed" -> {
                requests.incrementAndGet();
                boolean closed = path.equals("/closed");
                String close = closed ? "connection: close\r\n" : "";
                out.write(("HTTP/1.1 200 OK\r\n" + close + "content-length: " + body.length + "\r\n\r\n")
                        .getBytes(StandardCharsets.ISO_8859_1));
                out.write(body);
                if (closed) {
                    peer.close();
                    return false;
                }
                return true;
            }
            default -> {
                out.write("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok".getBytes(StandardCharsets.ISO_8859_1));
                return true;
            }
        }
        return false;
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket peer : peers) {
            peer.close();
        }
        threads.shutdownNow();
    }
}
