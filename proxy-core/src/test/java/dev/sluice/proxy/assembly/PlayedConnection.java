package dev.sluice.proxy.assembly;

import dev.sluice.proxy.exchange.Attempt;
import dev.sluice.proxy.stream.ClientConnection;
import dev.sluice.proxy.stream.ClientStream;
import dev.sluice.proxy.stream.ErrorCode;
import dev.sluice.proxy.stream.HttpVersion;
import dev.sluice.proxy.stream.ProxyError;
import dev.sluice.proxy.stream.ResponseReader;
import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A connection of a real pool: hands each stream to the script, closes a moment after it is asked. */
final class PlayedConnection implements ClientConnection {
    private static final int HTTP2_STREAMS = 100;

    private final EventLoop loop;
    private final InetSocketAddress address;
    private final HttpVersion version;
    private final Consumer<PlayedTry> server;
    private final List<PlayedTry> streams = new ArrayList<>();
    private @Nullable Listener listener;
    private boolean draining;
    private boolean closing;
    private boolean closed;

    PlayedConnection(EventLoop loop, InetSocketAddress address, HttpVersion version, Consumer<PlayedTry> server) {
        this.loop = loop;
        this.address = address;
        this.version = version;
        this.server = server;
    }

    boolean isOpen() {
        return !closed;
    }

    /** The request of {@code stream} has begun. */
    void begun(PlayedTry stream) {
        server.accept(stream);
    }

    /** Its response is complete. */
    void ended(PlayedTry stream) {
        if (streams.remove(stream) && !closing) {
            if (draining) {
                closeWhenIdle();
            } else if (listener != null) {
                listener.onStreamsAvailable(this);
            }
        }
    }

    /** As the protocols do: HTTP/1 loses its connection, HTTP/2 only the stream. */
    void reset(PlayedTry stream) {
        if (version == HttpVersion.HTTP_2) {
            ended(stream);
        } else if (streams.remove(stream)) {
            closeSoon();
        }
    }

    private void closeWhenIdle() {
        if (streams.isEmpty()) {
            closeSoon();
        }
    }

    private void closeSoon() {
        if (closing) {
            return;
        }
        closing = true;
        loop.execute(() -> {
            List.copyOf(streams)
                    .forEach(stream -> stream.lose(ProxyError.upstream(ErrorCode.UPSTREAM_CLOSED, "closed")));
            closed = true;
            if (listener != null) {
                listener.onClosed(this);
            }
        });
    }

    // ---- ClientConnection

    @Override
    public EventLoop loop() {
        return loop;
    }

    @Override
    public HttpVersion version() {
        return version;
    }

    @Override
    public int openableStreams() {
        int most = version == HttpVersion.HTTP_2 ? HTTP2_STREAMS : 1;
        return draining || closing ? 0 : most - streams.size();
    }

    @Override
    public int activeStreams() {
        return streams.size();
    }

    @Override
    public ClientStream open(ResponseReader reader) {
        if (openableStreams() <= 0) {
            throw new IllegalStateException("takes no stream now");
        }
        PlayedTry stream = new PlayedTry((Attempt) reader, this);
        streams.add(stream);
        return stream;
    }

    @Override
    public void drain() {
        draining = true;
        closeWhenIdle();
    }

    @Override
    public void close(ProxyError error) {
        closeSoon();
    }

    @Override
    public void listener(Listener told) {
        listener = told;
    }

    @Override
    public SocketAddress localAddress() {
        return new InetSocketAddress("10.0.0.1", 40000);
    }

    @Override
    public SocketAddress remoteAddress() {
        return address;
    }
}
