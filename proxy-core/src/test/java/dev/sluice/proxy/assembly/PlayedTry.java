package dev.sluice.proxy.assembly;

import dev.sluice.proxy.exchange.Attempt;
import dev.sluice.proxy.stream.ClientConnection;
import dev.sluice.proxy.stream.ClientStream;
import dev.sluice.proxy.stream.HttpVersion;
import dev.sluice.proxy.stream.ProxyError;
import dev.sluice.proxy.stream.ReadGate;
import dev.sluice.proxy.stream.RequestHead;
import dev.sluice.proxy.stream.ResponseHead;
import dev.sluice.proxy.stream.ResponseReader;
import dev.sluice.proxy.stream.headers.H1Headers;
import dev.sluice.proxy.stream.headers.H2Headers;
import dev.sluice.proxy.stream.headers.HeaderOverlay;
import dev.sluice.proxy.stream.headers.Headers;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.netty.util.AsciiString;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One try as it reaches the pool: a test makes of it a failed connect, a stream, an answer or silence. */
final class PlayedTry implements ClientStream, ClientConnection, ReadGate {
    private final Attempt attempt;
    private final @Nullable PlayedConnection connection;
    private final StringBuilder body = new StringBuilder();
    private final Map<String, String> headers = new LinkedHashMap<>();
    private boolean requestEnded;
    private @Nullable ProxyError reset;

    PlayedTry(Attempt attempt) {
        this(attempt, null);
    }

    /** @param connection of a real pool, which begins the attempt */
    PlayedTry(Attempt attempt, @Nullable PlayedConnection connection) {
        this.attempt = attempt;
        this.connection = connection;
    }

    Attempt attempt() {
        return attempt;
    }

    /** Number of the try, from 0. */
    int number() {
        return attempt.number();
    }

    /** Fails before there is a stream: connect, full queue. */
    void fail(ProxyError error) {
        attempt.fail(error);
    }

    /** Opens the stream: the request arrives here. */
    PlayedTry open() {
        if (connection == null) {
            attempt.begin(this);
        }
        return this;
    }

    /** Opens the stream and answers 200 without body. */
    void ok() {
        open().answer(200);
    }

    /** Answers with a head that is all. */
    void answer(int status, String... namesAndValues) {
        attempt.onHead(head(status, namesAndValues), true);
        over();
    }

    /** Answers with a head that a body follows. */
    PlayedTry begin(int status, String... namesAndValues) {
        attempt.onHead(head(status, namesAndValues), false);
        return this;
    }

    /** Sends a piece of the response's body. */
    PlayedTry data(String text, boolean last) {
        attempt.onData(Unpooled.copiedBuffer(text, StandardCharsets.UTF_8), last);
        if (last) {
            over();
        }
        return this;
    }

    /** The stream ends without a complete answer. */
    void lose(ProxyError reason) {
        attempt.onReset(reason);
        over();
    }

    private void over() {
        if (connection != null) {
            connection.ended(this);
        }
    }

    private ResponseHead head(int status, String... namesAndValues) {
        Headers made =
                attempt.exchange().request().version() == HttpVersion.HTTP_2 ? H2Headers.create() : H1Headers.create();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            made.add(AsciiString.of(namesAndValues[i]), namesAndValues[i + 1]);
        }
        return new ResponseHead(status, made, -1);
    }

    /** A header as this try sends it; null when it has none. */
    @Nullable
    String header(String name) {
        return headers.get(name);
    }

    /** The request's body so far. */
    String body() {
        return body.toString();
    }

    boolean isRequestEnded() {
        return requestEnded;
    }

    /** Why the proxy gave the stream up; null while it has not. */
    @Nullable
    ProxyError resetReason() {
        return reset;
    }

    // ---- ClientStream

    @Override
    public void head(RequestHead head, HeaderOverlay overlay, boolean last) {
        head.headers()
                .forEach((name, value) -> headers.put(name.toString().toLowerCase(Locale.ROOT), value.toString()));
        overlay.forEach((name, value) -> headers.put(name.toString(), value.toString()));
        requestEnded = last;
        if (connection != null) {
            connection.begun(this);
        }
    }

    @Override
    public void data(ByteBuf data, boolean last) {
        body.append(data.toString(StandardCharsets.UTF_8));
        data.release();
        requestEnded |= last;
    }

    @Override
    public void trailers(Headers trailers) {
        requestEnded = true;
    }

    @Override
    public void reset(ProxyError error) {
        reset = error;
        if (connection != null) {
            connection.reset(this);
        }
    }

    @Override
    public boolean isWritable() {
        return true;
    }

    @Override
    public ReadGate responseGate() {
        return this;
    }

    @Override
    public ClientConnection connection() {
        return connection == null ? this : connection;
    }

    @Override
    public void pause() {
        throw new AssertionError("the played client always takes data");
    }

    @Override
    public void resume() {
        // It never paused.
    }

    // ---- ClientConnection

    @Override
    public EventLoop loop() {
        return attempt.exchange().loop();
    }

    @Override
    public HttpVersion version() {
        return HttpVersion.HTTP_1_1;
    }

    @Override
    public int openableStreams() {
        return 0;
    }

    @Override
    public int activeStreams() {
        return 1;
    }

    @Override
    public ClientStream open(ResponseReader reader) {
        throw new AssertionError("one stream a connection");
    }

    @Override
    public void drain() {
        throw new AssertionError("nobody pools this");
    }

    @Override
    public void close(ProxyError error) {
        throw new AssertionError("nobody pools this");
    }

    @Override
    public void listener(Listener listener) {
        throw new AssertionError("nobody pools this");
    }

    @Override
    public SocketAddress localAddress() {
        return new InetSocketAddress("10.0.0.1", 40000);
    }

    @Override
    public SocketAddress remoteAddress() {
        return new InetSocketAddress("10.1.2.3", 9080);
    }
}
