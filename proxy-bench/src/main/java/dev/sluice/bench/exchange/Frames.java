package dev.sluice.bench.exchange;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** HTTP/2 on the wire: frames (RFC 9113 section 4.1) and header blocks without a dynamic table (RFC 7541 section 6.2.2). */
final class Frames {
    static final int HEAD = 9;
    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int SETTINGS = 4;
    static final int PING = 6;
    static final int END_STREAM = 1;
    static final int ACK = 1;
    static final int END_HEADERS = 4;
    static final int STATUS_200 = 0x88;
    static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private static final int WINDOW_UPDATE = 8;
    private static final int STREAM_AT = 5;
    private static final int MAX_BLOCK = 1024;

    private Frames() {}

    /** A frame on stream 0. */
    static byte[] frame(int type, int flags, byte[] payload) {
        return ByteBuffer.allocate(HEAD + payload.length)
                .putInt(payload.length << 8 | type)
                .put((byte) flags)
                .putInt(0)
                .put(payload)
                .array();
    }

    /** Puts the frame that starts at {@code start} on a stream. */
    static void onStream(ByteBuffer frames, int start, int stream) {
        frames.putInt(start + STREAM_AT, stream);
    }

    /** SETTINGS with no push, and the connection's window so wide that it lasts for a run of a million exchanges. */
    static ByteBuffer opening() {
        byte[] settings = frame(SETTINGS, 0, new byte[] {0, 2, 0, 0, 0, 0});
        byte[] window = frame(
                WINDOW_UPDATE,
                0,
                ByteBuffer.allocate(4).putInt(0x7fff_ffff - 0xffff).array());
        return ByteBuffer.allocateDirect(settings.length + window.length)
                .put(settings)
                .put(window)
                .flip();
    }

    /**
     * A header block.
     *
     * @param indexed entries of the static table, as their bytes
     * @param fields names and values by turns, each shorter than 127 bytes
     */
    static byte[] block(byte[] indexed, String... fields) {
        ByteBuffer block = ByteBuffer.allocate(MAX_BLOCK).put(indexed);
        for (int i = 0; i < fields.length; i += 2) {
            block.put((byte) 0);
            literal(block, fields[i]);
            literal(block, fields[i + 1]);
        }
        byte[] bytes = new byte[block.position()];
        block.get(0, bytes);
        return bytes;
    }

    private static void literal(ByteBuffer block, String text) {
        block.put((byte) text.length()).put(text.getBytes(StandardCharsets.US_ASCII));
    }
}
