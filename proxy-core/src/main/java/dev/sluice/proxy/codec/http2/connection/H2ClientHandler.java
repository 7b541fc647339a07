package dev.sluice.proxy.codec.http2.connection;

import dev.sluice.proxy.cluster.UnixAddress;
import dev.sluice.proxy.codec.CodecLimits;
import dev.sluice.proxy.codec.HeaderTranslation;
import dev.sluice.proxy.codec.http2.FloodGuard;
import dev.sluice.proxy.codec.http2.H2Settings;
import dev.sluice.proxy.codec.http2.ReceivedBlock;
import dev.sluice.proxy.stream.ClientConnection;
import dev.sluice.proxy.stream.ClientStream;
import dev.sluice.proxy.stream.ConnectionTls;
import dev.sluice.proxy.stream.ErrorCode;
import dev.sluice.proxy.stream.HttpVersion;
import dev.sluice.proxy.stream.ProxyError;
import dev.sluice.proxy.stream.ProxyError.Origin;
import dev.sluice.proxy.stream.ProxyError.RetryVerdict;
import dev.sluice.proxy.stream.RequestHead;
import dev.sluice.proxy.stream.ResponseReader;
import dev.sluice.proxy.stream.headers.HeaderOverlay;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import java.net.SocketAddress;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Client end of an HTTP/2 connection, in clear text with prior knowledge or behind TLS. It goes into the pipeline of a
 * connected channel, as its last handler.
 *
 * <p>After GOAWAY, streams above the last one that it names end as not processed, those below go on, and the connection
 * closes after the last of them (spec/reliability.md B59). It drains by itself when the stream ids run out.
 */
public final class H2ClientHandler extends H2Handler implements ClientConnection {
    /** What is assumed of an upstream until its SETTINGS arrive: the least that RFC 9113 section 6.5.2 recommends. */
    private static final int STREAMS_BEFORE_SETTINGS = 100;

    private static final int LAST_STREAM_ID = Integer.MAX_VALUE;

    private static final ProxyError SILENT =
            ProxyError.upstream(ErrorCode.UPSTREAM_CLOSED, "nothing came from it for the timeout of http2KeepAlive");

    private final @Nullable ConnectionTls tls;
    private final ArrayDeque<H2ClientStream> awaitingSettings = new ArrayDeque<>(2);
    private @Nullable Listener listener;
    private @Nullable SocketAddress localAddress;
    private @Nullable SocketAddress remoteAddress;
    private @Nullable ProxyError closeReason;
    private @Nullable PeerPings pings;
    private boolean settingsRead;
    private @Nullable String brokenRule;
    private boolean tunnelsAllowed;
    private boolean draining;
    private boolean toldDraining;
    private boolean closed;
    private int unstarted;
    private long started;
    private int goAwayLast = Integer.MAX_VALUE;

    /**
     * A handler for one connection.
     *
     * @param tls that is done on it; null for clear text
     */
    public H2ClientHandler(CodecLimits limits, @Nullable ConnectionTls tls) {
        this(limits, H2Settings.with(limits.head().maxHeaderBytes()), tls);
    }

    private H2ClientHandler(CodecLimits limits, H2Settings settings, @Nullable ConnectionTls tls) {
        super(settings.assemble(false, new FloodGuard(System::nanoTime)), limits, settings.connectionWindow());
        this.tls = tls;
    }

    // ---- ClientConnection

    @Override
    public EventLoop loop() {
        return context().channel().eventLoop();
    }

    @Override
    public HttpVersion version() {
        return HttpVersion.HTTP_2;
    }

    @Override
    public int openableStreams() {
        if (draining || closed) {
            return 0;
        }
        int limit = connection().local().maxActiveStreams();
        int known = settingsRead ? limit : Math.min(limit, STREAMS_BEFORE_SETTINGS);
        return Math.max(0, known - activeStreams());
    }

    @Override
    public int activeStreams() {
        return connection().numActiveStreams() + unstarted;
    }

    @Override
    public ClientStream open(ResponseReader reader) {
        unstarted++;
        return new H2ClientStream(this, reader);
    }

    @Override
    public void watch(long intervalNanos, long timeoutNanos) {
        if (!closed) {
            pings = new PeerPings(loop(), intervalNanos, timeoutNanos, this::ping, this::silent);
        }
    }

    private void ping(long number) {
        ChannelHandlerContext ctx = context();
        ChannelFuture unused = encoder().writePing(ctx, false, number, ctx.newPromise());
        flush(ctx);
    }

    /** Told as draining first: the pool is not to take it for the time that the peer keeps idle connections. */
    private void silent() {
        tellDraining();
        if (!closed) {
            close(SILENT);
        }
    }

    @Override
    public void drain() {
        draining = true;
        closeWhenIdle();
    }

    @Override
    public void close(ProxyError error) {
        draining = true;
        closeReason = error;
        ChannelHandlerContext ctx = context();
        ChannelFuture unused = goAway(ctx, 0, Http2Error.NO_ERROR.code(), Unpooled.EMPTY_BUFFER, ctx.newPromise());
        flush(ctx);
        unused = ctx.close();
    }

    @Override
    public void listener(Listener told) {
        this.listener = told;
    }

    @Override
    public SocketAddress localAddress() {
        return known(localAddress);
    }

    @Override
    public SocketAddress remoteAddress() {
        return known(remoteAddress);
    }

    @Override
    public @Nullable ConnectionTls tls() {
        return tls;
    }

    private static SocketAddress known(@Nullable SocketAddress address) {
        if (address == null) {
            throw new IllegalStateException("The handler is in no pipeline yet");
        }
        return address;
    }

