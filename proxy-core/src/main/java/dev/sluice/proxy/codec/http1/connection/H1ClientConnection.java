package dev.sluice.proxy.codec.http1.connection;

import dev.sluice.proxy.codec.CodecLimits;
import dev.sluice.proxy.stream.ClientConnection;
import dev.sluice.proxy.stream.ClientStream;
import dev.sluice.proxy.stream.ConnectionTls;
import dev.sluice.proxy.stream.ErrorCode;
import dev.sluice.proxy.stream.HttpVersion;
import dev.sluice.proxy.stream.ProxyError;
import dev.sluice.proxy.stream.ResponseReader;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * The requests on one HTTP/1 connection to an upstream, one after the other: what {@link H1ClientHandler} does with the
 * events of its channel, and what the pool sees. Belongs to the connection's event loop.
 */
final class H1ClientConnection implements ClientConnection {
    private final CodecLimits limits;
    private final Wire wire;
    private final @Nullable ConnectionTls tls;
    private final H1RequestWriter writer;
    private final H1ResponseFeed feed;

    private Listener listener = Unheard.LISTENER;
    private @Nullable H1ClientStream stream;
    private boolean used;
    private boolean draining;
    /** No stream will be opened any more, and the channel is closed or about to be. */
    private boolean closing;

    private boolean inputClosed;
    private boolean outputClosed;
    private boolean gone;
    private boolean told;
    private @Nullable Throwable failure;

    /** @param tls null for clear text */
    H1ClientConnection(CodecLimits limits, Wire wire, @Nullable ConnectionTls tls) {
        this.limits = limits;
        this.wire = wire;
        this.tls = tls;
        this.writer = new H1RequestWriter(wire.alloc());
        this.feed = new H1ResponseFeed(this, wire.held(), limits);
    }

    // ---- the connection, for the pool

    @Override
    public EventLoop loop() {
        return wire.ctx().channel().eventLoop();
    }

    @Override
    public HttpVersion version() {
        return HttpVersion.HTTP_1_1;
    }

    @Override
    public int openableStreams() {
        return stream == null && !draining && !closing && !inputClosed && !outputClosed ? 1 : 0;
    }

    @Override
    public int activeStreams() {
        return stream == null ? 0 : 1;
    }

    @Override
    public int idleSeconds() {
        return feed.idleSeconds();
    }

    @Override
    public ClientStream open(ResponseReader reader) {
        if (openableStreams() == 0) {
            throw new IllegalStateException("the connection takes no stream now");
        }
        H1ClientStream opened = new H1ClientStream(this, wire, reader, used);
        used = true;
        stream = opened;
        return opened;
    }

    @Override
    public void drain() {
        draining = true;
        if (stream == null) {
            closeChannel();
        }
    }

    @Override
    public void close(ProxyError error) {
        fail(error);
    }

    @Override
    public void listener(Listener newListener) {
        listener = newListener;
    }

    @Override
    public SocketAddress localAddress() {
        return wire.ctx().channel().localAddress();
    }

    @Override
    public SocketAddress remoteAddress() {
        return wire.ctx().channel().remoteAddress();
    }

    @Override
    public @Nullable ConnectionTls tls() {
        return tls;
    }

    // ---- events of the channel

    void received(ByteBuf bytes) {
        H1ClientStream current = stream;
        wire.flush().beginRead();
        if (current == null || closing) {
            // Also a 408 to a connection that was idle for long: the request that might come now goes elsewhere.
            bytes.release();
            closeChannel();
        } else if (!current.isStarted()) {
            bytes.release();
            fail(ProxyError.notProcessed(ErrorCode.UPSTREAM_CLOSED, "the upstream answered before it was asked"));
        } else {
            current.seen();
            wire.held().add(wire.alloc(), bytes);
            advance();
        }
    }

    void readCompleted() {
        wire.reads().completed();
        wire.flush().endRead();
        readMore();
    }

    void writable() {
        if (stream != null) {
            stream.writable();
        }
    }

    void inputClosed() {
        inputClosed = true;
        advance();
    }

    /** The failure just seen was a write's; what can be read is still good. */
    void outputClosed() {
        outputClosed = true;
        failure = null;
        writable();
    }

    /** A read or a write failed: the event that follows tells which. */
    void failed(IOException cause) {
        failure = cause;
    }

    /** The channel is closed. */
    void gone() {
        wire.flush().drop();
        gone = true;
        closing = true;
        inputClosed = true;
        outputClosed = true;
        wire.reads().stop();
        advance();
    }

    // ---- responses

    private void advance() {
        if (!feed.run()) {
            return;
        }
        wire.held().trim();
        if (inputClosed && !isWaitingForReader()) {
            inputEnded();
        }
        readMore();
    }

