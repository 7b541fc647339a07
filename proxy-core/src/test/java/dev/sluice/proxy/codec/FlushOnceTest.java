package dev.sluice.proxy.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FlushOnceTest {
    private int flushes;
    private final EmbeddedChannel channel = new EmbeddedChannel(
            new ChannelOutboundHandlerAdapter() {
                @Override
                public void flush(ChannelHandlerContext ctx) {
                    flushes++;
                    ctx.flush();
                }
            },
            new ChannelInboundHandlerAdapter() {
                @Override
                public void channelRead(ChannelHandlerContext ctx, Object turn) {
                    ((Runnable) turn).run();
                }
            });
    private final FlushOnce flush = new FlushOnce(channel.pipeline().lastContext());

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    @Test
    void manyWritesOfOneTurnAreFlushedOnce() {
        turn(() -> {
            write(1);
            write(1);
            assertEquals(0, flushes);
        });
        assertEquals(1, flushes);
        assertEquals(2, channel.outboundMessages().size());
        turn(() -> write(1));
        assertEquals(2, flushes);
    }

    @Test
    void writesDuringAReadAreFlushedWhenItEndsWithoutATask() {
        turn(() -> {
            flush.beginRead();
            write(1);
            write(1);
            flush.endRead();
            assertEquals(1, flushes);
        });
        assertEquals(1, flushes);
    }

    @Test
    void aReadThatWroteNothingFlushesNothing() {
        flush.beginRead();
        flush.endRead();
        assertEquals(0, flushes);
    }

    @Test
    void aFullChannelIsFlushedAtOnce() {
        channel.config().setWriteBufferWaterMark(new WriteBufferWaterMark(100, 200));
        turn(() -> {
            write(90);
            assertEquals(0, flushes);
            write(90);
            assertEquals(1, flushes);
        });
        assertEquals(1, flushes);
    }

    /** One turn of the event loop: what {@code body} schedules runs when it has ended. */
    private void turn(Runnable body) {
        channel.writeInbound(body);
    }

    private void write(int bytes) {
        flush.write(Unpooled.wrappedBuffer(new byte[bytes]));
    }
}
