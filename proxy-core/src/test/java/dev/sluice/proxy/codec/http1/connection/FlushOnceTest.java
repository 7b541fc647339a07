package dev.sluice.proxy.codec.http1.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
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

    @Test
    void whatFitsBehindAHeadIsSentInItsBuffer() {
        turn(() -> {
            flush.head(head("head", 6));
            flush.write(Unpooled.copiedBuffer("body", StandardCharsets.US_ASCII));
            flush.write(Unpooled.copiedBuffer("!?", StandardCharsets.US_ASCII));
            flush.write(Unpooled.copiedBuffer("more", StandardCharsets.US_ASCII));
        });
        assertEquals(1, flushes);
        assertEquals(List.of("headbody!?", "more"), sent());
    }

    @Test
    void whatDoesNotFitFollowsTheHead() {
        turn(() -> {
            flush.head(head("head", 3));
            flush.write(Unpooled.copiedBuffer("body", StandardCharsets.US_ASCII));
            flush.head(head("next", 4));
        });
        turn(() -> flush.write(Unpooled.copiedBuffer("late", StandardCharsets.US_ASCII)));
        assertEquals(List.of("head", "body", "next", "late"), sent());
    }

    @Test
    void aHeadIsGivenToTheChannelAheadOfWhatOthersWriteToIt() {
        turn(() -> {
            flush.head(head("head", 9));
            flush.pass();
            ChannelFuture unused = channel.pipeline().write(Unpooled.copiedBuffer("other", StandardCharsets.US_ASCII));
        });
        assertEquals(List.of("head", "other"), sent());
    }

    @Test
    void aHeadThatTheChannelDoesNotLiveToSendIsReleased() {
        ByteBuf lost = head("head", 9);
        ChannelFuture unused = channel.close();
        flush.head(lost);
        flush.now();
        assertEquals(0, lost.refCnt());
        ByteBuf dropped = head("head", 9);
        flush.head(dropped);
        flush.drop();
        assertEquals(0, dropped.refCnt());
    }

    private static ByteBuf head(String text, int room) {
        ByteBuf head = PooledByteBufAllocator.DEFAULT.buffer(text.length() + room, text.length() + room);
        head.writeCharSequence(text, StandardCharsets.US_ASCII);
        return head;
    }

    private List<String> sent() {
        List<String> sent = new ArrayList<>();
        for (ByteBuf bytes = channel.readOutbound(); bytes != null; bytes = channel.readOutbound()) {
            sent.add(bytes.toString(StandardCharsets.US_ASCII));
            bytes.release();
        }
        return sent;
    }

    /** One turn of the event loop: what {@code body} schedules runs when it has ended. */
    private void turn(Runnable body) {
        channel.writeInbound(body);
    }

    private void write(int bytes) {
        flush.write(Unpooled.wrappedBuffer(new byte[bytes]));
    }
}
