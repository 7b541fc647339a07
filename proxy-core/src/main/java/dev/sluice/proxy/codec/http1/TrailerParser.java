package dev.sluice.proxy.codec.http1;

import dev.sluice.proxy.stream.headers.H1Headers;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** Reads the trailers behind the last chunk, most often none. One instance a connection, on its event loop. */
final class TrailerParser {
    private final FieldParser fields;
    /** Bytes of the line in progress that hold no line feed. */
    private int scanned;

    private boolean started;

    private @Nullable H1Headers read;

    TrailerParser(WireLimits limits, boolean ofRequest) {
        this.fields = new FieldParser(limits, ofRequest);
    }

    /** Another body begins: what was read of an earlier one is forgotten. */
    void start() {
        started = false;
        scanned = 0;
        read = null;
    }

    /** What was read last and may be a trailer; null for none. */
    @Nullable
    H1Headers read() {
        return read;
    }

    /**
     * Reads on.
     *
     * @return whether they have ended; false when more bytes are needed
     */
    boolean read(ByteBuf in) {
        if (!started) {
            if (in.readableBytes() >= 2 && in.getShort(in.readerIndex()) == ('\r' << 8 | '\n')) {
                in.skipBytes(2);
                return true;
            }
            if (in.isReadable() && in.getByte(in.readerIndex()) == '\n') {
                throw HeadParser.malformed("a line feed without a carriage return");
            }
            if (in.readableBytes() < 2) {
                return false;
            }
            started = true;
            fields.start(H1Headers.create());
        }
        while (!fields.isEnded() && in.isReadable()) {
            int start = in.readerIndex();
            int feed = in.indexOf(start + scanned, in.writerIndex(), (byte) '\n');
            fields.requireRoom(feed < 0 ? in.readableBytes() : feed - 1 - start);
            if (feed < 0) {
                scanned = in.readableBytes();
                return false;
            }
            scanned = 0;
            byte[] line = new byte[feed + 1 - start];
            in.readBytes(line);
            if (fields.read(line, 0, line.length) != line.length) {
                throw HeadParser.malformed("a line feed without a carriage return");
            }
        }
        if (fields.isEnded() && fields.headers().size() > 0) {
            HopByHop.stripTrailers(fields.headers());
            read = fields.headers().size() > 0 ? fields.headers() : null;
        }
        return fields.isEnded();
    }
}
