package dev.sluice.proxy.app.ready;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.proxy.Aside;
import dev.sluice.proxy.app.ready.ReadyQuestion.Outcome;
import dev.sluice.proxy.app.ready.ReadyQuestion.Reply;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class ReadyQuestionTest {
    private static final int PATIENT_MILLIS = 50_000;

    @ParameterizedTest
    @CsvSource({
        "'HTTP/1.1 200 OK|x: y||LIVE', READY, 200",
        "'HTTP/1.0 200', READY, 200",
        "'HTTP/1.1 503 Service Unavailable|x: y||DRAINING|', NOT_READY, 503 DRAINING",
        "'HTTP/1.1 404 Not Found|x: y', NOT_READY, 404",
        "'HTTP/1.1 ', NOT_READY, no HTTP answers",
        "'SSH-2.0-x|', NOT_READY, no HTTP answers",
        "'', NOT_READY, no HTTP answers"
    })
    void theStatusDecides(String answer, Outcome outcome, String text) throws Exception {
        assertEquals(new Reply(outcome, text), ask(answer.replace("|", "\r\n"), true));
    }

    /** Else a probe of a server that keeps its connections would wait for its time to be up, and fail. */
    @Test
    void whoSaysThatHeIsReadyNeedNotClose() throws Exception {
        assertEquals(Outcome.READY, ask("HTTP/1.1 200 OK\r\n\r\n", false).outcome());
    }

    @Test
    void aPortThatNobodyHasIsNobody() throws Exception {
        int free;
        try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = closed.getLocalPort();
        }
        assertEquals(
                Outcome.NOBODY,
                new ReadyQuestion("127.0.0.1", free, "/ready")
                        .ask(PATIENT_MILLIS)
                        .outcome());
    }

    private static Reply ask(String answer, boolean closes) throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CompletableFuture<Void> over = new CompletableFuture<>();
            CompletableFuture<String> asked = Aside.supply(() -> serve(server, answer, closes, over));
            Reply reply = new ReadyQuestion("127.0.0.1", server.getLocalPort(), "/ready").ask(PATIENT_MILLIS);
            over.complete(null);
            assertEquals(
                    "GET /ready HTTP/1.1\r\nHost: 127.0.0.1:" + server.getLocalPort() + "\r\nConnection: close\r\n\r\n",
                    asked.get());
            return reply;
        }
    }

    private static String serve(ServerSocket server, String answer, boolean closes, CompletableFuture<Void> over) {
        try (Socket client = server.accept()) {
            StringBuilder request = new StringBuilder();
            while (request.indexOf("\r\n\r\n") < 0) {
                request.append((char) client.getInputStream().read());
            }
            client.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
            client.getOutputStream().flush();
            if (!closes) {
                over.join();
            }
            return request.toString();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
