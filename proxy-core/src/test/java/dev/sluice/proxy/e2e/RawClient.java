package dev.sluice.proxy.e2e;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** A client that sends bytes as they are given and reads HTTP/1 strictly. */
final class RawClient implements AutoCloseable {
    private final Socket socket;
    private final InputStream in;

    /** A response as it stood on the wire. */
    record Answer(int status, String head, String body) {
        @Nullable
        String header(String name) {
            return Wire.header(head, name);
        }
    }

    RawClient(InetSocketAddress address) throws IOException {
        this(address, null);
    }

    /** @param from the client's own address; null for whatever the system takes */
    RawClient(InetSocketAddress address, @Nullable InetAddress from) throws IOException {
        socket = new Socket(address.getAddress(), address.getPort(), from, 0);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(20_000);
        in = new BufferedInputStream(socket.getInputStream());
    }

    RawClient send(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        return this;
    }

    /** The next response, with its body. */
    Answer answer() throws IOException {
        return answer(true);
    }

    /** The next response's head. */
    Answer headOnly() throws IOException {
        return answer(false);
    }

    private Answer answer(boolean withBody) throws IOException {
        String head = Wire.head(in);
        if (head.isEmpty()) {
            throw new IOException("the connection ended without a response");
        }
        int status = Integer.parseInt(head.substring(9, 12));
        boolean none = !withBody || status < 200 || status == 204 || status == 304;
        return new Answer(status, head, none ? "" : Wire.body(in, head, true));
    }

    /** {@code size} bytes as they come. */
    String read(int size) throws IOException {
        return Wire.text(in.readNBytes(size));
    }

    /** Reads {@code size} bytes and forgets them. */
    void discard(long size) throws IOException {
        in.skipNBytes(size);
    }

    /** Everything up to the end or a reset. */
    String rest() throws IOException {
        StringBuilder rest = new StringBuilder();
        try {
            for (int next = in.read(); next >= 0; next = in.read()) {
                rest.append((char) next);
            }
        } catch (SocketException reset) {
            return rest.toString();
        }
        return rest.toString();
    }

    Socket socket() {
        return socket;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
