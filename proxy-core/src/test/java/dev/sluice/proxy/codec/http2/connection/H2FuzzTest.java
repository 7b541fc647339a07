package dev.sluice.proxy.codec.http2.connection;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.proxy.codec.CodecLimits;
import dev.sluice.proxy.codec.Heads;
import dev.sluice.proxy.codec.RawH2;
import dev.sluice.proxy.codec.TakenRequests;
import dev.sluice.proxy.codec.TestConnections;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * Frames of any kind, in any order, with any contents: the handler throws nothing at its channel, each stream ends at most
 * once, a closed connection has told all of them, and no buffer leaks.
 */
class H2FuzzTest {
    @Property(tries = 400)
    void aServerSurvivesAnyFrames(@ForAll("seeds") long seed) {
        Random random = new Random(seed);
        TakenRequests requests = new TakenRequests();
        requests.onRequest = request -> {
            if (random.nextBoolean()) {
                request.stream.head(Heads.response(200), random.nextBoolean());
                request.stream.data(Heads.zeros(random.nextInt(100_000)), random.nextBoolean());
            }
            if (random.nextInt(4) == 0) {
                request.stream.requestGate().pause();
            }
        };
        RawH2 client = RawH2.client(new H2ServerHandler(requests, TestConnections.DOWNSTREAM, CodecLimits.DEFAULT));
        for (int i = 0; i < 60 && !client.isClosed(); i++) {
            frame(client, random);
            if (!requests.taken.isEmpty() && random.nextInt(5) == 0) {
                requests.last().stream.requestGate().resume();
            }
        }
        client.channel.checkException();
        client.received();
        client.disconnect();
        for (TakenRequests.Taken request : requests.taken) {
            List<String> events = request.events;
            long resets =
                    events.stream().filter(event -> event.startsWith("reset")).count();
            long ends = events.stream().filter(H2FuzzTest::isEnd).count();
            assertTrue(resets <= 1, events.toString());
            assertTrue(ends <= 1, events.toString());
        }
        client.close();
    }

    private static boolean isEnd(String event) {
        return event.endsWith("|") || event.startsWith("trailers");
    }

    private static void frame(RawH2 client, Random random) {
        int stream = random.nextInt(6) * 2 + (random.nextInt(10) == 0 ? 0 : 1);
        switch (random.nextInt(10)) {
            case 0, 1, 2 -> client.headers(stream, random.nextBoolean(), fields(random));
            case 3, 4 -> client.frame(RawH2.DATA, random.nextInt(2), stream, Heads.zeros(random.nextInt(3000)));
            case 5 -> client.windowUpdate(random.nextBoolean() ? 0 : stream, random.nextInt(100_000));
            case 6 ->
                client.frame(RawH2.RST_STREAM, 0, stream, Unpooled.buffer().writeInt(random.nextInt(15)));
            case 7 -> client.settings(random.nextInt(9), random.nextInt(70_000));
            default -> {
                byte[] payload = new byte[random.nextInt(40)];
                random.nextBytes(payload);
                client.frame(random.nextInt(12), random.nextInt(64), stream, Unpooled.wrappedBuffer(payload));
            }
        }
    }

    private static String[] fields(Random random) {
        return switch (random.nextInt(5)) {
            case 0 -> new String[] {"x-sum", "1"};
            case 1 -> RawH2.request("POST", "content-length", Integer.toString(random.nextInt(20)));
            case 2 -> RawH2.request("GET", "Upper", "x");
            default -> RawH2.request("POST", "te", "trailers");
        };
    }

    @Provide
    Arbitrary<Long> seeds() {
        return Arbitraries.longs();
    }
}
