package dev.sluice.proxy.overload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who is ended when memory is short, and who is told to go on when it was taken. */
class LoopMemoryTest {
    private static final int KIB = 1024;

    private final AtomicLong used = new AtomicLong();
    private final MemoryPressure pressure = new MemoryPressure(used::get, 1_000 * KIB);
    private final Socket channel = new Socket();
    private final List<Held> ended = new ArrayList<>();
    private LoopMemory memory;

    /** A channel whose socket takes nothing while it is blocked. */
    private static final class Socket extends EmbeddedChannel {
        private boolean blocked;

        Socket() {
            super(new ChannelInboundHandlerAdapter());
        }

        @Override
        protected void doWrite(ChannelOutboundBuffer in) throws Exception {
            if (!blocked) {
                super.doWrite(in);
            }
        }
    }

    private final class Held extends MemoryHolder {
        private final int bytes;

        Held(int kibibytes) {
            bytes = kibibytes * KIB;
            used.addAndGet(bytes);
            enter(memory);
        }

        @Override
        protected long heldBytes() {
            return bytes;
        }

        @Override
        protected void shed(int atLeastBytes, MemoryPressure by) {
            used.addAndGet(-bytes);
            ended.add(this);
            leave();
        }
    }

    @BeforeEach
    void start() {
        channel.freezeTime();
        memory = LoopMemory.use(channel.eventLoop(), pressure);
    }

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    @Test
    void whileThereIsRoomNobodyIsEnded() {
        Held unused = new Held(799);
        memory.sweep();
        memory.sweep();
        assertEquals(List.of(), ended);
    }

    @Test
    void whatHoldsMostGoesFirst() {
        Held small = new Held(60);
        Held large = new Held(300);
        Held middle = new Held(140);
        used.addAndGet(400 * KIB);
        memory.sweep();
        assertEquals(List.of(large), ended);
        used.addAndGet(300 * KIB);
        memory.sweep();
        assertEquals(List.of(large, middle), ended, "what holds half as much is next");
        memory.sweep();
        memory.sweep();
        assertEquals(List.of(large, middle), ended, "that was enough");
        small.leave();
    }

    @Test
    void ofTheSameSizeTheOldestGoesFirstAndNoMoreThanItTakes() {
        List<Held> all = new ArrayList<>();
        for (int i = 0; i < 17; i++) {
            all.add(new Held(50));
        }
        for (int i = 0; i < 10; i++) {
            memory.sweep();
        }
        // 850 of 1000: down to below 700.
        assertEquals(all.subList(0, 4), ended);
    }

    @Test
    void whoLeftIsNotAsked() {
        Held gone = new Held(500);
        gone.leave();
        gone.leave();
        Held stays = new Held(500);
        memory.sweep();
        assertEquals(List.of(stays), ended);
    }

    @Test
    void whoAsksWhetherMemoryIsShortHasItSweptSoonButNotAtOnce() {
        Held held = new Held(900);
        assertTrue(memory.isTight());
        assertTrue(memory.isTight());
        assertEquals(List.of(), ended, "who asks may be the one");
        channel.advanceTimeBy(20, TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();
        assertEquals(List.of(held), ended);
        assertFalse(memory.isTight());
    }

    // ---- what was taken

    private final TakenSignal taken = new TakenSignal();
    private final AtomicInteger told = new AtomicInteger();

    private ChannelHandlerContext write(int bytes) {
        ChannelHandlerContext ctx = channel.pipeline().firstContext();
        ByteBuf data = Unpooled.buffer(bytes).writeZero(bytes);
        ChannelFuture unused = ctx.write(data);
        return ctx;
    }

    @Test
    void whatTheSocketTakesAtOnceIsNotWaitedFor() {
        assertTrue(taken.isTaken(write(10), told::incrementAndGet));
        assertEquals(0, told.get());
    }

    @Test
    void aWriterIsToldOnceWhenTheSocketHasTakenEverything() {
        channel.blocked = true;
        ChannelHandlerContext ctx = write(10);
        assertFalse(taken.isTaken(ctx, told::incrementAndGet));
        assertFalse(taken.isTaken(ctx, told::incrementAndGet));
        assertEquals(0, told.get());
        channel.blocked = false;
        ctx.flush();
        assertEquals(1, told.get());
        assertTrue(taken.isTaken(ctx, told::incrementAndGet));
    }

    @Test
    void aWriterIsToldWhenTheChannelIsClosedInstead() {
        channel.blocked = true;
        assertFalse(taken.isTaken(write(10), told::incrementAndGet));
        ChannelFuture unused = channel.close();
        assertEquals(1, told.get());
    }
}
