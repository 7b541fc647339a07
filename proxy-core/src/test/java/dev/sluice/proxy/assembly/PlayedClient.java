package dev.sluice.proxy.assembly;

import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.sluice.proxy.exchange.Exchange;
import dev.sluice.proxy.stream.DownstreamConnection;
import dev.sluice.proxy.stream.ErrorCode;
import dev.sluice.proxy.stream.ProxyError;
import dev.sluice.proxy.stream.ReadGate;
import dev.sluice.proxy.stream.ResponseHead;
import dev.sluice.proxy.stream.ServerStream;
import dev.sluice.proxy.stream.headers.Headers;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.netty.util.AsciiString;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The client of one exchange: sends the request's body when told, and keeps what it is answered. */
final class PlayedClient implements ServerStream, ReadGate, DownstreamConnection {
    private final EventLoop loop;
    private final long startNanos;
    private final StringBuilder body = new StringBuilder();
    private @Nullable Exchange exchange;
    private @Nullable ResponseHead head;
    private @Nullable Headers trailers;
    private @Nullable ProxyError reset;
    private boolean complete;
    private boolean paused;
    private long headNanos;
    private int ends;

    PlayedClient(EventLoop loop) {
        this.loop = loop;
        this.startNanos = loop.ticker().nanoTime();
    }

    void exchange(Exchange started) {
        exchange = started;
    }

    Exchange exchange() {
        Exchange started = exchange;
        if (started == null) {
            throw new AssertionError("not started");
        }
        return started;
    }

    /** Sends a piece of the body. */
    PlayedClient send(String text, boolean last) {
        exchange().onData(Unpooled.copiedBuffer(text, StandardCharsets.UTF_8), last);
        return this;
    }

    /** Closes its end before the response is complete. */
    void leave() {
        ended();
        exchange().onReset(ProxyError.downstream(ErrorCode.CLIENT_GONE, "left"));
    }

    /** Status; 0 while there is none. */
    int status() {
        return head == null ? 0 : head.status();
    }

    /** A header of the response; null when it has none. */
    @Nullable
    String header(String name) {
        CharSequence value = head == null ? null : head.headers().get(AsciiString.of(name));
        return value == null ? null : value.toString();
    }

    String body() {
        return body.toString();
    }

    @Nullable
    Headers trailers() {
        return trailers;
    }

    @Nullable
    ProxyError resetReason() {
        return reset;
    }

    boolean isComplete() {
        return complete;
    }

    boolean isPaused() {
        return paused;
    }

    /** Time from the request to the response's head. */
    Duration answeredAfter() {
        assertNotEquals(0, headNanos, "there is no answer");
        return Duration.ofNanos(headNanos - startNanos);
    }

    private void ended() {
        ends++;
        if (ends > 1) {
            throw new AssertionError("the response ended twice");
        }
    }

    // ---- ServerStream

    @Override
    public EventLoop loop() {
        return loop;
    }

    @Override
    public DownstreamConnection connection() {
        return this;
    }

    @Override
    public ReadGate requestGate() {
        return this;
    }

    @Override
    public void informational(ResponseHead interim) {
        throw new AssertionError("no test plays a 1xx");
    }

    @Override
    public void head(ResponseHead answer, boolean last) {
        if (head != null) {
            throw new AssertionError("a second response head");
        }
        head = answer;
        headNanos = loop.ticker().nanoTime();
        if (last) {
            complete = true;
            ended();
        }
    }

    @Override
    public void data(ByteBuf data, boolean last) {
        body.append(data.toString(StandardCharsets.UTF_8));
        data.release();
        if (last) {
            complete = true;
            ended();
        }
    }

    @Override
    public void trailers(Headers end) {
        trailers = end;
        complete = true;
        ended();
    }

    @Override
    public void reset(ProxyError error) {
        reset = error;
        ended();
    }

    @Override
    public boolean isWritable() {
        return true;
    }

    @Override
    public void pause() {
        paused = true;
    }

    @Override
    public void resume() {
        paused = false;
    }

    // ---- DownstreamConnection

    @Override
    public SocketAddress remoteAddress() {
        return new InetSocketAddress("10.0.0.9", 51234);
    }

    @Override
    public SocketAddress localAddress() {
        return new InetSocketAddress("10.0.0.1", 8080);
    }

    @Override
    public boolean isTls() {
        return false;
    }

    @Override
    public @Nullable String serverName() {
        return null;
    }

    @Override
    public long id() {
        return 1;
    }
}
