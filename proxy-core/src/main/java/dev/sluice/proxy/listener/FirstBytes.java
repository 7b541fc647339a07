package dev.sluice.proxy.listener;

import dev.sluice.proxy.codec.http2.Preface;
import io.netty.buffer.ByteBuf;

/** What the first bytes of a connection say about its protocol, where nobody declared it. */
enum FirstBytes {
    /** Nothing yet, or the beginning of something that may still be one or the other. */
    UNDECIDED,
    /** A request line with a version of HTTP/1, or the beginning of one that is too long to wait for. */
    HTTP1,
    /** The head of a request of HTTP/1.0 that names no host: only the server that was dialled can tell what is asked for. */
    HTTP1_WITHOUT_HOST,
    /** The preface of HTTP/2 with prior knowledge. */
    HTTP2,
    /** A TLS record of a handshake. */
    TLS,
    /** None of these. */
    OTHER;

    /** A line that long is HTTP/1 if it begins like it: the codec has limits of its own. */
    private static final int MAX_LINE = 8 * 1024;

    private static final int MAX_METHOD = 32;
    /** The type of the record that a TLS client begins with (RFC 8446, section 5.1). */
    static final int TLS_HANDSHAKE = 22;

    private static final int TLS_MAJOR = 3;

    /** Looks at the first bytes of a connection without consuming any. */
    static FirstBytes of(ByteBuf bytes) {
        if (!bytes.isReadable()) {
            return UNDECIDED;
        }
        int start = bytes.readerIndex();
        if (bytes.getByte(start) == TLS_HANDSHAKE) {
            return bytes.readableBytes() < 2 ? UNDECIDED : bytes.getByte(start + 1) == TLS_MAJOR ? TLS : OTHER;
        }
        return switch (Preface.of(bytes)) {
            case HTTP2 -> HTTP2;
            case UNDECIDED -> UNDECIDED;
            case NEITHER -> OTHER;
            case OTHER -> requestLine(bytes);
        };
    }

    /** RFC 9112, section 3: a method in capitals, a space, a target, a space and the version; empty lines before it. */
    private static FirstBytes requestLine(ByteBuf bytes) {
        int at = bytes.readerIndex();
        int end = bytes.writerIndex();
        while (at < end && (bytes.getByte(at) == '\r' || bytes.getByte(at) == '\n')) {
            at++;
        }
        int method = at;
        while (at < end && isMethod(bytes.getByte(at))) {
            at++;
        }
        if (at - method > MAX_METHOD || (at < end && (at == method || bytes.getByte(at) != ' '))) {
            return OTHER;
        }
        int line = bytes.indexOf(at, end, (byte) '\n');
        for (int i = at; i < (line < 0 ? end : line - 1); i++) {
            // Controls are in no request line, and in most binary protocols.
            if (bytes.getByte(i) >= 0 && bytes.getByte(i) < ' ') {
                return OTHER;
            }
        }
        if (line < 0) {
            return end - method > MAX_LINE ? HTTP1 : UNDECIDED;
        }
        if (!endsInVersion(bytes, at, line)) {
            return OTHER;
        }
        boolean mayLackHost = bytes.getByte(lineEnd(bytes, line) - 1) == '0' && bytes.getByte(at + 1) == '/';
        return mayLackHost ? head(bytes, line + 1) : HTTP1;
    }

    /** From HTTP/1.1 on a request has a host; one before it may. */
    private static FirstBytes head(ByteBuf bytes, int first) {
        int end = bytes.writerIndex();
        for (int at = first; at < end; ) {
            int line = bytes.indexOf(at, end, (byte) '\n');
            if (beginsWithHost(bytes, at, line < 0 ? end : line)) {
                return HTTP1;
            }
            if (line >= 0 && lineEnd(bytes, line) <= at) {
                return HTTP1_WITHOUT_HOST;
            }
            at = line < 0 ? end : line + 1;
        }
        return end - first > MAX_LINE ? HTTP1 : UNDECIDED;
    }

    private static boolean beginsWithHost(ByteBuf bytes, int from, int to) {
        byte[] host = {'h', 'o', 's', 't', ':'};
        for (int i = 0; i < host.length; i++) {
            if (from + i >= to || (bytes.getByte(from + i) | 0x20) != (host[i] | 0x20)) {
                return false;
            }
        }
        return true;
    }

    /** Where a line ends that has its line feed at {@code line}. */
    private static int lineEnd(ByteBuf bytes, int line) {
        return bytes.getByte(line - 1) == '\r' ? line - 1 : line;
    }

    private static boolean isMethod(byte b) {
        return (b >= 'A' && b <= 'Z') || b == '-' || b == '_';
    }

    private static boolean endsInVersion(ByteBuf bytes, int from, int line) {
        int end = lineEnd(bytes, line);
        byte[] version = {' ', 'H', 'T', 'T', 'P', '/', '1', '.'};
        int at = end - version.length - 1;
        if (at < from) {
            return false;
        }
        for (int i = 0; i < version.length; i++) {
            if (bytes.getByte(at + i) != version[i]) {
                return false;
            }
        }
        return bytes.getByte(end - 1) >= '0' && bytes.getByte(end - 1) <= '9';
    }
}
