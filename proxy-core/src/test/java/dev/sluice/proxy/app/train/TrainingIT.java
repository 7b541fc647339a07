package dev.sluice.proxy.app.train;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The training's own clients and backends, against one another and against what is not as it should be. */
class TrainingIT {
    @TempDir
    private Path folder;

    @Test
    void clientsAndBackendsOfBothProtocolsUnderstandOneAnother() throws Exception {
        try (Backend plain = Backend.start(Http2Backend::serve);
                Backend calls = Backend.start(Http2Backend::serveGrpc);
                Link asks = Link.connect(plain.port());
                Link asksCalls = Link.connect(calls.port())) {
            assertDoesNotThrow(() -> Http2Client.ask(asks, 40, false));
            assertDoesNotThrow(() -> Http2Client.ask(asksCalls, 40, true));
        }
    }

    @Test
    void anAnswerThatIsNotTheExpectedOneFailsTheTraining() throws Exception {
        try (Backend backend = Backend.start(Http1::serve);
                Link link = Link.connect(backend.port())) {
            IOException failure = assertThrows(
                    IOException.class, () -> Http1.exchange(link, "GET / HTTP/1.1\r\nHost: a\r\n\r\n", 301));
            assertTrue(failure.getMessage().startsWith("301 was expected"), failure.getMessage());
        }
    }

    @Test
    void aProxyThatIsNotThereFailsTheTraining() throws Exception {
        try (Training training = Training.prepare(folder, folder)) {
            assertThrows(IOException.class, () -> training.send(16));
        }
    }
}
