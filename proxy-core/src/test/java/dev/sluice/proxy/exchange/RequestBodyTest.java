package dev.sluice.proxy.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.proxy.overload.LoopMemory;
import dev.sluice.proxy.overload.MemoryPressure;
import dev.sluice.proxy.stream.BodyWriter;
import dev.sluice.proxy.stream.ProxyError;
import dev.sluice.proxy.stream.ReadGate;
import dev.sluice.proxy.stream.headers.Headers;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.util.concurrent.ImmediateEventExecutor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** What is kept of a body for another try, however it comes: whole and in order, and never beyond its bound. */
class RequestBodyTest {
    private final List<ByteBuf> sent = new ArrayList<>();
    private final Gate gate = new Gate();
    private final AtomicLong used = new AtomicLong();
    private final LoopMemory memory =
            LoopMemory.use(ImmediateEventExecutor.INSTANCE, new MemoryPressure(used::get, 1_000));

    /** The client's side: it may send while it is not paused. */
    private static final class Gate implements ReadGate {
        private boolean paused;

        @Override
        public void pause() {
            paused = true;
        }

        @Override
        public void resume() {
            paused = false;
        }
    }

    /** An upstream that notes what it is sent. */
    private static final class Sink implements BodyWriter {
        private final List<Byte> bytes = new ArrayList<>();
        private boolean ended;

        @Override
        public void data(ByteBuf data, boolean last) {
            while (data.isReadable()) {
                bytes.add(data.readByte());
            }
            data.release();
            ended |= last;
        }

        @Override
        public void trailers(Headers trailers) {
            ended = true;
        }

        @Override
        public void reset(ProxyError error) {
            throw new AssertionError("a body resets nobody");
        }

        @Override
        public boolean isWritable() {
            return true;
        }
    }

    private int held() {
        return sent.stream()
                .filter(piece -> piece.refCnt() > 0)
                .mapToInt(ByteBuf::writerIndex)
                .sum();
    }

    private ByteBuf piece(int size, int from) {
        ByteBuf piece = Unpooled.buffer(Math.max(1, size));
        for (int i = 0; i < size; i++) {
            piece.writeByte(from + i);
        }
        sent.add(piece);
        return piece;
    }

    @Property
    void whileNobodyTakesItABodyIsHeldUpToItsLimitAndThenItsClientIsPaused(
            @ForAll @Size(min = 1, max = 40) List<@IntRange(max = 50) Integer> sizes,
            @ForAll @IntRange(max = 200) int limit) {
        sent.clear();
        gate.paused = false;
        RequestBody body = new RequestBody(gate, limit, memory);
        int largest = 0;
        for (int size : sizes) {
            if (gate.paused) {
                break;
            }
            largest = Math.max(largest, size);
            body.onData(piece(size, 0), false);
            assertTrue(held() <= limit + largest, () -> held() + " held of " + limit);
            assertEquals(held() >= limit, gate.paused);
        }
        body.discard();
        assertEquals(0, held());
        assertFalse(gate.paused, "what still comes is dropped");
    }

    @Property
    void aBodyIsReplayedWholeAndInOrderOrNotAtAll(
            @ForAll @Size(min = 1, max = 40) List<@IntRange(max = 50) Integer> sizes,
            @ForAll @IntRange(max = 400) int limit,
            @ForAll @IntRange(max = 40) int firstTryAfter) {
        sent.clear();
        gate.paused = false;
        RequestBody body = new RequestBody(gate, limit, memory);
        Sink first = new Sink();
        boolean begun = false;
        List<Byte> all = new ArrayList<>();
        for (int i = 0; i < sizes.size(); i++) {
            // A paused client sends nothing, so the first try begins then at the latest.
            if (!begun && (i == firstTryAfter || gate.paused)) {
                begun = true;
                body.attach(first);
            }
            int size = sizes.get(i);
            for (int j = 0; j < size; j++) {
                all.add((byte) all.size());
            }
            body.onData(piece(size, all.size() - size), i == sizes.size() - 1);
            if (!first.bytes.isEmpty()) {
                assertTrue(held() <= limit, () -> held() + " held of " + limit);
            }
        }
        if (!begun) {
            body.attach(first);
        }
        assertEquals(all, first.bytes);
        assertTrue(first.ended);
        body.detach();
        if (body.isReplayable()) {
            assertTrue(all.size() <= limit);
            Sink second = new Sink();
            body.attach(second);
            assertEquals(all, second.bytes);
            assertTrue(second.ended);
            body.detach();
        } else {
            assertEquals(0, held(), "of what cannot be sent again nothing is kept");
        }
        body.discard();
        assertEquals(0, held());
    }

    @Example
    void whileMemoryIsShortNothingIsKeptForAnotherTry() {
        sent.clear();
        RequestBody body = new RequestBody(gate, 400, memory);
        Sink sink = new Sink();
        body.attach(sink);
        body.onData(piece(10, 0), false);
        assertEquals(10, held());
        assertTrue(body.isReplayable());
        used.set(600);
        body.onData(piece(10, 10), false);
        assertEquals(0, held());
        assertFalse(body.isReplayable());
        used.set(0);
        body.onData(piece(10, 20), true);
        assertEquals(30, sink.bytes.size());
        body.discard();
    }

    @Example
    void whileMemoryIsShortAClientThatWaitsForItsTurnIsPausedAfterItsFirstBytes() {
        sent.clear();
        gate.paused = false;
        used.set(600);
        RequestBody body = new RequestBody(gate, 400, memory);
        body.onData(piece(1, 0), false);
        assertTrue(gate.paused);
        body.discard();
        assertEquals(0, held());
    }
}
