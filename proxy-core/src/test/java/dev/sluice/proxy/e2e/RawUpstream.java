package dev.sluice.proxy.e2e;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** An upstream that says and does what its script says, byte by byte, and remembers every byte it was sent. */
final class RawUpstream implements AutoCloseable {
    private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Peer> peers = new CopyOnWriteArrayList<>();
    private final List<Throwable> failures = new CopyOnWriteArrayList<>();
    private final AtomicInteger accepted = new AtomicInteger();
    private volatile Script script;

    /** What to do on one connection; its end closes it. */
    interface Script {
        /** Serves {@code peer}; {@code number} counts connections from 0 since the script was set. */
        void serve(Peer peer, int number) throws IOException;
    }

    /** A request as it stood on the wire. */
    record Message(String head, String body) {
        String header(String name) {
            return Wire.header(head, name);
        }
    }

    RawUpstream(Script first) throws IOException {
        script = first;
        threads.execute(this::accept);
    }

    /** Answers every request with 200 and {@code ok}, after 100 Continue where that is waited for. */
    static void answerAll(Peer peer, int number) throws IOException {
        while (peer.next()) {
            peer.send("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n"
                    + (peer.last().head().startsWith("HEAD") ? "" : "ok"));
        }
    }

    /** From the next connection on; what came before is forgotten. */
    void script(Script next) {
        forget();
        accepted.set(0);
        script = next;
    }

    int port() {
        return listener.getLocalPort();
    }

    /** Connections that came in since {@link #script(Script)}. */
    int connections() {
        return accepted.get();
    }

    /** Connection {@code index} of those not forgotten. */
    Peer peer(int index) {
        return peers.get(index);
    }

    /** Closes every connection there is; the listener goes on. */
    void closeAll() throws IOException {
        for (Peer peer : peers) {
            peer.socket.close();
        }
    }

    /** All requests since {@link #forget()}. */
    List<Message> requests() {
        return peers.stream().flatMap(peer -> peer.messages.stream()).toList();
    }

    /** All bytes since {@link #forget()}. */
    String received() {
        StringBuilder all = new StringBuilder();
        peers.forEach(peer -> all.append(peer.received()));
        return all.toString();
    }

    /** Forgets what was received, not the connections it came on. */
    void forget() {
        for (Peer peer : peers) {
            peer.messages.clear();
            synchronized (peer.received) {
                peer.received.setLength(0);
            }
        }
        peers.removeIf(peer -> peer.socket.isClosed());
    }

    /** Assertions that failed inside scripts. */
    List<Throwable> failures() {
        return failures;
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = listener.accept();
                socket.setTcpNoDelay(true);
                socket.setSoTimeout(20_000);
                Peer peer = new Peer(socket);
                peers.add(peer);
                int number = accepted.getAndIncrement();
                Script current = script;
                threads.execute(() -> serve(peer, current, number));
            }
        } catch (SocketException closed) {
            if (!listener.isClosed()) {
                failures.add(closed);
            }
        } catch (IOException e) {
            failures.add(e);
        }
    }

    private void serve(Peer peer, Script current, int number) {
        try (Socket socket = peer.socket) {
            current.serve(peer, number);
            socket.shutdownOutput();
        } catch (SocketException gone) {
            peer.reset = true;
        } catch (IOException | RuntimeException | AssertionError e) {
            failures.add(e);
        }
    }

    @Override
    public void close() {
        try {
            listener.close();
            for (Peer peer : peers) {
                peer.socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        threads.shutdownNow();
    }

    /** One connection from the proxy. */
    static final class Peer {
        private final Socket socket;
        private final InputStream unrecorded;
        private final InputStream in;
        private final StringBuilder received = new StringBuilder();
        private final List<Message> messages = new CopyOnWriteArrayList<>();
        private volatile boolean ended;
        private volatile boolean reset;

        private Peer(Socket socket) throws IOException {
            this.socket = socket;
            this.unrecorded = new BufferedInputStream(socket.getInputStream());
            this.in = new Recording(unrecorded, received);
        }

        /** Reads a whole request; false when the connection ended before one began. */
        boolean next() throws IOException {
            String head = Wire.head(in);
            if (head.isEmpty()) {
                ended = true;
                return false;
            }
            if ("100-continue".equals(Wire.header(head, "expect"))) {
                send("HTTP/1.1 100 Continue\r\n\r\n");
            }
            messages.add(new Message(head, Wire.body(in, head, false)));
            return true;
        }

        /** The request read last. */
        Message last() {
            return messages.get(messages.size() - 1);
        }

        /** Reads a head only. */
        String head() throws IOException {
            return Wire.head(in);
        }

        /** Reads up to {@code size} bytes. */
        byte[] read(int size) throws IOException {
            return in.readNBytes(size);
        }

        /** Reads {@code size} bytes without remembering them. */
        void discard(long size) throws IOException {
            unrecorded.skipNBytes(size);
        }

        /** Reads until the proxy closes; notes that it did. */
        void readToEnd() throws IOException {
            int next;
            do {
                next = in.read();
            } while (next >= 0);
            ended = true;
        }

        void send(String text) throws IOException {
            socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        }

        void sendReset() throws IOException {
            socket.setSoLinger(true, 0);
            socket.close();
        }

        Socket socket() {
            return socket;
        }

        /** Whether the proxy closed or reset it. */
        boolean isGone() {
            return ended || reset;
        }

        String received() {
            synchronized (received) {
                return received.toString();
            }
        }
    }

    @SuppressWarnings("InputStreamSlowMultibyteRead") // every byte is recorded one by one
    private static final class Recording extends InputStream {
        private final InputStream in;
        private final StringBuilder record;

        Recording(InputStream in, StringBuilder record) {
            this.in = in;
            this.record = record;
        }

        @Override
        public int read() throws IOException {
            int next = in.read();
            if (next >= 0) {
                synchronized (record) {
                    record.append((char) next);
                }
            }
            return next;
        }
    }
}