    /** The upstream sends no more, and what it had sent was handed on. */
    private void inputEnded() {
        H1ClientStream current = stream;
        if (current == null) {
            closeChannel();
        } else if (current.isTunnel()) {
            tunnelInputEnded(current);
        } else if (failure == null && current.isResponseStarted() && feed.isUntilClose()) {
            detach(current);
            current.responseData(Unpooled.EMPTY_BUFFER, true);
            closeChannel();
        } else {
            fail(closed(current.verdict(), "closed before the response ended"));
        }
    }

    private void tunnelInputEnded(H1ClientStream current) {
        if (failure == null && !current.isResponseEnded()) {
            current.responseData(Unpooled.EMPTY_BUFFER, true);
        }
        if (current.isResponseEnded() && current.isRequestEnded()) {
            tunnelEnded(current);
        } else if (gone || failure != null) {
            fail(closed(ProxyError.RetryVerdict.NEVER, "the tunnel was closed"));
        }
    }

    private void tunnelEnded(H1ClientStream current) {
        current.detach();
        stream = null;
        closing = true;
        wire.closeAfterFlush();
        tellClosed();
    }

    /** An upstream that closed, or is as good as closed. */
    ProxyError closed(ProxyError.RetryVerdict verdict, String what) {
        String detail = failure == null ? what : what + ": " + failure.getMessage();
        return new ProxyError(ErrorCode.UPSTREAM_CLOSED, ProxyError.Origin.UPSTREAM, verdict, detail);
    }

    /** An end waits until its reader gets there; that a response was cut short waits only for what is left of it. */
    private boolean isWaitingForReader() {
        boolean end = failure == null && stream != null && (stream.isTunnel() || feed.isUntilClose());
        return stream != null && stream.isPaused() && (end || !wire.held().isEmpty());
    }

    void readMore() {
        if (inputClosed || closing) {
            return;
        }
        wire.read(stream == null || !stream.isPaused());
    }

    // ---- what the feed finds

    /** The upstream will close after this response. */
    void upstreamCloses() {
        if (!draining) {
            draining = true;
            listener.onDraining(this);
        }
    }

    /**
     * Takes a stream whose response is complete off the connection: before its reader hears of the end, as the reader may
     * want the connection again.
     */
    void detach(H1ClientStream current) {
        closing |= !current.isRequestEnded() || !wire.held().isEmpty() || draining || inputClosed || outputClosed;
        current.detach();
        stream = null;
    }

    /** The stream that was detached has heard of its end. */
    void free() {
        if (stream == null && (closing || draining || outputClosed)) {
            closeChannel();
        } else if (openableStreams() > 0) {
            listener.onStreamsAvailable(this);
        }
    }

    /** Closes, and resets the stream in flight. */
    void fail(ProxyError error) {
        H1ClientStream current = stream;
        stream = null;
        closing = true;
        if (current != null) {
            current.lost(error);
        }
        closeChannel();
    }

    private void closeChannel() {
        closing = true;
        wire.held().release();
        if (gone) {
            tellClosed();
        } else {
            wire.close();
        }
    }

    private void tellClosed() {
        if (gone && stream == null && !told) {
            told = true;
            listener.onClosed(this);
        }
    }

    /** The stream in flight. */
    @Nullable
    H1ClientStream current() {
        return stream;
    }

    // ---- what the stream asks for

    void resumed(H1ClientStream resumed) {
        if (resumed == stream) {
            advance();
        }
    }

    /** The head cannot be sent. Nothing was, so the connection is as good as it was before. */
    void refused(H1ClientStream refused, ProxyError error) {
        wire.later(() -> {
            if (stream == refused) {
                stream = null;
                refused.lost(error);
                free();
            }
        });
    }

    /** The exchange gave the stream up. */
    void abandoned(H1ClientStream abandoned) {
        stream = null;
        if (!abandoned.isStarted()) {
            free();
        } else {
            if (abandoned.isTunnel()) {
                wire.resetOnClose();
            }
            closeChannel();
        }
    }

    /** The client's half of the tunnel has ended. */
    void tunnelOutputEnded(H1ClientStream tunnel) {
        if (tunnel.isResponseEnded()) {
            tunnelEnded(tunnel);
        } else {
            wire.endOutput();
        }
    }

    /** Nothing that is written arrives. */
    boolean isOutputClosed() {
        return outputClosed;
    }

    H1RequestWriter writer() {
        return writer;
    }

    /** The response that comes next answers a HEAD request, if {@code head}. */
    void expect(boolean head) {
        feed.expect(head);
    }

    /** So many bytes are still to come of a response. */
    void expect(long bytes) {
        wire.expect(bytes);
    }

    int maxInformational() {
        return limits.head().maxInformational();
    }
}
