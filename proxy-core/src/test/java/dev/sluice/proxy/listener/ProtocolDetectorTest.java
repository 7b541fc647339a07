package dev.sluice.proxy.listener;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.proxy.codec.ChannelConnection;
import dev.sluice.proxy.codec.CodecLimits;
import dev.sluice.proxy.codec.TakenRequests;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How long a client may take to tell what it speaks, in virtual time. */
class ProtocolDetectorTest {
    private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

    private final TakenRequests requests = new TakenRequests();
    private EmbeddedChannel channel;

    @BeforeEach
    void accept() {
        channel = new EmbeddedChannel();
        channel.freezeTime();
        ProtocolDetector detector = new ProtocolDetector(
                requests,
                new ChannelConnection(new InetSocketAddress(1), new InetSocketAddress(2), false, null),
                CodecLimits.DEFAULT);
        channel.pipeline().addLast(detector);
        detector.start(channel.pipeline().context(detector));
    }

    @AfterEach
    void end() {
        channel.finishAndReleaseAll();
    }

    private void seconds(int seconds) {
        for (int i = 0; i < seconds; i++) {
            channel.advanceTimeBy(1, TimeUnit.SECONDS);
            channel.runScheduledPendingTasks();
        }
    }

    private void write(String text) {
        channel.writeInbound(Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII));
    }

    @Test
    void whoSaysNothingMayIdle() {
        seconds(3_599);
        assertTrue(channel.isOpen());
        seconds(2);
        assertFalse(channel.isOpen());
    }

    @Test
    void aPrefaceThatComesByteByByteHasAMinuteInAll() {
        for (int i = 0; i < 6; i++) {
            assertTrue(channel.isOpen(), "after " + i * 10 + " s");
            write(PREFACE.substring(i, i + 1));
            seconds(10);
        }
        assertFalse(channel.isOpen());
    }

    @Test
    void theSettingsBehindAPrefaceHaveAMinuteOfTheirOwn() {
        write(PREFACE.substring(0, 10));
        seconds(59);
        write(PREFACE.substring(10));
        seconds(59);
        assertTrue(channel.isOpen());
        seconds(2);
        assertFalse(channel.isOpen());
    }

    @Test
    void aRequestThatBeginsLikeAPrefaceIsServed() {
        write("P");
        seconds(59);
        write("OST / HTTP/1.1\r\nhost: a\r\ncontent-length: 0\r\n\r\n");
        assertEquals("POST", requests.taken.get(0).head.method());
    }
}
