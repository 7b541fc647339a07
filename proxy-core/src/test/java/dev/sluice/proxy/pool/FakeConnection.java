package dev.sluice.proxy.pool;

import dev.sluice.proxy.stream.ClientConnection;
import dev.sluice.proxy.stream.ClientStream;
import dev.sluice.proxy.stream.ErrorCode;
import dev.sluice.proxy.stream.HttpVersion;
import dev.sluice.proxy.stream.ProxyError;
import dev.sluice.proxy.stream.ReadGate;
import dev.sluice.proxy.stream.RequestHead;
import dev.sluice.proxy.stream.ResponseHead;
import dev.sluice.proxy.stream.ResponseReader;
import dev.sluice.proxy.stream.SimulatedConnection;
import dev.sluice.proxy.stream.headers.H1Headers;
import dev.sluice.proxy.stream.headers.HeaderOverlay;
import dev.sluice.proxy.stream.headers.Headers;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.function.Consumer;

/** A connection whose streams a test answers, loses or leaves. */
final class FakeConnection extends SimulatedConnection<FakeConnection.Stream> {
    SocketAddress address = new InetSocketAddress(2);
    /** What the upstream tells of how long it keeps the connection. */
    int idleSeconds = -1;
    /** How it is to ask its peer whether it is still there; empty when it is not. */
    String watched = "";
    /** What becomes of a request; nothing by itself. */
    Consumer<Stream> upstream = stream -> {};
    /** Called when it is closed, before its listener is. */
    Runnable onClose = () -> {};

    FakeConnection(EventLoop loop, HttpVersion version, int maxStreams) {
        super(loop, version, maxStreams);
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
    public void watch(long intervalNanos, long timeoutNanos) {
        watched += Duration.ofNanos(intervalNanos) + " " + Duration.ofNanos(timeoutNanos);
    }

    @Override
    public int idleSeconds() {
        return idleSeconds;
    }

    @Override
    public SocketAddress remoteAddress() {
        return address;
    }

    @Override
    protected Stream stream(ResponseReader reader) {
        return new Stream(reader);
    }

    @Override
    protected void lose(Stream stream, ProxyError error) {
        stream.lost(error);
    }

    @Override
    protected void gone() {
        onClose.run();
    }

    /** The connection turns out to have been closed when it was idle. */
    private void foundClosed(Stream stream) {
        closing = true;
        stream.lost(new ProxyError(
                ErrorCode.UPSTREAM_CLOSED,
                ProxyError.Origin.UPSTREAM,
                ProxyError.RetryVerdict.REUSED_CONNECTION,
                "closed"));
        closing = false;
        closeSoon();
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
            FakeConnection.this.foundClosed(this);
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

        @Override
        public void reset(ProxyError error) {
            FakeConnection.this.reset(this);
        }

        @Override
        public boolean isWritable() {
            return true;
        }
    }
}
