package dev.sluice.proxy.admin.status;

import dev.sluice.proxy.admin.http.Answer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The two messages of gRPC's health protocol ({@code grpc.health.v1.Health/Check}), framed as gRPC frames them: a byte for
 * compression, four for the length, and the protobuf message.
 */
final class GrpcHealth {
    static final String PATH = "/grpc.health.v1.Health/Check";

    private static final int FRAME = 5;
    /** {@code string service = 1}. */
    private static final int SERVICE = 1 << 3 | 2;

    /** {@code ServingStatus status = 1}. */
    private static final int STATUS = 1 << 3;

    private static final int SERVING = 1;
    private static final int OK = 0;
    private static final int UNIMPLEMENTED = 12;

    private GrpcHealth() {}

    /** The request; the caller's to release. */
    static ByteBuf check(String service) {
        byte[] name = service.getBytes(StandardCharsets.UTF_8);
        ByteBuf message = Unpooled.buffer(name.length + 6);
        if (name.length > 0) {
            message.writeByte(SERVICE);
            int length = name.length;
            for (; length > 0x7f; length >>>= 7) {
                message.writeByte(length | 0x80);
            }
            message.writeByte(length).writeBytes(name);
        }
        ByteBuf framed = Unpooled.buffer(FRAME + message.readableBytes());
        framed.writeByte(0).writeInt(message.readableBytes()).writeBytes(message);
        message.release();
        return framed;
    }

    /**
     * What a call's end says about the app.
     *
     * @param status the trailer {@code grpc-status}; null where there was none
     * @param message the trailer {@code grpc-message}
     * @param body what came before
     */
    static Answer verdict(@Nullable String status, @Nullable String message, ByteBuf body) {
        int code = number(status);
        if (code == UNIMPLEMENTED) {
            return Answer.refusal(503, "the app has no grpc.health.v1.Health");
        }
        if (code != OK) {
            String why = message == null ? "" : ": " + message;
            return Answer.refusal(503, "the app ended the call with grpc-status " + status + why);
        }
        int serving = serving(body);
        return serving == SERVING
                ? Answer.text("SERVING\n")
                : Answer.refusal(503, serving < 0 ? "the app's answer cannot be read" : "the app is not SERVING");
    }

    private static int number(@Nullable String status) {
        try {
            return status == null ? -1 : Integer.parseInt(status);
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    /** The field {@code status}; 0, UNKNOWN, where it is not there; -1 for what is no such message. */
    private static int serving(ByteBuf body) {
        if (body.readableBytes() < FRAME || body.readByte() != 0 || body.readInt() != body.readableBytes()) {
            return -1;
        }
        int serving = 0;
        while (body.isReadable()) {
            long key = varint(body);
            if ((key & 7) != 0) {
                // Of another kind than any that the message has had so far.
                return -1;
            }
            long value = varint(body);
            if (key == STATUS) {
                serving = (int) Math.max(0, Math.min(value, Integer.MAX_VALUE));
            }
        }
        return serving;
    }

    private static long varint(ByteBuf body) {
        long value = 0;
        for (int shift = 0; body.isReadable() && shift < Long.SIZE; shift += 7) {
            byte next = body.readByte();
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                break;
            }
        }
        return value;
    }
}
