package dev.sluice.proxy.codec.proxyprotocol;

import io.netty.buffer.ByteBuf;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Reads the header by which a proxy in front of us says whose connection it is (haproxy.org, "The PROXY protocol", versions 1
 * and 2). Extensions of version 2 (TLVs) are skipped. Stateless.
 */
public final class ProxyProtocolReader {
    private static final byte[] TEXT = "PROXY ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] BINARY = {13, 10, 13, 10, 0, 13, 10, 81, 85, 73, 84, 10};
    /** Section 2.1: the longest line, its end included. */
    private static final int MAX_LINE = 107;
    /** Section 2.2: the signature, version and command, family and protocol, and the length of what follows. */
    private static final int FIXED = 16;

    private static final int LOCAL = 0;
    private static final int STREAM = 1;

    private ProxyProtocolReader() {}

    /**
     * What a header says.
     *
     * @param length bytes of the header; what follows is the connection's own
     * @param client who made the connection; null where the sender speaks for itself or does not know, as in health checks
     * @param target what the client made it to; null where {@code client} is
     */
    public record Header(int length, @Nullable InetSocketAddress client, @Nullable InetSocketAddress target) {}

    /** The bytes begin with no header, or with a broken one. */
    public static final class Malformed extends Exception {
        private static final long serialVersionUID = 1;

        Malformed(String message) {
            super(message, null, false, false);
        }
    }

    /** The header that {@code bytes} begin with, none consumed; null when more are needed to say. */
    public static @Nullable Header read(ByteBuf bytes) throws Malformed {
        if (begins(bytes, BINARY)) {
            return bytes.readableBytes() < FIXED ? null : binary(bytes, bytes.readerIndex());
        }
        if (begins(bytes, TEXT)) {
            return line(bytes);
        }
        throw new Malformed("the first bytes are no such header");
    }

    /** Whether all that is there of it is {@code signature}. */
    private static boolean begins(ByteBuf bytes, byte[] signature) {
        int length = Math.min(signature.length, bytes.readableBytes());
        for (int i = 0; i < length; i++) {
            if (bytes.getByte(bytes.readerIndex() + i) != signature[i]) {
                return false;
            }
        }
        return true;
    }

    // ---- version 1

    private static @Nullable Header line(ByteBuf bytes) throws Malformed {
        int start = bytes.readerIndex();
        int length = Math.min(MAX_LINE, bytes.readableBytes());
        int end = bytes.indexOf(start, start + length, (byte) '\n');
        if (end < 0) {
            if (length == MAX_LINE) {
                throw new Malformed("its line is longer than " + MAX_LINE + " bytes");
            }
            return null;
        }
        if (end == start || bytes.getByte(end - 1) != '\r') {
            throw new Malformed("its line does not end in CR LF");
        }
        String text = bytes.toString(start, end - 1 - start, StandardCharsets.ISO_8859_1);
        String[] words = text.split(" ", -1);
        int read = end + 1 - start;
        if (words[1].equals("UNKNOWN")) {
            // Whatever follows: section 2.1 has the receiver ignore it.
            return new Header(read, null, null);
        }
        boolean v6 = words[1].equals("TCP6");
        if (words.length != 6 || !(v6 || words[1].equals("TCP4"))) {
            throw new Malformed("its line is not of the form PROXY TCP4|TCP6 CLIENT TARGET PORT PORT");
        }
        return new Header(read, end(words[2], words[4], v6), end(words[3], words[5], v6));
    }

    private static InetSocketAddress end(String address, String port, boolean v6) throws Malformed {
        // A scope or brackets are no part of an address here, though the library takes them.
        boolean valid = v6
                ? address.indexOf('%') < 0 && address.indexOf('[') < 0 && NetUtil.isValidIpV6Address(address)
                : NetUtil.isValidIpV4Address(address);
        if (!valid) {
            throw new Malformed("an address of its line is none");
        }
        int number = 0;
        for (int i = 0; i < port.length(); i++) {
            int digit = port.charAt(i) - '0';
            if (digit < 0 || digit > 9 || i == 5) {
                throw new Malformed("a port of its line is none");
            }
            number = number * 10 + digit;
        }
        if (port.isEmpty() || number > 65_535) {
            throw new Malformed("a port of its line is none");
        }
        return new InetSocketAddress(NetUtil.createInetAddressFromIpAddressString(address), number);
    }

    // ---- version 2

    private static @Nullable Header binary(ByteBuf bytes, int start) throws Malformed {
        int version = bytes.getUnsignedByte(start + 12) >> 4;
        int command = bytes.getByte(start + 12) & 0xf;
        if (version != 2 || command > 1) {
            throw new Malformed("its version or command is not known");
        }
        int family = bytes.getUnsignedByte(start + 13) >> 4;
        int transport = bytes.getByte(start + 13) & 0xf;
        int follows = bytes.getUnsignedShort(start + 14);
        int length = FIXED + follows;
        if (command == LOCAL) {
            return bytes.readableBytes() < length ? null : new Header(length, null, null);
        }
        if (family > 3 || transport > 2) {
            throw new Malformed("its family or protocol is not known");
        }
        // Section 2.2: what is valid and of no use to us, such as a Unix domain socket's name, counts as unspecified.
        int size = transport != STREAM ? 0 : family == 1 ? 4 : family == 2 ? 16 : 0;
        if (size > 0 && follows < 2 * size + 4) {
            throw new Malformed("it is too short for its addresses");
        }
        if (bytes.readableBytes() < length) {
            return null;
        }
        if (size == 0) {
            return new Header(length, null, null);
        }
        int at = start + FIXED;
        int ports = at + 2 * size;
        return new Header(length, end(bytes, at, size, ports), end(bytes, at + size, size, ports + 2));
    }

    private static InetSocketAddress end(ByteBuf bytes, int at, int size, int port) {
        byte[] address = new byte[size];
        bytes.getBytes(at, address);
        try {
            return new InetSocketAddress(InetAddress.getByAddress(address), bytes.getUnsignedShort(port));
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address of " + size + " bytes", e);
        }
    }
}
