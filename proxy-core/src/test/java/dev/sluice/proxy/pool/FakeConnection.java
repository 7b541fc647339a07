package dev.sluice.proxy.pool;

import dev.sluice.proxy.stream.ClientConnection;
import dev.sluice.proxy.stream.ClientStream;
import dev.sluice.proxy.stream.ErrorCode;
import dev.sluice.proxy.stream.H1Headers;
import dev.sluice.proxy.stream.HeaderOverlay;
import dev.sluice.proxy.stream.Headers;
import dev.sluice.proxy.stream.HttpVersion;
import dev.sluice.proxy.stream.ProxyError;
import dev.sluice.proxy.stream.ReadGate;
import dev.sluice.proxy.stream.RequestHead;
import dev.sluice.proxy.stream.ResponseHead;
import dev.sluice.proxy.stream.ResponseReader;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A connection as the codecs offer it: takes streams up to a limit, tells its listener, closes a moment after it is asked. */
final class FakeConnection implements ClientConnection {
    final List<Stream> streams = new ArrayList<>();
    boolean closed;
    boolean draining;
    InetSocketAddress address = new InetSocketAddress(2);
    /** What the upstream tells of how long it keeps the connection. */
    int idleSeconds = -1;
    /** What becomes of a request; nothing by itself. */
    Consumer<Stream> upstream = stream -> {};
    /** Called when it is closed, before its listener is. */
    Runnable onClose = () -> {};

    private final EventLoop loop;
    private final HttpVersion version;
    private final int maxStreams;
    private @Nullable Listener listener;
    private boolean closing;

    FakeConnection(EventLoop loop, HttpVersion version, int maxStreams) {
        this.loop = loop;
        this.version = version;
        this.maxStreams = maxStreams;
    }

    /** The upstream announces that it takes no more: GOAWAY, or {@code Connection: close}. */
    void goAway() {
        draining = true;
        listener.onDraining(this);
        closeWhenIdle();
    }

    /** The upstream closes now. */
    void drop() {
        closeSoon();
    }

    /** A byte arrives that nobody asked for, and the codec has not closed yet. */
    void pendingBytes() {
        closing = true;
    }

    Stream only() {
        if (streams.size() != 1) {
            throw new AssertionError(streams.size() + " streams");
        }
        return streams.get(0);
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
        return draining || closing || closed ? 0 : Math.max(0, maxStreams - streams.size());
    }

    @Override
    public int activeStreams() {
        return streams.size();
    }

    @Override
    public int idleSeconds() {
        return idleSeconds;
    }

    @Override
    public ClientStream open(ResponseReader reader) {
        if (openableStreams() == 0) {
            throw new IllegalStateException("takes no stream now");
        }
        Stream stream = new Stream(reader);
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
        this.listener = told;
    }

    @Override
    public SocketAddress localAddress() {
        return new InetSocketAddress(1);
    }

    @Override
    public SocketAddress remoteAddress() {
        return address;
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
            for (Stream stream : List.copyOf(streams)) {
                stream.lost(ProxyError.upstream(ErrorCode.UPSTREAM_CLOSED, "closed"));
            }
            closed = true;
            onClose.run();
            listener.onClosed(this);
        });
    }

    private void ended(Stream stream) {
        if (streams.remove(stream) && !closing) {
            if (draining) {
                closeWhenIdle();
            } else {
                listener.onStreamsAvailable(this);
            }
        }
    }

    /** One stream; its request is complete with its head. */
    final class Stream implements ClientStream {
        private final ResponseReader reader;
        boolean begun;

        Stream(ResponseReader reader) {
            this.reader = reader;
        }

        /** Answers 200 without a body. */
        void answer() {
            if (!streams.contains(this)) {
                return;
            }
            reader.onHead(new ResponseHead(200, H1Headers.create(), 0), true);
            ended(this);
        }

        /** The connection turns out to have been closed when it was idle. */
        void foundClosed() {
            closing = true;
            lost(new ProxyError(
                    ErrorCode.UPSTREAM_CLOSED,
                    ProxyError.Origin.UPSTREAM,
                    ProxyError.RetryVerdict.REUSED_CONNECTION,
                    "closed"));
            closing = false;
            closeSoon();
        }

        void lost(ProxyError error) {
            streams.remove(this);
            reader.onReset(error);
        }

        @Override
        public void head(RequestHead head, HeaderOverlay overlay, boolean last) {
            begun = true;
            upstream.accept(this);
        }

        @Override
        public ReadGate responseGate() {
            return new ReadGate() {
                @Override
                public void pause() {}

                @Override
                public void resume() {}
            };
        }

        @Override
        public ClientConnection connection() {
            return FakeConnection.this;
        }

        @Override
        public void data(ByteBuf data, boolean last) {
            data.release();
        }

        @Override
        public void trailers(Headers trailers) {}

        /** As the protocols do: HTTP/1 loses its connection, HTTP/2 only the stream. */
        @Override
        public void reset(ProxyError error) {
            if (version == HttpVersion.HTTP_2) {
                ended(this);
            } else {
                streams.remove(this);
                closeSoon();
            }
        }

        @Override
        public boolean isWritable() {
            return true;
        }
    }
}
