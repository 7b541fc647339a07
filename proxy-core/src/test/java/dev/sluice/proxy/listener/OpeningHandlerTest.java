package dev.sluice.proxy.listener;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.proxy.codec.DrainEvent;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of a connection before its first bytes have told what serves it, whoever looks at them. */
class OpeningHandlerTest {
    private final List<Object> events = new ArrayList<>();
    private EmbeddedChannel channel;

    @BeforeEach
    void accept() {
        channel = new EmbeddedChannel();
        channel.freezeTime();
        channel.pipeline().addLast(new FourBytes());
    }

    @AfterEach
    void end() {
        assertFalse(channel.finishAndReleaseAll());
    }

    @Test
    void bytesAreHandedOnOnceTheyTell() {
        channel.writeInbound(bytes("ab"));
        assertNull(channel.readInbound());
        channel.writeInbound(bytes("cde"));
        ByteBuf all = channel.readInbound();
        assertEquals("abcde", all.toString(StandardCharsets.US_ASCII));
        all.release();
    }

    @Test
    void aDrainLeavesAClientThatHasJustConnectedTheTimeToAsk() {
        channel.pipeline().fireUserEventTriggered(DrainEvent.CLOSE_IDLE);
        channel.advanceTimeBy(900, TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();
        assertTrue(channel.isOpen());
        channel.advanceTimeBy(200, TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();
        assertFalse(channel.isOpen());
    }

    @Test
    void aDrainClosesAtOnceWhatHasBeenSilentForLonger() {
        channel.advanceTimeBy(2, TimeUnit.SECONDS);
        channel.pipeline().fireUserEventTriggered(DrainEvent.CLOSE_IDLE);
        assertFalse(channel.isOpen());
    }

    @Test
    void whoComesNextHearsOfADrainThatBeganBefore() {
        channel.pipeline().fireUserEventTriggered(DrainEvent.ANNOUNCE);
        assertEquals(List.of(), events);
        channel.writeInbound(bytes("abcd"));
        assertEquals(List.of(DrainEvent.ANNOUNCE), events);
        assertTrue(channel.releaseInbound());
    }

    @Test
    void theEndOfTheInputIsItsEnd() {
        channel.writeInbound(bytes("ab"));
        channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        assertFalse(channel.isOpen());
    }

    @Test
    void whoComesNextHearsOfTheEndOfTheInputBehindTheBytes() {
        channel.pipeline().removeFirst();
        channel.pipeline().addLast(new FourBytes() {
            @Override
            void inputEnded(ChannelHandlerContext ctx) {
                become(ctx, new Listing());
            }
        });
        channel.writeInbound(bytes("ab"));
        channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        assertEquals(List.of("ab", ChannelInputShutdownEvent.INSTANCE), events);
        assertTrue(channel.isOpen());
    }

    private static ByteBuf bytes(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII);
    }

    /** Knows what to do after four. */
    private class FourBytes extends OpeningHandler {
        @Override
        void look(ChannelHandlerContext ctx, ByteBuf bytes) {
            if (bytes.readableBytes() >= 4) {
                become(ctx, new ChannelInboundHandlerAdapter() {
                    @Override
                    public void userEventTriggered(ChannelHandlerContext next, Object event) {
                        events.add(event);
                    }
                });
            }
        }
    }

    /** Writes down what it is handed. */
    private final class Listing extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ByteBuf bytes = (ByteBuf) message;
            events.add(bytes.toString(StandardCharsets.US_ASCII));
            bytes.release();
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            events.add(event);
        }
    }
}
