package dev.sluice.proxy.app.train;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/** Requests over one HTTP/2 connection with prior knowledge, several at a time. */
final class Http2Client {
    private static final int AT_ONCE = 4;
    /** {@code :method}, {@code :scheme: http} and {@code :path: /} of the static table (RFC 7541 appendix A). */
    private static final byte[] GET = {(byte) 0x82, (byte) 0x86, (byte) 0x84};

    private static final byte[] POST = {(byte) 0x83, (byte) 0x86, (byte) 0x84};
    /** {@code x-www: www.example.com}, not remembered and in Huffman's code (appendix C.4.1), as most clients write. */
    private static final byte[] CODED = HexFormat.of().parseHex("0005782d7777778cf1e3c2e5f23a6ba0ab90f4ff");

    private static final int STATUS_200 = 0x88;
    /** RFC 9113 §7. */
    private static final byte[] CANCEL = {0, 0, 0, 8};
    /** NO_ERROR, and no stream of the peer was seen. */
    private static final byte[] LEAVING = new byte[8];

    private static final byte[] CALL = "\0\0\0\0\5hello".getBytes(StandardCharsets.US_ASCII);
    private static final String[] FIELDS = {
        ":authority", "train.test",
        "user-agent", "train/1.0",
        "accept", "*/*",
        "cookie", "session=0123456789abcdef",
        "traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    };
    private static final String[] CALL_FIELDS = {
        ":authority", "grpc.test",
        "user-agent", "train/1.0",
        "content-type", "application/grpc",
        "te", "trailers",
        "grpc-timeout", "60S"
    };

    private final Link link;
    private final boolean grpc;
    private int nextStream = 1;

    private Http2Client(Link link, boolean grpc) {
        this.link = link;
        this.grpc = grpc;
    }

    /**
     * Asks {@code times} times; every answer is 200 and read to its end. Then leaves as clients do that are ended: one request
     * is taken back, others are under way when the connection is reset.
     *
     * @param grpc unary calls, instead of GETs
     */
    static void ask(Link link, int times, boolean grpc) throws IOException {
        link.out.write(Http2.PREFACE);
        Http2.open(link);
        Http2Client client = new Http2Client(link, grpc);
        for (int done = 0; done < times; done += AT_ONCE) {
            for (int i = 0; i < AT_ONCE; i++) {
                client.request();
            }
            link.out.flush();
            client.answers();
        }
        client.leave();
    }

    private void request() throws IOException {
        byte[] start = grpc ? POST : GET;
        String[] fields = grpc ? CALL_FIELDS : FIELDS;
        byte[] block = nextStream == 1 ? Http2.first(start, fields) : Http2.again(start, fields.length / 2);
        int end = grpc ? 0 : Http2.END_STREAM;
        byte[] whole = Arrays.copyOf(block, block.length + CODED.length);
        System.arraycopy(CODED, 0, whole, block.length, CODED.length);
        Http2.write(link, Http2.HEADERS, Http2.END_HEADERS | end, nextStream, whole);
        if (grpc) {
            Http2.write(link, Http2.DATA, Http2.END_STREAM, nextStream, CALL);
        }
        nextStream += 2;
    }

    private void leave() throws IOException {
        for (int i = 0; i < AT_ONCE; i++) {
            request();
        }
        Http2.write(link, Http2.RST_STREAM, 0, nextStream - 2, CANCEL);
        Http2.write(link, Http2.GOAWAY, 0, 0, LEAVING);
        link.out.flush();
        link.abort();
    }

    private void answers() throws IOException {
        int ended = 0;
        int answered = 0;
        while (ended < AT_ONCE) {
            Http2.Frame frame = Http2.read(link);
            if (frame.isAbort()) {
                throw new IOException("the peer ended a stream or the connection by a frame of type " + frame.type());
            }
            answered += frame.type() == Http2.HEADERS && frame.first() == STATUS_200 ? 1 : 0;
            ended += frame.endsStream() ? 1 : 0;
        }
        if (answered != AT_ONCE) {
            throw new IOException(answered + " of " + AT_ONCE + " answers were 200");
        }
    }
}
