package dev.sluice.proxy.codec.http1;

import dev.sluice.proxy.stream.ErrorCode;
import dev.sluice.proxy.stream.headers.FieldChars;
import io.netty.buffer.ByteBuf;

/**
 * Reads the line ahead of a chunk (RFC 9112 section 7.1): its size, and an extension that is looked at only to be sure
 * that it ends with the line. Stateless.
 */
final class ChunkSize {
    /**
     * The size in {@code in[start, end)}, which is without the line end.
     *
     * @throws Refusal unless it is a hexadecimal number below 2^31, with a well-formed extension or none
     */
    int read(ByteBuf in, int start, int end) {
        long size = 0;
        int at = start;
        int digit;
        while (at < end && (digit = Character.digit((char) (in.getByte(at) & 0xff), 16)) >= 0) {
            size = size << 4 | digit;
            if (size > Integer.MAX_VALUE) {
                throw malformed("chunk of 2 GiB or more");
            }
            at++;
        }
        if (at == start) {
            throw malformed("no chunk size");
        }
        if (at < end) {
            extension(in, at, end);
        }
        return (int) size;
    }

    /** Blanks and a semicolon come first; a line end inside quotes would be one for others but not for us. */
    private static void extension(ByteBuf in, int start, int end) {
        int at = start;
        while (at < end && (in.getByte(at) == ' ' || in.getByte(at) == '\t')) {
            at++;
        }
        if (at == end || in.getByte(at) != ';') {
            throw malformed("something other than an extension follows a chunk's size");
        }
        boolean quoted = false;
        boolean escaped = false;
        for (int i = at; i < end; i++) {
            byte octet = in.getByte(i);
            if (!FieldChars.isValue(octet)) {
                throw malformed("control character in a chunk extension");
            }
            if (escaped) {
                escaped = false;
            } else if (octet == '"') {
                quoted = !quoted;
            } else {
                escaped = quoted && octet == '\\';
            }
        }
        if (quoted) {
            throw malformed("a line end inside a quoted chunk extension");
        }
    }

    private static Refusal malformed(String detail) {
        return new Refusal(ErrorCode.BAD_REQUEST, detail);
    }
}
