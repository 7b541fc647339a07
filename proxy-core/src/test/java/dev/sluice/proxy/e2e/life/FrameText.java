package dev.sluice.proxy.e2e.life;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** HTTP/2 requests as bytes, for clients that say much and hear nothing. */
final class FrameText {
    private static final int HEADERS = 1;
    private static final int SETTINGS = 4;
    private static final int WINDOW_UPDATE = 8;
    private static final int END_STREAM_AND_HEADERS = 5;
    private static final int WIDE = 0x3fff_0000;

    private FrameText() {}

    /** Preface, the widest windows, and {@code count} GET requests. */
    static byte[] manyRequests(String authority, String path, int count) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
        // SETTINGS_INITIAL_WINDOW_SIZE
        frame(out, SETTINGS, 0, 0, new byte[] {0, 4, 0x3f, (byte) 0xff, 0, 0});
        frame(out, WINDOW_UPDATE, 0, 0, number(WIDE));
        byte[] block = get(authority, path);
        for (int i = 0; i < count; i++) {
            frame(out, HEADERS, END_STREAM_AND_HEADERS, 1 + 2 * i, block);
        }
        return out.toByteArray();
    }

    /** RFC 7541 appendix A: GET is 2, http is 6; :path is named by 4, :authority by 1, both without indexing. */
    private static byte[] get(String authority, String path) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(0x82);
        out.write(0x86);
        literal(out, 0x04, path);
        literal(out, 0x01, authority);
        return out.toByteArray();
    }

    private static void literal(ByteArrayOutputStream out, int name, String value) {
        out.write(name);
        out.write(value.length());
        out.writeBytes(value.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static void frame(ByteArrayOutputStream out, int type, int flags, int stream, byte[] payload) {
        out.write(0);
        out.writeBytes(new byte[] {(byte) (payload.length >> 8), (byte) payload.length, (byte) type, (byte) flags});
        out.writeBytes(number(stream));
        out.writeBytes(payload);
    }

    private static byte[] number(int value) {
        return new byte[] {(byte) (value >> 24), (byte) (value >> 16), (byte) (value >> 8), (byte) value};
    }
}
