package dev.sluice.bench.exchange;

import java.io.IOException;
import java.nio.ByteBuffer;

/** HTTP/2 in prepared frames, one stream at a time. */
final class Http2 implements Talker {
    private final Wire wire;
    private final Message request;
    private int nextStream = 1;

    Http2(Wire wire, Message request) throws IOException {
        this.wire = wire;
        this.request = request;
        wire.send(Wire.direct(Frames.PREFACE));
        wire.send(Frames.opening());
    }

    @Override
    public int exchange() throws IOException {
        int stream = nextStream;
        nextStream += 2;
        wire.send(request.on(stream));
        int status = 0;
        while (true) {
            ByteBuffer in = wire.atLeast(Frames.HEAD);
            int at = in.position();
            int length = in.getInt(at) >>> 8;
            int type = in.get(at + 3);
            int flags = in.get(at + 4);
            if (type == Frames.HEADERS && status == 0 && in.getInt(at + 5) == stream) {
                in = wire.atLeast(Frames.HEAD + 1);
                status = (in.get(in.position() + Frames.HEAD) & 0xff) == Frames.STATUS_200 ? 200 : -1;
            }
            consume(wire, type, flags, length);
            if (endsMessage(type, flags)) {
                return status;
            }
        }
    }

    /** The upstream's side. */
    static void answer(Wire wire, Message response) throws IOException {
        wire.skip(Frames.PREFACE.length);
        wire.send(Frames.opening());
        while (true) {
            ByteBuffer in = wire.atLeast(Frames.HEAD);
            int at = in.position();
            int length = in.getInt(at) >>> 8;
            int type = in.get(at + 3);
            int flags = in.get(at + 4);
            int stream = in.getInt(at + 5);
            consume(wire, type, flags, length);
            if (endsMessage(type, flags)) {
                wire.send(response.on(stream));
            }
        }
    }

    private static boolean endsMessage(int type, int flags) {
        return (type == Frames.HEADERS || type == Frames.DATA) && (flags & Frames.END_STREAM) != 0;
    }

    /** Takes a frame off and answers it where the protocol asks for that. */
    private static void consume(Wire wire, int type, int flags, int length) throws IOException {
        if (type == Frames.PING && (flags & Frames.ACK) == 0) {
            ByteBuffer in = wire.atLeast(Frames.HEAD + length);
            byte[] opaque = new byte[length];
            in.get(in.position() + Frames.HEAD, opaque);
            wire.send(Wire.direct(Frames.frame(Frames.PING, Frames.ACK, opaque)));
        } else if (type == Frames.SETTINGS && (flags & Frames.ACK) == 0) {
            wire.send(Wire.direct(Frames.frame(Frames.SETTINGS, Frames.ACK, new byte[0])));
        }
        wire.skip(Frames.HEAD + length);
    }
}
