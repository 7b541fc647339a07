package dev.sluice.proxy.tls;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What the first message of a TLS client says before anything is answered (RFC 8446, section 4.1.2), read without being
 * consumed. It may come in any number of pieces, of segments and of TLS records: a name that was read from the first piece
 * alone would let a client choose what it is routed by (CVE-2026-75595).
 *
 * @param serverName lower-case, without a final dot; null without SNI
 * @param ecdsa whether the client can check an ECDSA signature
 * @param ecdsaSuites whether one of its cipher suites for TLS up to 1.2 has the server sign by ECDSA
 * @param tls13 whether it speaks TLS 1.3, whose cipher suites say nothing of signatures
 */
public record ClientHello(@Nullable String serverName, boolean ecdsa, boolean ecdsaSuites, boolean tls13) {
    /** Bytes, record headers included, that a hello may have; as in Envoy. */
    public static final int MAX_BYTES = 64 * 1024;

    private static final int HANDSHAKE = 22;
    private static final int CLIENT_HELLO = 1;
    private static final int RECORD_HEADER = 5;
    private static final int MESSAGE_HEADER = 4;
    /** A hello of the largest size fits into five; more are an attempt to make reading it costly. */
    private static final int MAX_RECORDS = 32;

    private static final int SERVER_NAME = 0;
    private static final int SIGNATURE_ALGORITHMS = 13;
    private static final int SUPPORTED_VERSIONS = 43;
    private static final int TLS_1_3 = 0x0304;

    /** These bytes are no client's first, or too many. */
    public static final class Malformed extends Exception {
        private static final long serialVersionUID = 1L;

        Malformed(String message) {
            super(message, null, false, false);
        }
    }

    /** Whether a connection that begins with this byte may be TLS. */
    public static boolean mayBegin(int firstByte) {
        return firstByte == HANDSHAKE;
    }

    /**
     * Reads a hello; the indexes of {@code bytes} stay as they are.
     *
     * @return null when there is more to come
     */
    public static @Nullable ClientHello read(ByteBuf bytes) throws Malformed {
        byte[] message = message(bytes);
        if (message == null) {
            return null;
        }
        try {
            return parse(new Cursor(message, MESSAGE_HEADER, message.length));
        } catch (IndexOutOfBoundsException e) {
            throw new Malformed("a length in the ClientHello points past its end");
        }
    }

    /** The handshake message out of its records; null when it is not complete. */
    private static byte @Nullable [] message(ByteBuf bytes) throws Malformed {
        int size = completeSize(bytes);
        if (size < 0) {
            return null;
        }
        byte[] message = new byte[size];
        int at = bytes.readerIndex();
        for (int filled = 0; filled < size; ) {
            int length = bytes.getUnsignedShort(at + 3);
            int here = Math.min(length, size - filled);
            bytes.getBytes(at + RECORD_HEADER, message, filled, here);
            filled += here;
            at += RECORD_HEADER + length;
        }
        return message;
    }

    /**
     * How long the message is, from the heads of its records alone, or -1 while some of it is missing: a client that sends
     * byte by byte has this asked for each, and what has arrived is not to be read again every time.
     */
    private static int completeSize(ByteBuf bytes) throws Malformed {
        byte[] head = new byte[MESSAGE_HEADER];
        int at = bytes.readerIndex();
        int arrived = 0;
        int size = -1;
        for (int records = 0; bytes.writerIndex() - at >= RECORD_HEADER; records++) {
            int length = bytes.getUnsignedShort(at + 3);
            if (bytes.getUnsignedByte(at) != HANDSHAKE || bytes.getUnsignedByte(at + 1) != 3) {
                throw new Malformed("not a TLS handshake record");
            }
            if (length == 0 || length > (1 << 14) || records == MAX_RECORDS) {
                throw new Malformed("the ClientHello's records are of no allowed size");
            }
            at += RECORD_HEADER;
            int here = Math.min(length, bytes.writerIndex() - at);
            for (int i = 0; i < here && arrived + i < MESSAGE_HEADER; i++) {
                head[arrived + i] = bytes.getByte(at + i);
            }
            arrived += here;
            if (size < 0 && arrived >= MESSAGE_HEADER) {
                size = size(head);
            }
            if (size >= 0 && arrived >= size) {
                return size;
            }
            if (here < length) {
                break;
            }
            at += length;
        }
        if (bytes.readableBytes() >= MAX_BYTES) {
            throw new Malformed("the ClientHello is too long");
        }
        return -1;
    }

