package dev.sluice.proxy.codec.http1.connection;

import dev.sluice.proxy.codec.CodecLimits;
import dev.sluice.proxy.codec.PullChannel;
import dev.sluice.proxy.codec.TakenResponse;
import dev.sluice.proxy.stream.ClientConnection;
import dev.sluice.proxy.stream.ClientStream;
import dev.sluice.proxy.stream.HttpVersion;
import dev.sluice.proxy.stream.RequestHead;
import dev.sluice.proxy.stream.headers.H1Headers;
import dev.sluice.proxy.stream.headers.HeaderOverlay;
import io.netty.util.AsciiString;
import java.util.ArrayList;
import java.util.List;

/** A connection to an upstream of a test's, with what its pool would hear. */
public final class H1Client implements ClientConnection.Listener {
    public static final String OK = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";

    public final ClientConnection connection;
    public final PullChannel upstream;
    public final List<String> told = new ArrayList<>();

    public H1Client() throws Exception {
        H1ClientHandler handler = new H1ClientHandler(CodecLimits.DEFAULT, null);
        upstream = new PullChannel(handler);
        connection = handler.connection();
        connection.listener(this);
    }

    /** A request without body; names and values of headers in turns. */
    public static RequestHead get(String path, String... headers) {
        return request("GET", path, -1, headers).build();
    }

    public static RequestHead.Builder request(String method, String path, long length, String... headers) {
        H1Headers held = H1Headers.create();
        for (int i = 0; i < headers.length; i += 2) {
            held.add(AsciiString.of(headers[i]), headers[i + 1]);
        }
        return RequestHead.builder(HttpVersion.HTTP_1_1, method, path, held)
                .authority("shop")
                .contentLength(length);
    }

    /** Sends a GET. */
    public TakenResponse get() {
        return send(get("/"));
    }

    /** Sends a request without body. */
    public TakenResponse send(RequestHead head) {
        TakenResponse response = new TakenResponse();
        connection.open(response).head(head, HeaderOverlay.NONE, true);
        upstream.runPendingTasks();
        return response;
    }

    /** Starts a request with a body. */
    public ClientStream start(TakenResponse response, RequestHead head) {
        ClientStream stream = connection.open(response);
        stream.head(head, HeaderOverlay.NONE, false);
        upstream.runPendingTasks();
        return stream;
    }

    @Override
    public void onStreamsAvailable(ClientConnection available) {
        told.add("available");
    }

    @Override
    public void onDraining(ClientConnection draining) {
        told.add("draining");
    }

    @Override
    public void onClosed(ClientConnection closed) {
        told.add("closed");
    }
}
