package dev.sluice.proxy.app.train;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Frames of HTTP/2 (RFC 9113 §4), enough of them for both ends of plain exchanges. */
final class Http2 {
    static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int RST_STREAM = 3;
    static final int GOAWAY = 7;
    static final int END_STREAM = 1;
    static final int END_HEADERS = 4;

    private static final int SETTINGS = 4;
    private static final int PING = 6;
    private static final int WINDOW_UPDATE = 8;
    private static final int ACK = 1;
    private static final int MAX_WINDOW = 0x7fff_ffff;
    private static final int DEFAULT_WINDOW = 0xffff;
    /** RFC 7541 §6.2.1: a literal with a name of its own that the table remembers. */
    private static final int REMEMBERED = 0x40;
    /** RFC 7541 §6.1, and the first place behind the static table (appendix A). */
    private static final int INDEXED = 0x80;

    private static final int FIRST_DYNAMIC = 62;

    private Http2() {}

    /**
     * A frame as it was received.
     *
     * @param flags as they are defined for {@code type}
     * @param first byte of the payload; -1 where there is none
     */
    record Frame(int type, int flags, int stream, int first) {
        boolean endsStream() {
            return (type == HEADERS || type == DATA) && (flags & END_STREAM) != 0;
        }

        /** Whether the peer gives up the stream or the connection. */
        boolean isAbort() {
            return type == RST_STREAM || type == GOAWAY;
        }
    }

    /** SETTINGS, and windows so wide that none has to be opened again. */
    static void open(Link link) throws IOException {
        // SETTINGS_INITIAL_WINDOW_SIZE
        byte[] window = {0, 4, 0x7f, (byte) 0xff, (byte) 0xff, (byte) 0xff};
        write(link, SETTINGS, 0, 0, window);
        int more = MAX_WINDOW - DEFAULT_WINDOW;
        write(link, WINDOW_UPDATE, 0, 0, new byte[] {
            (byte) (more >>> 24), (byte) (more >>> 16), (byte) (more >>> 8), (byte) more
        });
        link.out.flush();
    }

    static void write(Link link, int type, int flags, int stream, byte[] payload) throws IOException {
        link.out.writeInt((payload.length << 8) | type);
        link.out.write(flags);
        link.out.writeInt(stream);
        link.out.write(payload);
    }

    /** The next frame of a stream, or the last one of the connection; what has to be answered is. */
    static Frame read(Link link) throws IOException {
        while (true) {
            int head = link.in.readInt();
            int flags = link.in.readUnsignedByte();
            int stream = link.in.readInt();
            byte[] payload = link.in.readNBytes(head >>> 8);
            Frame frame = new Frame(head & 0xff, flags, stream, payload.length == 0 ? -1 : payload[0] & 0xff);
            if ((frame.type == SETTINGS || frame.type == PING) && (flags & ACK) == 0) {
                write(link, frame.type, ACK, 0, frame.type == PING ? payload : new byte[0]);
                link.out.flush();
            } else if (frame.type == HEADERS || frame.type == DATA || frame.isAbort()) {
                return frame;
            }
        }
    }

    /** A block whose fields the peer's table remembers: {@code prefix}, then names and values by turns. */
    static byte[] first(byte[] prefix, String... fields) {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        block.writeBytes(prefix);
        for (int i = 0; i < fields.length; i += 2) {
            block.write(REMEMBERED);
            text(block, fields[i]);
            text(block, fields[i + 1]);
        }
        return block.toByteArray();
    }

    /** The same block by what the table remembers of {@code count} fields. */
    static byte[] again(byte[] prefix, int count) {
        byte[] block = new byte[prefix.length + count];
        System.arraycopy(prefix, 0, block, 0, prefix.length);
        for (int i = 0; i < count; i++) {
            block[prefix.length + i] = (byte) (INDEXED | (FIRST_DYNAMIC + count - 1 - i));
        }
        return block;
    }

    private static void text(ByteArrayOutputStream block, String value) {
        block.write(value.length());
        block.writeBytes(value.getBytes(StandardCharsets.US_ASCII));
    }
}