    private static int size(byte[] head) throws Malformed {
        int length = (head[1] & 0xff) << 16 | (head[2] & 0xff) << 8 | (head[3] & 0xff);
        if (head[0] != CLIENT_HELLO) {
            throw new Malformed("the first message is not a ClientHello");
        }
        if (length > MAX_BYTES) {
            // Before anything of that size is waited for (CVE-2026-45416).
            throw new Malformed("the ClientHello is too long");
        }
        return MESSAGE_HEADER + length;
    }

    private static ClientHello parse(Cursor hello) throws Malformed {
        hello.skip(2 + 32);
        hello.skip(hello.u8());
        boolean ecdsaSuites = offersEcdsa(hello.sub(hello.u16()));
        hello.skip(hello.u8());
        String name = null;
        boolean ecdsa = false;
        boolean tls13 = false;
        if (hello.left() > 0) {
            Cursor extensions = hello.sub(hello.u16());
            while (extensions.left() > 0) {
                int type = extensions.u16();
                Cursor content = extensions.sub(extensions.u16());
                if (type == SERVER_NAME) {
                    if (name != null) {
                        throw new Malformed("the ClientHello names the server twice");
                    }
                    name = serverName(content);
                } else if (type == SIGNATURE_ALGORITHMS) {
                    ecdsa = takesEcdsa(content);
                } else if (type == SUPPORTED_VERSIONS) {
                    tls13 = speaksTls13(content);
                }
            }
        }
        return new ClientHello(name, ecdsa, ecdsaSuites, tls13);
    }

    private static @Nullable String serverName(Cursor content) throws Malformed {
        Cursor list = content.sub(content.u16());
        while (list.left() > 0) {
            int type = list.u8();
            Cursor name = list.sub(list.u16());
            if (type == 0) {
                String text = name.text().toLowerCase(Locale.ROOT);
                for (int i = 0; i < text.length(); i++) {
                    if (text.charAt(i) <= ' ' || text.charAt(i) >= 0x7f) {
                        throw new Malformed("the server name is no host name");
                    }
                }
                return text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
            }
        }
        return null;
    }

    private static boolean takesEcdsa(Cursor content) {
        Cursor list = content.sub(content.u16());
        while (list.left() >= 2) {
            int algorithm = list.u16();
            // ecdsa_secp256r1_sha256, ecdsa_secp384r1_sha384, ecdsa_secp521r1_sha512
            if (algorithm == 0x0403 || algorithm == 0x0503 || algorithm == 0x0603) {
                return true;
            }
        }
        return false;
    }

    /** Whether {@code suites} has an ECDHE_ECDSA suite (RFC 8422, 5289 and 7905) that a server of ours may have. */
    private static boolean offersEcdsa(Cursor suites) {
        while (suites.left() >= 2) {
            switch (suites.u16()) {
                case 0xc009, 0xc00a, 0xc02b, 0xc02c, 0xcca9 -> {
                    return true;
                }
                default -> {}
            }
        }
        return false;
    }

    private static boolean speaksTls13(Cursor content) {
        Cursor list = content.sub(content.u8());
        while (list.left() >= 2) {
            if (list.u16() == TLS_1_3) {
                return true;
            }
        }
        return false;
    }

    /** Reads forward within bounds. */
    private static final class Cursor {
        private final byte[] bytes;
        private final int end;
        private int at;

        Cursor(byte[] bytes, int at, int end) {
            this.bytes = bytes;
            this.at = at;
            this.end = end;
        }

        int left() {
            return end - at;
        }

        int u8() {
            skip(1);
            return bytes[at - 1] & 0xff;
        }

        int u16() {
            skip(2);
            return (bytes[at - 2] & 0xff) << 8 | (bytes[at - 1] & 0xff);
        }

        void skip(int count) {
            if (count > left()) {
                throw new IndexOutOfBoundsException();
            }
            at += count;
        }

        Cursor sub(int length) {
            int from = at;
            skip(length);
            return new Cursor(bytes, from, at);
        }

        String text() {
            return new String(bytes, at, left(), StandardCharsets.ISO_8859_1);
        }
    }
}
