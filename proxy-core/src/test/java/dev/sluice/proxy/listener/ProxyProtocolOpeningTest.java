package dev.sluice.proxy.listener;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

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

/** What becomes of a connection until its header of the PROXY protocol is there. */
class ProxyProtocolOpeningTest {
    private static final String LINE = "PROXY TCP4 192.0.2.7 198.51.100.1 1111 443\r\n";

    private final ProxyProtocolLog log = new ProxyProtocolLog();
    private final List<String> served = new ArrayList<>();
    private EmbeddedChannel channel;

    @BeforeEach
    void accept() {
        channel = new EmbeddedChannel();
        channel.freezeTime();
        channel.pipeline().addLast(new ProxyProtocolOpening("gw", log, (same, connection) -> {
            served.add(connection.remoteHost() + " " + connection.localAddress());
            same.pipeline().addLast(new Begins());
        }));
        channel.pipeline().fireChannelActive();
    }

    /** Notes that it was told to begin, as what serves a connection is. */
    private final class Begins extends ChannelInboundHandlerAdapter {
        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            served.add("active");
        }
    }

    @AfterEach
    void end() {
        assertFalse(channel.finishAndReleaseAll());
    }

    private static ByteBuf bytes(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII);
    }

    private void pass(long millis) {
        channel.advanceTimeBy(millis, TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();
    }

    @Test
    void whatServesTheClientBeginsBehindTheHeader() {
        channel.writeInbound(bytes(LINE.substring(0, 9)));
        assertEquals(List.of(), served);
        channel.writeInbound(bytes(LINE.substring(9) + "rest"));
        assertEquals(List.of("192.0.2.7 /198.51.100.1:443", "active"), served);
        ByteBuf rest = channel.readInbound();
        assertEquals("rest", rest.toString(StandardCharsets.US_ASCII));
        rest.release();
        assertNull(channel.pipeline().get(ProxyProtocolOpening.class));
        pass(60_000);
        assertTrue(channel.isOpen());
    }

    @Test
    void aHeaderAloneHandsNothingOn() {
        channel.writeInbound(bytes(LINE));
        assertEquals(2, served.size());
        assertNull(channel.readInbound());
    }

    @Test
    void aConnectionWithoutHeaderIsClosedAndCounted() {
        channel.writeInbound(bytes("GET / HTTP/1.1\r\n\r\n"));
        assertFalse(channel.isOpen());
        assertEquals(List.of(), served);
        assertEquals(1, log.malformed());
    }

    @Test
    void aHeaderIsNotWaitedForLongerThanAHandshake() {
        channel.writeInbound(bytes("PROXY "));
        pass(9_000);
        assertTrue(channel.isOpen());
        channel.writeInbound(bytes("TCP4 "));
        pass(1_100);
        assertFalse(channel.isOpen());
        assertEquals(1, log.late());
        assertEquals(0, log.malformed());
    }

    @Test
    void whoOnlyLooksWhetherSomebodyListensIsNoFault() {
        channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        assertFalse(channel.isOpen());
        assertEquals(0, log.malformed());
    }

    @Test
    void anEndWithinTheHeaderIsOne() {
        channel.writeInbound(bytes("PROXY TCP4"));
        channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        assertFalse(channel.isOpen());
        assertEquals(1, log.malformed());
    }
}
