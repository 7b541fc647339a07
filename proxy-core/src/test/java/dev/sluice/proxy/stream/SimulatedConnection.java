package dev.sluice.proxy.stream;

import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A connection as the codecs offer it, without a socket: takes streams up to a limit, tells its listener, closes a moment
 * after it is asked.
 *
 * @param <S> its streams
 */
public abstract class SimulatedConnection<S extends ClientStream> implements ClientConnection {
    /** Those in flight. */
    public final List<S> streams = new ArrayList<>();

    /** Takes no further streams. */
    public boolean draining;

    /** Is gone, and its streams know. */
    public boolean closed;

    /** Is about to go. */
    protected boolean closing;

    private final EventLoop loop;
    private final HttpVersion version;
    private final int maxStreams;
    private @Nullable Listener listener;

    protected SimulatedConnection(EventLoop loop, HttpVersion version, int maxStreams) {
        this.loop = loop;
        this.version = version;
        this.maxStreams = maxStreams;
    }

    /** A stream of it. */
    protected abstract S stream(ResponseReader reader);

    /** Tells {@code stream} that its connection is gone. */
    protected abstract void lose(S stream, ProxyError error);

    /** Called when it is gone, before its listener is. */
    protected void gone() {}

    /** The upstream announces that it takes no more: GOAWAY, or {@code Connection: close}. */
    public void goAway() {
        draining = true;
        if (listener != null) {
            listener.onDraining(this);
        }
        closeWhenIdle();
    }

    /** The response of {@code stream} is complete. */
    public void ended(S stream) {
        if (streams.remove(stream) && !closing) {
            if (draining) {
                closeWhenIdle();
            } else if (listener != null) {
                listener.onStreamsAvailable(this);
            }
        }
    }

    /** The exchange gave {@code stream} up. As the protocols do: HTTP/1 loses its connection, HTTP/2 only the stream. */
    public void reset(S stream) {
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

    /** Closes in the next turn of the loop. */
    protected void closeSoon() {
        if (closing) {
            return;
        }
        closing = true;
        loop.execute(() -> {
            List.copyOf(streams)
                    .forEach(stream -> lose(stream, ProxyError.upstream(ErrorCode.UPSTREAM_CLOSED, "closed")));
            closed = true;
            gone();
            if (listener != null) {
                listener.onClosed(this);
            }
        });
    }

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
        return draining || closing ? 0 : Math.max(0, maxStreams - streams.size());
    }

    @Override
    public int activeStreams() {
        return streams.size();
    }

    @Override
    public ClientStream open(ResponseReader reader) {
        if (openableStreams() == 0) {
            throw new IllegalStateException("takes no stream now");
        }
        S opened = stream(reader);
        streams.add(opened);
        return opened;
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
}
