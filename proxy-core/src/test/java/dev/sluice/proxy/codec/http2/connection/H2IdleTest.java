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
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http2.Http2CodecUtil;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What nobody else ends, in virtual time. */
class H2IdleTest {
    private final TakenRequests requests = new TakenRequests();
    private final RawH2 client =
            RawH2.client(new H2ServerHandler(requests, TestConnections.DOWNSTREAM, CodecLimits.DEFAULT));

    @AfterEach
    void close() {
        client.close();
    }

    private void minutes(int minutes) {
        for (int i = 0; i < minutes; i++) {
            client.channel.advanceTimeBy(1, TimeUnit.MINUTES);
            client.channel.runScheduledPendingTasks();
        }
    }

    @Test
    void aConnectionWithoutRequestsGoesAfterAnHour() {
        client.channel.freezeTime();
        minutes(59);
        assertFalse(client.isClosed());
        minutes(2);
        assertEquals(List.of("GOAWAY 0 NO_ERROR"), client.received());
        assertTrue(client.isClosed());
    }

    @Test
    void aRequestNowAndThenKeepsIt() {
        client.channel.freezeTime();
        for (int i = 0; i < 5; i++) {
            minutes(50);
            client.get(1 + 2 * i);
            requests.last().stream.head(Heads.response(200), true);
        }
        assertFalse(client.isClosed());
    }

    @Test
    void aClientWithoutPrefaceGoesAfterAMinute() {
        EmbeddedChannel silent = new EmbeddedChannel();
        silent.freezeTime();
        silent.pipeline().addLast(new H2ServerHandler(requests, TestConnections.DOWNSTREAM, CodecLimits.DEFAULT));
        silent.advanceTimeBy(61, TimeUnit.SECONDS);
        silent.runScheduledPendingTasks();
        assertFalse(silent.isOpen());
        silent.finishAndReleaseAll();
    }

    @Test
    void aClientThatNeverSendsSettingsGoesAfterAMinute() {
        EmbeddedChannel silent = new EmbeddedChannel();
        silent.freezeTime();
        silent.pipeline().addLast(new H2ServerHandler(requests, TestConnections.DOWNSTREAM, CodecLimits.DEFAULT));
        silent.writeInbound(
                Http2CodecUtil.connectionPrefaceBuf(), Unpooled.buffer().writeMedium(6));
        silent.advanceTimeBy(61, TimeUnit.SECONDS);
        silent.runScheduledPendingTasks();
        assertFalse(silent.isOpen());
        silent.finishAndReleaseAll();
    }

    @Test
    void partsOfAFrameMakeAConnectionNoLessIdle() {
        client.channel.freezeTime();
        ByteBuf ping = Unpooled.buffer().writeMedium(8).writeByte(RawH2.PING).writeZero(5);
        client.write(ping);
        for (int i = 0; i < 6; i++) {
            minutes(9);
            client.write(Unpooled.buffer().writeByte(i));
        }
        assertFalse(client.isClosed());
        minutes(7);
        assertTrue(client.isClosed());
    }

    /** B61: the exchange is over, only its client does not take the rest. */
    @Test
    void aResponseThatIsNotTakenIsGivenUp() {
        client.channel.freezeTime();
        client.settings(4, 0).get(1);
        Taken get = requests.last();
        get.stream.head(Heads.response(200), false);
        get.stream.data(Heads.zeros(50_000), true);
        minutes(4);
        client.received();
        client.windowUpdate(1, 1);
        minutes(5);
        assertEquals(List.of("DATA 1 \0"), client.received());
        minutes(2);
        assertEquals(List.of("RST_STREAM 1 INTERNAL_ERROR"), client.received());
        assertFalse(client.isClosed());
    }

    /** As long as the exchange goes on, its own timeouts rule. */
    @Test
    void aResponseThatIsNotFinishedIsLeftToItsExchange() {
        client.channel.freezeTime();
        client.settings(4, 0).get(1);
        requests.last().stream.head(Heads.response(200), false);
        requests.last().stream.data(Heads.zeros(50_000), false);
        minutes(100);
        assertEquals(List.of("HEADERS 1 :status=200"), client.received());
        assertEquals(List.of(), requests.last().events);
    }
}
