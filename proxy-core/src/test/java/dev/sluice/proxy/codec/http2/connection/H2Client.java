package dev.sluice.proxy.codec.http2.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.proxy.codec.CodecLimits;
import dev.sluice.proxy.codec.Heads;
import dev.sluice.proxy.codec.RawH2;
import dev.sluice.proxy.codec.TakenResponse;
import dev.sluice.proxy.stream.ClientConnection;
import dev.sluice.proxy.stream.ErrorCode;
import dev.sluice.proxy.stream.ProxyError;
import dev.sluice.proxy.stream.ProxyError.RetryVerdict;
import dev.sluice.proxy.stream.headers.HeaderOverlay;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** An HTTP/2 connection to an upstream of a test's, with what its pool would hear. */
final class H2Client implements ClientConnection.Listener {
    final H2ClientHandler connection = new H2ClientHandler(CodecLimits.DEFAULT, null);
    final RawH2 upstream = RawH2.server(connection);
    final List<String> told = new ArrayList<>();

    H2Client() {
        connection.listener(this);
    }

    /** Sends a GET. */
    TakenResponse get() {
        TakenResponse response = new TakenResponse();
        connection.open(response).head(Heads.request("GET", "/"), HeaderOverlay.NONE, true);
        return response;
    }

    static void assertNotProcessed(ErrorCode code, TakenResponse response) {
        ProxyError error = Objects.requireNonNull(response.reset);
        assertEquals(code, error.code());
        assertEquals(RetryVerdict.NOT_PROCESSED, error.retry());
    }

    static String last(List<String> lines) {
        return lines.get(lines.size() - 1);
    }

    @Override
    public void onStreamsAvailable(ClientConnection same) {
        told.add("available " + same.openableStreams());
    }

    @Override
    public void onDraining(ClientConnection same) {
        told.add("draining " + same.openableStreams());
    }

    @Override
    public void onClosed(ClientConnection same) {
        told.add("closed " + same.openableStreams());
    }
}
