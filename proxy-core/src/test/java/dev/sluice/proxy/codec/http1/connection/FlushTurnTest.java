package dev.sluice.proxy.codec.http1.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.DefaultEventLoop;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Writers of one loop share a task; each is flushed once a turn, also when flushing one makes another write. */
class FlushTurnTest {
    private static final int WRITERS = 50;

    private Runnable onFlush = () -> {};
    private final EmbeddedChannel channel = new EmbeddedChannel(
            new ChannelOutboundHandlerAdapter() {
                @Override
                public void flush(ChannelHandlerContext ctx) {
                    Runnable once = onFlush;
                    onFlush = () -> {};
                    once.run();
                    ctx.flush();
                }
            },
            new ChannelInboundHandlerAdapter() {
                @Override
                public void channelRead(ChannelHandlerContext ctx, Object turn) {
                    ((Runnable) turn).run();
                }
            });
    private final List<FlushOnce> writers = new ArrayList<>();

    FlushTurnTest() {
        for (int i = 0; i < WRITERS; i++) {
            writers.add(new FlushOnce(channel.pipeline().lastContext()));
        }
    }

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    @Test
    void whoeverWroteInATurnIsFlushedByTheEndOfIt() {
        for (int turn = 1; turn <= 3; turn++) {
            channel.writeInbound((Runnable) () -> {
                writers.forEach(FlushTurnTest::write);
                writers.forEach(FlushTurnTest::write);
            });
            assertEquals(turn * WRITERS, flushes());
        }
        assertEquals(6 * WRITERS, channel.outboundMessages().size());
    }

    @Test
    void whoWritesBecauseAnotherIsFlushedIsFlushedToo() {
        channel.writeInbound((Runnable) () -> {
            onFlush = () -> writers.forEach(FlushTurnTest::write);
            write(writers.get(0));
        });
        // The one whose flush it was has its turn once more.
        assertEquals(WRITERS + 1, flushes());
        assertEquals(WRITERS + 1, channel.outboundMessages().size());
    }

    @Test
    void aLoopHasOneAndAnotherLoopAnother() throws Exception {
        FlushTurn mine = FlushTurn.of(channel.eventLoop());
        assertSame(mine, FlushTurn.of(channel.eventLoop()));
        DefaultEventLoop other = new DefaultEventLoop();
        assertNotSame(mine, other.submit(() -> FlushTurn.of(other)).get());
        other.shutdownGracefully(0, 5, TimeUnit.SECONDS).sync();
    }

    private int flushes() {
        return writers.stream().mapToInt(FlushOnce::flushes).sum();
    }

    private static void write(FlushOnce writer) {
        writer.write(Unpooled.wrappedBuffer(new byte[1]));
    }
}
