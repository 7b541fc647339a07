package dev.sluice.proxy.codec.http1.connection;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.proxy.codec.PullChannel;
import dev.sluice.proxy.codec.TakenResponse;
import dev.sluice.proxy.codec.http1.WireSample;
import dev.sluice.proxy.stream.ErrorCode;
import dev.sluice.proxy.stream.headers.HeaderOverlay;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * Messages with something wrong, in any pieces, answered at any time: a handler throws nothing at its channel, each stream
 * ends at most once, a closed connection has told all of them, and no buffer leaks.
 */
class H1FuzzTest {
    @Property(tries = 600)
    void aServerSurvivesAnyBytes(@ForAll long seed) throws Exception {
        Random random = new Random(seed);
        RecordedRequests app = new RecordedRequests().onEach(request -> {
            if (random.nextBoolean()) {
                request.replyHead(200, random.nextBoolean() ? 3 : -1);
                if (random.nextBoolean()) {
                    request.data("abc", true);
                }
            }
            if (random.nextInt(4) == 0) {
                request.stream.requestGate().pause();
            }
        });
        PullChannel client = H1Server.connect(app);
        WireSample sample = new WireSample(random);
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            sample.request();
        }
        for (byte[] piece : pieces(random.nextBoolean() ? sample.mutated().bytes() : sample.bytes(), random)) {
            client.send(piece);
            if (!app.requests.isEmpty() && random.nextInt(5) == 0) {
                app.last().stream.requestGate().resume();
            }
        }
        if (random.nextBoolean()) {
            client.sendFin();
        }
        client.checkException();
        client.finishAndReleaseAll();
        for (RecordedRequests.Recorded request : app.requests) {
            // What breaks the order of calls fails in the reader, and the handler tells that to those who are left.
            assertFalse(
                    request.reset != null && request.reset.code() == ErrorCode.INTERNAL, request + " " + request.reset);
        }
    }

    @Property(tries = 600)
    void aClientSurvivesAnyBytes(@ForAll long seed) throws Exception {
        Random random = new Random(seed);
        H1Client client = new H1Client();
        WireSample sample = new WireSample(random).response();
        if (random.nextInt(3) == 0) {
            sample.response();
        }
        List<TakenResponse> responses = new ArrayList<>();
        for (byte[] piece : pieces(random.nextInt(4) > 0 ? sample.mutated().bytes() : sample.bytes(), random)) {
            if (client.connection.openableStreams() > 0 && (responses.isEmpty() || random.nextBoolean())) {
                TakenResponse response = new TakenResponse();
                responses.add(response);
                String method = random.nextInt(6) == 0 ? "HEAD" : "GET";
                client.connection
                        .open(response)
                        .head(H1Client.request(method, "/", -1).build(), HeaderOverlay.NONE, true);
                client.upstream.runPendingTasks();
            }
            client.upstream.send(piece);
        }
        client.upstream.checkException();
        client.upstream.finishAndReleaseAll();
        for (TakenResponse response : responses) {
            long ends = response.events.stream().filter(H1FuzzTest::isEnd).count();
            assertTrue(ends == 1, response.events.toString());
            assertFalse(response.events.contains("reset INTERNAL"), response.events.toString());
            assertTrue(isEnd(response.events.get(response.events.size() - 1)), response.events.toString());
        }
        assertTrue(client.told.contains("closed"), client.told.toString());
    }

    private static boolean isEnd(String event) {
        return event.endsWith("|") || event.startsWith("trailers") || event.startsWith("reset");
    }

    private static List<byte[]> pieces(byte[] wire, Random random) {
        List<byte[]> pieces = new ArrayList<>();
        int most = random.nextInt(3) == 0 ? 4 : 2_000;
        for (int at = 0; at < wire.length; ) {
            int end = Math.min(wire.length, at + 1 + random.nextInt(most));
            byte[] piece = Arrays.copyOfRange(wire, at, end);
            for (int i = 0; i < piece.length; i++) {
                // It marks the end of a message in what was taken.
                piece[i] = piece[i] == '|' ? (byte) '!' : piece[i];
            }
            pieces.add(piece);
            at = end;
        }
        return pieces;
    }
}
