package dev.sluice.proxy.overload;

import dev.sluice.proxy.loop.TurnClock;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.concurrent.FastThreadLocal;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The large buffers of one event loop, for reading what comes in bulk. What passes through a proxy costs by the call as much
 * as by the byte, so a long body goes a mebibyte at a time, as through Envoy. Such a buffer is free again as soon as the
 * other side's socket has taken what was read into it, which is within the same turn as a rule: so there are two, the cache
 * stays warm, and a connection that finds none free reads into an ordinary one.
 *
 * <p>They begin at a page. The kernel copies into them from pages, and a copy whose target lies a few bytes further into its
 * page than its source (16, where the memory comes from malloc) takes several times as long on AMD's processors: their
 * {@code REP MOVSB} falls back to a byte at a time there (glibc bug 30994). Belongs to its event loop.
 */
final class BulkBuffers {
    /** Of each. */
    static final int BYTES = 1024 * 1024;

    private static final int PAGE = 4096;
    private static final int EACH_LOOP = 2;
    private static final int EACH_TURN = 8;
    /** All of the process's together take at most this part of what buffers may take. */
    private static final int SHARE = 8;

    private static final AtomicInteger MADE = new AtomicInteger();
    private static final FastThreadLocal<BulkBuffers> CURRENT = new FastThreadLocal<>() {
        @Override
        protected BulkBuffers initialValue() {
            return new BulkBuffers();
        }

        @Override
        protected void onRemoval(BulkBuffers ended) {
            ended.letGo();
        }
    };

    private final @Nullable ByteBuf[] own = new ByteBuf[EACH_LOOP];
    private final @Nullable TurnClock clock = TurnClock.own();
    private long turn;
    private int takenInTurn;

    private BulkBuffers() {}

    /** Those of the calling thread. */
    static BulkBuffers own() {
        return CURRENT.get();
    }

    /** Frees those of the calling thread, as its end does. */
    static void letGoOfOwn() {
        CURRENT.remove();
    }

    /**
     * One of them, empty, for the caller to release.
     *
     * @param maxBytes that the process may take for buffers
     * @return null where none is free
     */
    @Nullable
    ByteBuf take(ByteBufAllocator alloc, long maxBytes) {
        if (clock != null && clock.turn() != turn) {
            turn = clock.turn();
            takenInTurn = 0;
        }
        if (takenInTurn == EACH_TURN) {
            return null;
        }
        for (int i = 0; i < EACH_LOOP; i++) {
            ByteBuf each = own[i];
            if (each == null) {
                each = make(alloc, maxBytes);
                own[i] = each;
            }
            if (each != null && each.refCnt() == 1) {
                takenInTurn += clock == null ? 0 : 1;
                return each.retainedDuplicate().clear();
            }
        }
        return null;
    }

    private static @Nullable ByteBuf make(ByteBufAllocator alloc, long maxBytes) {
        if (MADE.incrementAndGet() > maxBytes / SHARE / BYTES) {
            MADE.decrementAndGet();
            return null;
        }
        ByteBuf memory = alloc.directBuffer(BYTES + PAGE, BYTES + PAGE);
        int begin = memory.hasMemoryAddress() ? (int) (-memory.memoryAddress() & (PAGE - 1)) : 0;
        return memory.slice(begin, BYTES);
    }

    private void letGo() {
        for (int i = 0; i < EACH_LOOP; i++) {
            ByteBuf each = own[i];
            own[i] = null;
            if (each != null) {
                each.release();
                MADE.decrementAndGet();
            }
        }
    }
}
