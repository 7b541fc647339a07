package dev.sluice.proxy.codec.http2.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.proxy.codec.CodecLimits;
import dev.sluice.proxy.codec.Heads;
import dev.sluice.proxy.codec.RawH2;
import dev.sluice.proxy.codec.TakenRequests;
import dev.sluice.proxy.codec.TestConnections;
import dev.sluice.proxy.codec.http2.H2Settings;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.Http2Error;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** spec/reliability.md A1, A4, B60: a thousand cheap frames end the connection, a healthy client's do not. */
class H2FloodTest {
    private final TakenRequests requests = new TakenRequests();
    private long nanos;
    private final RawH2 client = RawH2.client(new H2ServerHandler(
            requests, TestConnections.DOWNSTREAM, CodecLimits.DEFAULT, H2Settings.DEFAULT, () -> nanos));

    @AfterEach
    void close() {
        client.close();
    }

    /** Sends until the connection is gone, a thousand times at most. */
    private void assertCalmed(IntConsumer frame) {
        for (int i = 0; i < 1000 && !client.isClosed(); i++) {
            frame.accept(i);
        }
        assertTrue(client.isClosed(), "A thousand frames did not end the connection");
        List<String> said = client.received();
        assertEquals("GOAWAY 2147483647 ENHANCE_YOUR_CALM", said.get(said.size() - 1));
    }

    @Test
    void aThousandPings() {
        assertCalmed(i -> client.frame(RawH2.PING, 0, 0, Unpooled.buffer().writeLong(i)));
    }

    @Test
    void aThousandPingAcknowledgements() {
        assertCalmed(i -> client.frame(RawH2.PING, 1, 0, Unpooled.buffer().writeLong(i)));
    }

    @Test
    void aThousandSettings() {
        assertCalmed(i -> client.settings(4, 65_535));
    }

    @Test
    void aThousandSettingsAcknowledgements() {
        assertCalmed(i -> client.frame(RawH2.SETTINGS, 1, 0, Unpooled.EMPTY_BUFFER));
    }

    @Test
    void aThousandEmptyDataFrames() {
        client.post(1);
        assertCalmed(i -> client.data(1, false, ""));
    }

    @Test
    void aThousandPaddedEmptyDataFrames() {
        client.post(1);
        assertCalmed(i ->
                client.frame(RawH2.DATA, 8, 1, Unpooled.buffer().writeByte(1).writeByte(0)));
    }

    @Test
    void aThousandPriorities() {
        assertCalmed(i ->
                client.frame(RawH2.PRIORITY, 0, 1, Unpooled.buffer().writeInt(0).writeByte(1)));
    }

    @Test
    void aThousandUnknownFrames() {
        assertCalmed(i -> client.frame(77, 0, 0, Unpooled.EMPTY_BUFFER));
    }

    @Test
    void aThousandWindowUpdatesOfTheConnection() {
        assertCalmed(i -> client.windowUpdate(0, 1));
    }

    @Test
    void aThousandWindowUpdatesOfAClosedStream() {
        client.get(1);
        requests.last().stream.head(Heads.response(200), true);
        assertCalmed(i -> client.windowUpdate(1, 1));
    }

    @Test
    void aThousandSmallContinuations() {
        client.frame(RawH2.HEADERS, RawH2.END_STREAM, 1, RawH2.block(RawH2.request("GET")));
        assertCalmed(i -> client.frame(RawH2.CONTINUATION, 0, 1, RawH2.block("x-" + i, "")));
    }

    @Test
    void aThousandEmptyContinuations() {
        client.frame(RawH2.HEADERS, RawH2.END_STREAM, 1, RawH2.block(RawH2.request("GET")));
        assertCalmed(i -> client.frame(RawH2.CONTINUATION, 0, 1, Unpooled.EMPTY_BUFFER));
    }

    @Test
    void rapidReset() {
        assertCalmed(i -> client.get(2 * i + 1).rst(2 * i + 1, Http2Error.CANCEL));
        assertEquals(250, requests.taken.size());
    }

    /** The mirror image: the peer makes us send the resets (CVE-2025-55163). */
    @Test
    void provokedResets() {
        assertCalmed(i -> client.post(2 * i + 1).windowUpdate(2 * i + 1, 0));
    }

    @Test
    void aThousandMalformedRequests() {
        assertCalmed(i -> client.get(2 * i + 1, "Upper", "x"));
        assertEquals(250, requests.reset.size());
    }

    @Test
    void malformedRequestsOfOneReadAreRecordedNoFurtherThanTheFlood() {
        ByteBuf burst = Unpooled.buffer();
        for (int i = 0; i < 1000; i++) {
            ByteBuf block = RawH2.block(RawH2.request("GET", i % 2 == 0 ? "Upper" : "content-length", "x"));
            burst.writeMedium(block.readableBytes())
                    .writeByte(RawH2.HEADERS)
                    .writeByte(RawH2.END_HEADERS)
                    .writeInt(2 * i + 1)
                    .writeBytes(block);
            block.release();
        }
        client.write(burst);
        assertTrue(client.isClosed());
        assertEquals(250, requests.reset.size());
    }

