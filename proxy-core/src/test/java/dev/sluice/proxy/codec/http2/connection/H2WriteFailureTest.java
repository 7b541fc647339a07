package dev.sluice.proxy.codec.http2.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.proxy.codec.CodecLimits;
import dev.sluice.proxy.codec.Heads;
import dev.sluice.proxy.codec.RawH2;
import dev.sluice.proxy.codec.TakenRequests;
import dev.sluice.proxy.codec.TakenRequests.Taken;
import dev.sluice.proxy.codec.TestConnections;
import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Where there is no memory for a frame its connection ends: on a connection that went on, a peer would read what nobody said. */
class H2WriteFailureTest {
    private final TakenRequests requests = new TakenRequests();
    private final RawH2 client =
            RawH2.client(new H2ServerHandler(requests, TestConnections.DOWNSTREAM, CodecLimits.DEFAULT));
    private final Memory memory = new Memory();

    private static final class Memory extends AbstractByteBufAllocator {
        private boolean exhausted;

        Memory() {
            super(true);
        }

        @Override
        protected ByteBuf newHeapBuffer(int initialCapacity, int maxCapacity) {
            return UnpooledByteBufAllocator.DEFAULT.heapBuffer(initialCapacity, maxCapacity);
        }

        @Override
        protected ByteBuf newDirectBuffer(int initialCapacity, int maxCapacity) {
            if (exhausted) {
                throw new OutOfMemoryError("of the test's");
            }
            return UnpooledByteBufAllocator.DEFAULT.directBuffer(initialCapacity, maxCapacity);
        }

        @Override
        public boolean isDirectBufferPooled() {
            return false;
        }
    }

    @BeforeEach
    void begin() {
        client.channel.config().setAllocator(memory);
        client.get(1);
        client.get(3);
    }

    @AfterEach
    void close() {
        client.close();
    }

    /** The peer's table of fields would lack what ours has, and the next response would have another's fields. */
    @Test
    void aHeaderListThatCannotBeWrittenEndsTheConnection() {
        memory.exhausted = true;
        taken(0).stream.head(Heads.response(200, "x-a", "b"), true);
        memory.exhausted = false;
        assertEnded();
    }

    @Test
    void aPieceOfABodyThatCannotBeWrittenEndsTheConnection() {
        taken(0).stream.head(Heads.response(200), false);
        assertEquals(List.of("HEADERS 1 :status=200"), client.received());
        memory.exhausted = true;
        taken(0).stream.data(Heads.bytes("lost"), false);
        client.channel.runPendingTasks();
        memory.exhausted = false;
        assertEquals(List.of("reset CLIENT_GONE"), taken(0).events);
        assertEnded();
    }

    @Test
    void anEndThatCannotBeWrittenEndsTheConnection() {
        taken(0).stream.head(Heads.response(200), false);
        client.received();
        memory.exhausted = true;
        taken(0).stream.data(Heads.bytes(""), true);
        memory.exhausted = false;
        assertEnded();
    }

    private void assertEnded() {
        client.channel.runPendingTasks();
        assertFalse(client.channel.isOpen());
        assertEquals(List.of("reset CLIENT_GONE"), taken(1).events);
        assertTrue(client.received().isEmpty());
    }

    private Taken taken(int i) {
        return requests.taken.get(i);
    }
}
