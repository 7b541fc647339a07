package dev.sluice.bench.exchange;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** HTTP/1.1 in prepared bytes: a GET with ten headers, an answer of 1 KiB. */
final class Http1 implements Talker {
    private static final int BODY_BYTES = 1024;
    private static final int HEAD_END = 0x0d0a0d0a;

    private final Wire wire;
    private final ByteBuffer request;

    Http1(Wire wire, Map<String, String> more) {
        this.wire = wire;
        this.request = Wire.direct(Samples.http1Request(more));
    }

    @Override
    public int exchange() throws IOException {
        wire.send(request);
        int status = readHead();
        if (status == 200) {
            wire.skip(BODY_BYTES);
        }
        return status;
    }

    /** Consumes a response's head. */
    private int readHead() throws IOException {
        ByteBuffer in = wire.atLeast(12);
        int at = in.position();
        int status = (in.get(at + 9) - '0') * 100 + (in.get(at + 10) - '0') * 10 + in.get(at + 11) - '0';
        skipHead(wire);
        return status;
    }

    private static void skipHead(Wire wire) throws IOException {
        int length = 4;
        while (true) {
            ByteBuffer in = wire.atLeast(length);
            if (in.getInt(in.position() + length - 4) == HEAD_END) {
                in.position(in.position() + length);
                return;
            }
            length++;
        }
    }

    /** The upstream's side. */
    static void answer(Wire wire) throws IOException {
        String head =
                """
                HTTP/1.1 200 OK
                date: Sat, 21 Nov 2026 12:00:00 GMT
                content-type: application/json
                content-length: %d

                """
                        .formatted(BODY_BYTES)
                        .replace("\n", "\r\n");
        ByteBuffer response = Wire.direct((head + "x".repeat(BODY_BYTES)).getBytes(StandardCharsets.US_ASCII));
        while (true) {
            skipHead(wire);
            wire.send(response);
        }
    }
}