    @Test
    void resetsOfClosedStreams() {
        client.get(1);
        requests.last().stream.head(Heads.response(200), true);
        int sent = 0;
        while (!client.isClosed() && sent < 2000) {
            client.rst(1, Http2Error.CANCEL);
            sent++;
        }
        assertTrue(sent < 2000);
    }

    @Test
    void acknowledgementsThatAreNeverReadAreBounded() {
        RawH2 deaf = RawH2.client(new H2ServerHandler(
                requests,
                TestConnections.DOWNSTREAM,
                CodecLimits.DEFAULT,
                new H2Settings(61_440, 100, 65_536, 1_048_576, 50),
                () -> nanos));
        deaf.stopReading();
        int sent = 0;
        while (!deaf.isClosed() && sent < 200) {
            deaf.frame(RawH2.PING, 0, 0, Unpooled.buffer().writeLong(1));
            sent++;
        }
        assertEquals(51, sent);
        deaf.close();
    }

    // ---- what must pass

    @Test
    void aClientThatCancelsStreamsThatBeganToAnswerIsHealthy() {
        requests.onRequest = request -> request.stream.head(Heads.response(200), false);
        for (int i = 0; i < 800; i++) {
            client.get(2 * i + 1).rst(2 * i + 1, Http2Error.CANCEL);
        }
        assertFalse(client.isClosed());
    }

    @Test
    void aClientThatCancelsSlowRequestsIsHealthy() {
        for (int i = 0; i < 800; i++) {
            client.get(2 * i + 1);
            nanos += TimeUnit.SECONDS.toNanos(1);
            client.rst(2 * i + 1, Http2Error.CANCEL);
        }
        assertFalse(client.isClosed());
    }

    @Test
    void resetsBelowHalfOfTheStreamsAreHealthy() {
        for (int i = 0; i < 800; i++) {
            client.get(2 * i + 1);
            if (i % 5 < 2) {
                client.rst(2 * i + 1, Http2Error.CANCEL);
            } else {
                requests.last().stream.head(Heads.response(200), true);
            }
        }
        assertFalse(client.isClosed());
    }

    @Test
    void resetsAboveHalfOfTheStreamsEndALongConnection() {
        requests.onRequest = request -> request.stream.head(Heads.response(200), true);
        for (int i = 0; i < 600; i++) {
            client.get(2 * i + 1);
        }
        requests.onRequest = request -> {};
        int resets = 0;
        while (!client.isClosed() && resets < 5000) {
            int id = 2 * (600 + resets) + 1;
            client.get(id).rst(id, Http2Error.CANCEL);
            resets++;
        }
        assertEquals(600, resets);
    }

    /** gRPC measures its bandwidth with one PING a round trip, as long as data comes in. */
    @Test
    void aPingForEachDataFrameIsHealthy() {
        client.get(1).windowUpdate(1, 1_000_000).windowUpdate(0, 1_000_000);
        requests.last().stream.head(Heads.response(200), false);
        for (int i = 0; i < 800; i++) {
            requests.last().stream.data(Heads.bytes("x"), false);
            client.received();
            client.frame(RawH2.PING, 0, 0, Unpooled.buffer().writeLong(i));
            client.windowUpdate(1, 1).windowUpdate(0, 1);
        }
        assertFalse(client.isClosed());
    }

    @Test
    void aPingEachMillisecondForAMinuteIsNot() {
        for (int i = 0; i < 60_000 && !client.isClosed(); i++) {
            nanos += TimeUnit.MILLISECONDS.toNanos(1);
            client.frame(RawH2.PING, 0, 0, Unpooled.buffer().writeLong(i));
        }
        assertTrue(client.isClosed());
    }

    @Test
    void aHundredPingsASecondAre() {
        for (int i = 0; i < 1000; i++) {
            nanos += TimeUnit.MILLISECONDS.toNanos(10);
            client.frame(RawH2.PING, 0, 0, Unpooled.buffer().writeLong(i));
        }
        assertFalse(client.isClosed());
    }

    @Test
    void theFloodedConnectionsStreamsAreTold() {
        client.get(1);
        assertCalmed(i -> client.frame(RawH2.PING, 0, 0, Unpooled.buffer().writeLong(i)));
        assertEquals(List.of("reset CLIENT_GONE"), requests.last().events);
    }

    @Test
    void whatFollowsTheFloodIsNotParsed() {
        ByteBuf burst = Unpooled.buffer();
        for (int i = 0; i < 1000; i++) {
            burst.writeMedium(8).writeByte(RawH2.PING).writeByte(0).writeInt(0).writeLong(i);
        }
        client.write(burst);
        assertTrue(client.isClosed());
        assertEquals(List.of(), requests.taken);
    }
}
