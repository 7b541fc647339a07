package dev.sluice.proxy.app.train;

import java.io.IOException;
import java.util.Locale;

/** HTTP/1.1, both ends. */
final class Http1 {
    private static final int BODY_BYTES = 1024;
    private static final String BODY = "x".repeat(BODY_BYTES);
    private static final int LONG_BYTES = 512 * 1024;
    private static final String LONG_BODY = "x".repeat(LONG_BYTES);
    private static final String HEADERS =
            """
            Host: train.test\r
            User-Agent: train/1.0\r
            Accept: */*\r
            Accept-Encoding: gzip\r
            Authorization: Bearer 0123456789abcdef\r
            Cookie: session=0123456789abcdef\r
            traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\r
            """;

    private Http1() {}

    /** Answers until the peer leaves: every other time in chunks. */
    static void serve(Link link) throws IOException {
        boolean chunked = false;
        while (true) {
            link.line();
            skipBody(link);
            link.text("HTTP/1.1 200 OK\r\nDate: Sat, 21 Nov 2026 12:00:00 GMT\r\nContent-Type: text/plain\r\n");
            if (chunked) {
                link.text("Transfer-Encoding: chunked\r\n\r\n400\r\n" + BODY + "\r\n0\r\n\r\n");
            } else {
                link.text("Content-Length: " + BODY_BYTES + "\r\n\r\n" + BODY);
            }
            link.out.flush();
            chunked = !chunked;
        }
    }

    /**
     * Asks so many times over one connection, in ways that clients do; every answer is held against its status. Then sends a long
     * body, and leaves before the answer to a last request.
     */
    static void ask(Link link, int times) throws IOException {
        for (int i = 0; i < times; i++) {
            switch (i % 16) {
                case 3 ->
                    exchange(link, "GET /items/" + i + " HTTP/1.1\r\n" + HEADERS + "end-user: jason\r\n\r\n", 200);
                case 5 ->
                    exchange(link, "POST /items HTTP/1.1\r\n" + HEADERS + "Content-Length: 1024\r\n\r\n" + BODY, 200);
                case 7 ->
                    exchange(
                            link,
                            "POST /items HTTP/1.1\r\n" + HEADERS + "Transfer-Encoding: chunked\r\n\r\n400\r\n" + BODY
                                    + "\r\n0\r\n\r\n",
                            200);
                case 11 -> exchange(link, "GET /direct HTTP/1.1\r\n" + HEADERS + "\r\n", 203);
                case 13 -> exchange(link, "GET /moved HTTP/1.1\r\n" + HEADERS + "\r\n", 301);
                default -> exchange(link, "GET /items/" + i + "?page=2 HTTP/1.1\r\n" + HEADERS + "\r\n", 200);
            }
        }
        exchange(
                link,
                "POST /items HTTP/1.1\r\n" + HEADERS + "Content-Length: " + LONG_BYTES + "\r\n\r\n" + LONG_BODY,
                200);
        link.text("GET /items/last HTTP/1.1\r\n" + HEADERS + "\r\n");
        link.out.flush();
        link.abort();
    }

    /** One request as it is written, with its answer read to the end. */
    static void exchange(Link link, String request, int status) throws IOException {
        link.text(request);
        link.out.flush();
        String line = link.line();
        if (!line.startsWith("HTTP/1.1 " + status)) {
            throw new IOException(status + " was expected, and came: " + line);
        }
        skipBody(link);
    }

    /** Reads headers and body; only what this program itself and the proxy write has to be understood. */
    private static void skipBody(Link link) throws IOException {
        long length = 0;
        boolean chunked = false;
        for (String line = link.line(); !line.isEmpty(); line = link.line()) {
            String field = line.toLowerCase(Locale.ROOT);
            if (field.startsWith("content-length:")) {
                length = Long.parseLong(field.substring(field.indexOf(':') + 1).trim());
            }
            chunked |= field.startsWith("transfer-encoding:");
        }
        if (!chunked) {
            link.in.skipNBytes(length);
            return;
        }
        int size;
        do {
            size = Integer.parseInt(link.line(), 16);
            link.in.skipNBytes(size);
            link.line();
        } while (size > 0);
    }
}
