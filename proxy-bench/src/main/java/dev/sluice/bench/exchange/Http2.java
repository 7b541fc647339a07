package dev.sluice.bench.exchange;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * HTTP/2 in prepared frames, one stream at a time: the same GET and answer as {@link Http1}, header blocks without a
 * dynamic table (RFC 7541 §6.2.2), windows opened so far that they last for a run of a million exchanges.
 */
final class Http2 implements Talker {
    private static final int FRAME_HEAD = 9;
    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int SETTINGS = 4;
    private static final int PING = 6;
    private static final int END_STREAM = 1;
    private static final int ACK = 1;
    private static final int END_HEADERS = 4;
    private static final int STATUS_200 = 0x88;
    private static final int BODY_BYTES = 1024;
    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final Wire wire;
    private final ByteBuffer request;
    private int nextStream = 1;

    Http2(Wire wire) throws IOException {
        this.wire = wire;
        this.request = Wire.direct(frame(HEADERS, END_STREAM | END_HEADERS, requestBlock()));
        wire.send(Wire.direct(PREFACE));
        wire.send(opening());
    }

    @Override
    public int exchange() throws IOException {
        int stream = nextStream;
        nextStream += 2;
        request.putInt(5, stream);
        wire.send(request);
        int status = 0;
        while (true) {
            ByteBuffer in = wire.atLeast(FRAME_HEAD);
            int at = in.position();
            int length = in.getInt(at) >>> 8;
            int type = in.get(at + 3);
            int flags = in.get(at + 4);
            if (type == HEADERS && in.getInt(at + 5) == stream) {
                in = wire.atLeast(FRAME_HEAD + 1);
                status = (in.get(in.position() + FRAME_HEAD) & 0xff) == STATUS_200 ? 200 : -1;
            }
            consume(wire, type, flags, length);
            if ((type == HEADERS || type == DATA) && (flags & END_STREAM) != 0) {
                return status;
            }
        }
    }

    /** The upstream's side. */
    static void answer(Wire wire) throws IOException {
        byte[] head = frame(HEADERS, END_HEADERS, responseBlock());
        byte[] body = frame(DATA, END_STREAM, new byte[BODY_BYTES]);
        ByteBuffer response = ByteBuffer.allocateDirect(head.length + body.length)
                .put(head)
                .put(body)
                .flip();
        wire.skip(PREFACE.length);
        wire.send(opening());
        while (true) {
            ByteBuffer in = wire.atLeast(FRAME_HEAD);
            int at = in.position();
            int length = in.getInt(at) >>> 8;
            int type = in.get(at + 3);
            int flags = in.get(at + 4);
            int stream = in.getInt(at + 5);
            consume(wire, type, flags, length);
            if (type == HEADERS && (flags & END_STREAM) != 0) {
                response.putInt(5, stream);
                response.putInt(head.length + 5, stream);
                wire.send(response);
            }
        }
    }

    /** Takes a frame off and answers it where the protocol asks for that. */
    private static void consume(Wire wire, int type, int flags, int length) throws IOException {
        if (type == PING && (flags & ACK) == 0) {
            ByteBuffer in = wire.atLeast(FRAME_HEAD + length);
            byte[] opaque = new byte[length];
            in.get(in.position() + FRAME_HEAD, opaque);
            wire.send(Wire.direct(frame(PING, ACK, opaque)));
        } else if (type == SETTINGS && (flags & ACK) == 0) {
            wire.send(Wire.direct(frame(SETTINGS, ACK, new byte[0])));
        }
        wire.skip(FRAME_HEAD + length);
    }

    /** SETTINGS with no push, and the connection's window as wide as it goes. */
    private static ByteBuffer opening() {
        byte[] settings = frame(SETTINGS, 0, new byte[] {0, 2, 0, 0, 0, 0});
        byte[] window =
                frame(8, 0, ByteBuffer.allocate(4).putInt(0x7fff_ffff - 0xffff).array());
        return ByteBuffer.allocateDirect(settings.length + window.length)
                .put(settings)
                .put(window)
                .flip();
    }

    private static byte[] requestBlock() {
        ByteBuffer block = ByteBuffer.allocate(1024);
        block.put((byte) 0x82).put((byte) 0x86);
        literal(block, ":path", "/reviews/7");
        literal(block, ":authority", "bench.test");
        literal(block, "user-agent", "bench/1.0");
        literal(block, "accept", "application/json");
        literal(block, "accept-language", "en");
        literal(block, "accept-encoding", "gzip");
        literal(block, "authorization", "Bearer 0123456789abcdef");
        literal(block, "cookie", "session=0123456789abcdef");
        literal(block, "end-user", "anna");
        literal(block, "traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
        literal(block, "x-request-id", "0af76519-16cd-43dd-8448-eb211c80319c");
        return bytes(block);
    }

    private static byte[] responseBlock() {
        ByteBuffer block = ByteBuffer.allocate(1024).put((byte) STATUS_200);
        literal(block, "date", "Sat, 21 Nov 2026 12:00:00 GMT");
        literal(block, "content-type", "application/json");
        literal(block, "content-length", Integer.toString(BODY_BYTES));
        return bytes(block);
    }

    /** A field without indexing, name and value as they are; both shorter than 127 bytes. */
    private static void literal(ByteBuffer block, String name, String value) {
        block.put((byte) 0);
        block.put((byte) name.length()).put(name.getBytes(StandardCharsets.US_ASCII));
        block.put((byte) value.length()).put(value.getBytes(StandardCharsets.US_ASCII));
    }

    private static byte[] bytes(ByteBuffer block) {
        byte[] bytes = new byte[block.position()];
        block.get(0, bytes);
        return bytes;
    }

    /** A frame on stream 0. */
    private static byte[] frame(int type, int flags, byte[] payload) {
        return ByteBuffer.allocate(FRAME_HEAD + payload.length)
                .putInt(payload.length << 8 | type)
                .put((byte) flags)
                .putInt(0)
                .put(payload)
                .array();
    }
}
