package dev.sluice.proxy.e2e;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The least that reading HTTP/1 takes, strict: what does not fit fails the test. */
final class Wire {
    private Wire() {}

    /** A head with its last empty line; empty when the stream ends before it begins. */
    static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.length() < 4 || head.lastIndexOf("\r\n\r\n") != head.length() - 4) {
            int next = in.read();
            if (next < 0) {
                if (head.isEmpty()) {
                    return "";
                }
                throw new EOFException("the connection ended inside a head: " + head);
            }
            head.append((char) next);
        }
        return head.toString();
    }

    /**
     * The body that belongs to {@code head}.
     *
     * @param toEnd without framing it lasts until the end of the stream; else there is none
     */
    static String body(InputStream in, String head, boolean toEnd) throws IOException {
        if ("chunked".equals(header(head, "transfer-encoding"))) {
            return chunks(in);
        }
        String length = header(head, "content-length");
        if (length == null) {
            return toEnd ? text(in.readAllBytes()) : "";
        }
        byte[] body = in.readNBytes(Integer.parseInt(length));
        if (body.length != Integer.parseInt(length)) {
            throw new EOFException(body.length + " bytes of " + length);
        }
        return text(body);
    }

    private static String chunks(InputStream in) throws IOException {
        StringBuilder body = new StringBuilder();
        while (true) {
            int size = Integer.parseInt(line(in), 16);
            if (size == 0) {
                // Trailers, kept in the record of the whole connection.
                String trailer;
                do {
                    trailer = line(in);
                } while (!trailer.isEmpty());
                return body.toString();
            }
            body.append(text(in.readNBytes(size)));
            if (!line(in).isEmpty()) {
                throw new IOException("no line end after a chunk");
            }
        }
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        while (true) {
            int next = in.read();
            if (next < 0) {
                throw new EOFException("the connection ended inside a line: " + line);
            }
            line.append((char) next);
            if (next == '\n') {
                line.setLength(line.length() - 2);
                return line.toString();
            }
        }
    }

    /** First value of a header, trimmed; null when there is none. */
    static @Nullable String header(String head, String name) {
        String prefix = name.toLowerCase(Locale.ROOT) + ":";
        for (String line : head.split("\r\n", -1)) {
            if (line.toLowerCase(Locale.ROOT).startsWith(prefix)) {
                return line.substring(prefix.length()).trim();
            }
        }
        return null;
    }

    static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
