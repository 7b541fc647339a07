package dev.sluice.proxy.admin.scrape;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;

/**
 * Turns pieces of an exposition into whole lines: half a line would spoil all that came before it. The end mark of OpenMetrics
 * is taken off, for it is written once, after everything. Owned by one thread.
 */
final class WholeLines {
    /** No metric is longer. */
    private static final int LONGEST = 1024 * 1024;

    private static final byte[] END = "# EOF".getBytes(StandardCharsets.US_ASCII);

    /** On the heap, for nobody is told when to release it where the thread ends. */
    private final ByteBuf held = Unpooled.buffer();

    private final boolean marked;
    private boolean ended;

    /** @param marked whether a line {@code # EOF} is the end */
    WholeLines(boolean marked) {
        this.marked = marked;
    }

    /** Takes a piece; the caller keeps {@code data}. */
    void add(ByteBuf data) {
        if (!ended) {
            held.writeBytes(data, data.readerIndex(), data.readableBytes());
        }
    }

    /** Whether a line has no end in sight. */
    boolean overlong() {
        return held.readableBytes() > LONGEST && lastEnd() < 0;
    }

    /** The whole lines that there are; the caller's to release. Empty when there is none. */
    ByteBuf take() {
        int end = lastEnd();
        if (end < 0) {
            return Unpooled.EMPTY_BUFFER;
        }
        ByteBuf lines = held.readBytes(end + 1 - held.readerIndex());
        held.discardSomeReadBytes();
        return marked ? untilMark(lines) : lines;
    }

    /** What is left when the app said all that it had to say: the last line may lack its end. */
    ByteBuf rest() {
        if (held.isReadable() && held.getByte(held.writerIndex() - 1) != '\n') {
            held.writeByte('\n');
        }
        return take();
    }

    void release() {
        held.release();
    }

    /** Index of the last line end; -1 when there is none. */
    private int lastEnd() {
        return held.forEachByteDesc(value -> value != '\n');
    }

    /** Only the last line can be the mark, unless the app goes on after its end, which nobody reads. */
    private ByteBuf untilMark(ByteBuf lines) {
        int at = lines.readerIndex();
        while (at < lines.writerIndex()) {
            int end = lines.indexOf(at, lines.writerIndex(), (byte) '\n');
            if (isMark(lines, at, end)) {
                ended = true;
                held.clear();
                return lines.writerIndex(at);
            }
            at = end + 1;
        }
        return lines;
    }

    private static boolean isMark(ByteBuf lines, int from, int end) {
        int to = end > from && lines.getByte(end - 1) == '\r' ? end - 1 : end;
        if (to - from != END.length) {
            return false;
        }
        for (int i = 0; i < END.length; i++) {
            if (lines.getByte(from + i) != END[i]) {
                return false;
            }
        }
        return true;
    }
}
