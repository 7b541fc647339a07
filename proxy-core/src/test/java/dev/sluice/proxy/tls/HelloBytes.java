package dev.sluice.proxy.tls;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Builds ClientHellos by hand (RFC 8446, section 4.1.2), right and wrong ones. */
final class HelloBytes {
    private final List<byte[]> extensions = new ArrayList<>();
    private byte[] suites = {0x13, 1};

    /** One with that name, that can check ECDSA. */
    static byte[] named(String name) {
        return records(
                new HelloBytes().serverName(name).signatures(0x0403, 0x0804).message(), 1 << 14);
    }

    HelloBytes serverName(String name) {
        byte[] text = name.getBytes(StandardCharsets.ISO_8859_1);
        return extension(0, prefixed(2, concat(new byte[] {0}, prefixed(2, text))));
    }

    HelloBytes signatures(int... algorithms) {
        return extension(13, prefixed(2, pairs(algorithms)));
    }

    HelloBytes versions(int... versions) {
        return extension(43, prefixed(1, pairs(versions)));
    }

    HelloBytes suites(int... ids) {
        suites = pairs(ids);
        return this;
    }

    private static byte[] pairs(int... values) {
        byte[] list = new byte[values.length * 2];
        for (int i = 0; i < values.length; i++) {
            list[2 * i] = (byte) (values[i] >> 8);
            list[2 * i + 1] = (byte) values[i];
        }
        return list;
    }

    HelloBytes extension(int type, byte[] content) {
        extensions.add(concat(new byte[] {(byte) (type >> 8), (byte) type}, prefixed(2, content)));
        return this;
    }

    /** The handshake message. */
    byte[] message() {
        byte[] all = concat(extensions.toArray(new byte[0][]));
        byte[] body = concat(
                new byte[] {3, 3},
                new byte[32],
                prefixed(1, new byte[32]),
                prefixed(2, suites),
                prefixed(1, new byte[] {0}),
                prefixed(2, all));
        return concat(new byte[] {1}, prefixed(3, body));
    }

    /** A message in records of at most {@code size} bytes. */
    static byte[] records(byte[] message, int size) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int at = 0; at < message.length; at += size) {
            int length = Math.min(size, message.length - at);
            out.writeBytes(new byte[] {22, 3, 1, (byte) (length >> 8), (byte) length});
            out.write(message, at, length);
        }
        return out.toByteArray();
    }

    /** {@code content} behind its length in that many bytes. */
    static byte[] prefixed(int lengthBytes, byte[] content) {
        byte[] out = new byte[lengthBytes + content.length];
        for (int i = 0; i < lengthBytes; i++) {
            out[i] = (byte) (content.length >> (8 * (lengthBytes - 1 - i)));
        }
        System.arraycopy(content, 0, out, lengthBytes, content.length);
        return out;
    }

    static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }
}
