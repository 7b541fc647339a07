package dev.sluice.proxy.codec.http2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class PieceQueueTest {
    /** Whatever goes in, however it is taken out: the same bytes in the same order, and every buffer released. */
    @Property(tries = 300)
    void bytesComeOutAsTheyWentIn(@ForAll @Size(max = 60) List<@IntRange(max = 40_000) Integer> steps) {
        PieceQueue queue = new PieceQueue();
        ByteBuf in = Unpooled.buffer();
        ByteBuf out = Unpooled.buffer();
        int next = 0;
        for (int step : steps) {
            int amount = step / 5;
            switch (step % 5) {
                case 0, 1 -> {
                    ByteBuf piece = numbers(next, amount + 1);
                    next += amount + 1;
                    in.writeBytes(piece, 0, piece.readableBytes());
                    if (step % 5 == 0) {
                        queue.add(piece);
                    } else {
                        queue.addRetained(piece, ByteBufAllocator.DEFAULT);
                        piece.release();
                    }
                }
                case 2 -> queue.moveTo(out, Math.min(amount, queue.bytes()));
                default -> {
                    if (queue.bytes() > 0) {
                        ByteBuf piece = queue.take(amount + 1);
                        out.writeBytes(piece);
                        piece.release();
                    }
                }
            }
            assertEquals(in.readableBytes() - out.readableBytes(), queue.bytes());
        }
        queue.moveTo(out, queue.bytes());
        assertEquals(in, out);
        queue.clear();
        in.release();
        out.release();
    }

    @Test
    void clearingReleasesWhatIsHeld() {
        PieceQueue queue = new PieceQueue();
        ByteBuf first = numbers(0, 10);
        ByteBuf second = numbers(0, 10);
        queue.add(first);
        queue.add(second);
        queue.clear();
        assertEquals(0, queue.bytes());
        assertEquals(0, first.refCnt());
        assertEquals(0, second.refCnt());
    }

    @Test
    void aSmallPieceDoesNotHoldOnToWhatItWasCutFrom() {
        PieceQueue queue = new PieceQueue();
        ByteBuf read = numbers(0, 60_000);
        queue.addRetained(read.slice(5, 1), ByteBufAllocator.DEFAULT);
        assertEquals(1, read.refCnt());
        read.release();
        queue.clear();
    }

    @Test
    void takingFromNothingIsAMistake() {
        assertThrows(IllegalStateException.class, () -> new PieceQueue().take(1));
    }

    private static ByteBuf numbers(int from, int count) {
        ByteBuf bytes = Unpooled.buffer(count);
        for (int i = 0; i < count; i++) {
            bytes.writeByte(from + i);
        }
        return bytes;
    }
}