    // ---- what its streams use

    /** Opens {@code stream} on the wire, or puts it off until it is known whether the upstream takes tunnels. */
    void start(H2ClientStream stream, RequestHead head, HeaderOverlay overlay, boolean last) {
        if (head.upgrade() != null && !settingsRead && !closed) {
            awaitingSettings.add(stream);
            return;
        }
        unstarted--;
        if (closed) {
            stream.abort(lossOf(stream));
            return;
        }
        if (head.upgrade() != null && !tunnelsAllowed) {
            stream.abort(ProxyError.notProcessed(
                    ErrorCode.UPSTREAM_PROTOCOL, "the upstream does not take extended CONNECT (RFC 8441)"));
            endedUnstarted();
            return;
        }
        int id = connection().local().incrementAndGetNextStreamId();
        try {
            stream.bindTo(connection().local().createStream(id, false));
        } catch (Http2Exception e) {
            stream.abort(ProxyError.notProcessed(ErrorCode.UPSTREAM_CLOSED, String.valueOf(e.getMessage())));
            endedUnstarted();
            return;
        }
        started++;
        stream.writeHead(block().request(head, HeaderTranslation.toH2(head.headers()), overlay), false, last);
        stream.pump();
        if (id >= LAST_STREAM_ID - 1) {
            tellDraining();
        }
    }

    /** A stream is given up before its head. */
    void unstartedEnded(H2ClientStream stream) {
        unstarted--;
        awaitingSettings.remove(stream);
        endedUnstarted();
    }

    /** A stream that was counted is gone and was none of Netty's, which tells of the ends of its own. */
    private void endedUnstarted() {
        if (closed) {
            return;
        }
        tellAvailable();
        if (draining) {
            closeWhenIdle();
        }
    }

    /** Why {@code stream} ended with its connection. */
    ProxyError lossOf(H2ClientStream stream) {
        ProxyError reason = closeReason;
        if (reason != null) {
            return reason;
        }
        Http2Stream bound = stream.bound();
        if (bound == null) {
            return ProxyError.notProcessed(ErrorCode.UPSTREAM_CLOSED, "connection closed before the request was sent");
        }
        if (bound.id() > goAwayLast) {
            return ProxyError.notProcessed(ErrorCode.UPSTREAM_REFUSED, "GOAWAY, last stream " + goAwayLast);
        }
        String rule = brokenRule;
        if (rule != null) {
            return ProxyError.upstream(ErrorCode.UPSTREAM_PROTOCOL, rule);
        }
        boolean reused = started > 1 && !stream.hasAnswered();
        return new ProxyError(
                ErrorCode.UPSTREAM_CLOSED,
                Origin.UPSTREAM,
                reused ? RetryVerdict.REUSED_CONNECTION : RetryVerdict.UNKNOWN,
                "connection closed");
    }

    // ---- H2Handler

    @Override
    void onFirstHeaders(Http2Stream stream, ReceivedBlock block, boolean end) {
        // Each stream that an upstream may answer on was opened by us, with an owner.
        reset(stream, Http2Error.PROTOCOL_ERROR);
    }

    @Override
    void onOversizedHeaders(Http2Stream stream) {
        reset(stream, Http2Error.PROTOCOL_ERROR);
    }

    /** An upstream opens no streams: we let it push none. */
    @Override
    void onBadOpening(Http2Stream stream, Http2Exception error) {
        onError(
                context(),
                false,
                Http2Exception.connectionError(
                        Http2Error.PROTOCOL_ERROR, "the upstream opened stream %d", stream.id()));
    }

    @Override
    void onBroken(@Nullable String rule) {
        brokenRule = rule;
    }

    @Override
    void onPeerSettings(Http2Settings settings) {
        settingsRead = true;
        Boolean connect = settings.connectProtocolEnabled();
        if (connect != null) {
            tunnelsAllowed = connect;
        }
        for (H2ClientStream stream = awaitingSettings.poll(); stream != null; stream = awaitingSettings.poll()) {
            stream.startLate();
        }
        tellAvailable();
    }

    @Override
    void onGoAway(int lastStreamId) {
        goAwayLast = lastStreamId;
        tellDraining();
    }

    @Override
    void onPingAnswered(long data) {
        PeerPings asking = pings;
        if (asking != null) {
            asking.answered(data);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) throws Exception {
        PeerPings asking = pings;
        if (asking != null) {
            asking.heard();
        }
        super.channelRead(ctx, msg);
    }

    @Override
    void onStreamEnd() {
        tellAvailable();
    }

    @Override
    boolean isIdle() {
        return activeStreams() == 0;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) throws Exception {
        localAddress = UnixAddress.of(ctx.channel().localAddress());
        remoteAddress = UnixAddress.of(ctx.channel().remoteAddress());
        super.handlerAdded(ctx);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) throws Exception {
        closed = true;
        PeerPings asking = pings;
        if (asking != null) {
            asking.stop();
        }
        super.channelInactive(ctx);
        for (H2ClientStream stream = awaitingSettings.poll(); stream != null; stream = awaitingSettings.poll()) {
            unstarted--;
            stream.abort(lossOf(stream));
        }
        Listener told = listener;
        if (told != null) {
            told.onClosed(this);
        }
    }

    private void tellAvailable() {
        Listener told = listener;
        if (told != null && openableStreams() > 0) {
            told.onStreamsAvailable(this);
        }
    }

    private void tellDraining() {
        draining = true;
        Listener told = listener;
        if (told != null && !toldDraining) {
            toldDraining = true;
            told.onDraining(this);
        }
        closeWhenIdle();
    }
}
