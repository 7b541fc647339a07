package dev.sluice.bench.exchange;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** A blocking socket with one buffer to read from. Allocates nothing once it is made. Not thread-safe. */
final class Wire implements AutoCloseable {
    private final SocketChannel channel;
    private final ByteBuffer in = ByteBuffer.allocateDirect(64 * 1024).limit(0);

    Wire(SocketChannel channel) throws IOException {
        this.channel = channel;
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    }

    static Wire connect(InetSocketAddress address) throws IOException {
        return new Wire(SocketChannel.open(address));
    }

    /** Writes all of {@code bytes} and leaves it as it was. */
    void send(ByteBuffer bytes) throws IOException {
        int start = bytes.position();
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
        bytes.position(start);
    }

    /** What was received and not consumed, at least {@code count} bytes of it. */
    ByteBuffer atLeast(int count) throws IOException {
        while (in.remaining() < count) {
            in.compact();
            int read;
            try {
                read = channel.read(in);
            } finally {
                in.flip();
            }
            if (read < 0) {
                throw new EOFException("the peer closed the connection");
            }
        }
        return in;
    }

    /** Consumes {@code count} bytes, whatever they are. */
    void skip(int count) throws IOException {
        int left = count;
        while (left > 0) {
            int step = Math.min(left, in.capacity());
            ByteBuffer received = atLeast(step);
            received.position(received.position() + step);
            left -= step;
        }
    }

    static ByteBuffer direct(byte[] bytes) {
        return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
