package dev.sluice.proxy.app.train;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Answers every HTTP/2 request with one body: plainly, or as a gRPC server does. */
final class Http2Backend {
    /** {@code :status: 200} of the static table (RFC 7541 appendix A). */
    private static final byte[] OK = {(byte) 0x88};

    private static final byte[] BODY = new byte[1024];
    private static final byte[] MESSAGE = "\0\0\0\0\5hello".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] FIRST = Http2.first(OK, "content-type", "text/plain", "content-length", "1024");
    private static final byte[] AGAIN = Http2.again(OK, 2);
    private static final byte[] FIRST_CALL = Http2.first(OK, "content-type", "application/grpc");
    private static final byte[] AGAIN_CALL = Http2.again(OK, 1);
    /** Not remembered (RFC 7541 §6.2.2), so that the places in the table stay what they are. */
    private static final byte[] TRAILERS = "\0\13grpc-status\0010".getBytes(StandardCharsets.US_ASCII);

    private Http2Backend() {}

    /** Answers until the peer leaves. */
    static void serve(Link link) throws IOException {
        serve(link, false);
    }

    /** Answers calls until the peer leaves. */
    static void serveGrpc(Link link) throws IOException {
        serve(link, true);
    }

    private static void serve(Link link, boolean grpc) throws IOException {
        if (!Arrays.equals(link.in.readNBytes(Http2.PREFACE.length), Http2.PREFACE)) {
            throw new IOException("the proxy does not begin as a client of HTTP/2 does");
        }
        Http2.open(link);
        boolean first = true;
        while (true) {
            Http2.Frame frame = Http2.read(link);
            if (!frame.endsStream()) {
                continue;
            }
            int stream = frame.stream();
            if (grpc) {
                Http2.write(link, Http2.HEADERS, Http2.END_HEADERS, stream, first ? FIRST_CALL : AGAIN_CALL);
                Http2.write(link, Http2.DATA, 0, stream, MESSAGE);
                Http2.write(link, Http2.HEADERS, Http2.END_HEADERS | Http2.END_STREAM, stream, TRAILERS);
            } else {
                Http2.write(link, Http2.HEADERS, Http2.END_HEADERS, stream, first ? FIRST : AGAIN);
                Http2.write(link, Http2.DATA, Http2.END_STREAM, stream, BODY);
            }
            first = false;
            link.out.flush();
        }
    }
}
