package dev.sluice.bench.exchange;

import java.nio.ByteBuffer;
import java.util.Map;

/** A request or response of HTTP/2 in prepared frames. Not thread-safe. */
final class Message {
    private static final int BODY_BYTES = 1024;
    private static final int GRPC_BYTES = 64;
    /** What stands before a gRPC message: not compressed, and its length. */
    private static final int GRPC_PREFIX = 5;

    private final ByteBuffer bytes;
    private final int[] starts;

    private Message(byte[]... frames) {
        int length = 0;
        starts = new int[frames.length];
        for (int i = 0; i < frames.length; i++) {
            starts[i] = length;
            length += frames[i].length;
        }
        bytes = ByteBuffer.allocateDirect(length);
        for (byte[] frame : frames) {
            bytes.put(frame);
        }
        bytes.flip();
    }

    /** The frames on {@code stream}; the same buffer each time. */
    ByteBuffer on(int stream) {
        for (int start : starts) {
            Frames.onStream(bytes, start, stream);
        }
        return bytes;
    }

    /** The request of {@link Samples} with {@code more} headers. */
    static Message get(Map<String, String> more) {
        return new Message(
                Frames.frame(Frames.HEADERS, Frames.END_STREAM | Frames.END_HEADERS, Samples.http2Block(more)));
    }

    /** The response of {@link Http1}. */
    static Message ok() {
        return new Message(
                Frames.frame(
                        Frames.HEADERS,
                        Frames.END_HEADERS,
                        Frames.block(
                                new byte[] {(byte) Frames.STATUS_200},
                                "date",
                                "Sat, 21 Nov 2026 12:00:00 GMT",
                                "content-type",
                                "application/json",
                                "content-length",
                                Integer.toString(BODY_BYTES))),
                Frames.frame(Frames.DATA, Frames.END_STREAM, new byte[BODY_BYTES]));
    }

    /** A unary call as grpc-go writes it, with a deadline. */
    static Message call() {
        return new Message(
                Frames.frame(
                        Frames.HEADERS,
                        Frames.END_HEADERS,
                        Frames.block(
                                // :method POST, :scheme http
                                new byte[] {(byte) 0x83, (byte) 0x86},
                                ":path",
                                "/bench.Reviews/Get",
                                ":authority",
                                "bench.test",
                                "content-type",
                                "application/grpc",
                                "user-agent",
                                "grpc-go/1.68.0",
                                "te",
                                "trailers",
                                "grpc-timeout",
                                "4999m",
                                "traceparent",
                                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                                "x-request-id",
                                "0af76519-16cd-43dd-8448-eb211c80319c")),
                Frames.frame(Frames.DATA, Frames.END_STREAM, grpcMessage()));
    }

    /** Its answer: a message, and the status in trailers. */
    static Message reply() {
        return new Message(
                Frames.frame(
                        Frames.HEADERS,
                        Frames.END_HEADERS,
                        Frames.block(new byte[] {(byte) Frames.STATUS_200}, "content-type", "application/grpc")),
                Frames.frame(Frames.DATA, 0, grpcMessage()),
                Frames.frame(
                        Frames.HEADERS,
                        Frames.END_STREAM | Frames.END_HEADERS,
                        Frames.block(new byte[0], "grpc-status", "0", "grpc-message", "")));
    }

    private static byte[] grpcMessage() {
        return ByteBuffer.allocate(GRPC_PREFIX + GRPC_BYTES)
                .put((byte) 0)
                .putInt(GRPC_BYTES)
                .array();
    }
}
