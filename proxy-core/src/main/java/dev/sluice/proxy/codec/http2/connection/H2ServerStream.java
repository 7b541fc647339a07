package dev.sluice.proxy.codec.http2.connection;

import dev.sluice.proxy.codec.HeaderTranslation;
import dev.sluice.proxy.codec.http2.FloodGuard;
import dev.sluice.proxy.codec.http2.ReceivedBlock;
import dev.sluice.proxy.codec.http2.ResetCodes;
import dev.sluice.proxy.codec.http2.SentBlock;
import dev.sluice.proxy.stream.BodyReader;
import dev.sluice.proxy.stream.DownstreamConnection;
import dev.sluice.proxy.stream.ErrorCode;
import dev.sluice.proxy.stream.HttpVersion;
import dev.sluice.proxy.stream.ProxyError;
import dev.sluice.proxy.stream.ReadGate;
import dev.sluice.proxy.stream.RequestHead;
import dev.sluice.proxy.stream.RequestReader;
import dev.sluice.proxy.stream.ResponseHead;
import dev.sluice.proxy.stream.ServerStream;
import dev.sluice.proxy.stream.headers.HeaderNames;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;

/** A request and its response on an HTTP/2 connection from a client. */
final class H2ServerStream extends H2Stream implements ServerStream {
    private static final AsciiString SEC_WEBSOCKET_ACCEPT = AsciiString.cached("sec-websocket-accept");
    private static final int SWITCHING_PROTOCOLS = 101;
    private static final int OK = 200;
    private static final int NO_CONTENT = 204;
    private static final int RESET_CONTENT = 205;
    private static final int BAD_GATEWAY = 502;

    private final H2ServerHandler server;
    private final @Nullable RequestHead request;
    private final long openedNanos;
    private @Nullable RequestReader reader;
    private boolean responded;
    private boolean tunnel;
    private boolean premature;

    /** @param request null when its head was too large to be read */
    H2ServerStream(H2ServerHandler server, @Nullable RequestHead request) {
        super(server);
        this.server = server;
        this.request = request;
        this.openedNanos = server.guard().now();
        if (request != null) {
            declare(request.contentLength());
        }
    }

    /** Hands the request to its handler. */
    void begin(boolean end) {
        RequestHead head = request;
        if (head == null) {
            throw new IllegalStateException("Only a refused request has no head");
        }
        if (end) {
            inboundEndedWithHead();
        }
        try {
            reader = server.streams().onRequest(head, end, this);
        } catch (RuntimeException e) {
            server.readerFailed(this, e);
        }
    }

    /** Has the request answered with an error; its body is dropped. */
    void refuse(ProxyError error, boolean end) {
        if (end) {
            inboundEndedWithHead();
        }
        closeInbound();
        try {
            server.streams().onBadRequest(error, headOrUnread(), this);
        } catch (RuntimeException e) {
            server.readerFailed(this, e);
        }
    }

    /** Has it recorded that the request was malformed. Its stream was reset without being bound to this one. */
    void recordReset(ProxyError error) {
        closeInbound();
        closeOutbound();
        try {
            server.streams().onResetRequest(error, headOrUnread(), this);
        } catch (RuntimeException e) {
            server.readerFailed(this, e);
        }
    }

    /** Of a head that was not read to its end, too, it is known what it was sent by. */
    private RequestHead headOrUnread() {
        RequestHead head = request;
        return head != null ? head : RequestHead.unread(HttpVersion.HTTP_2);
    }

    // ---- ServerStream

    @Override
    public EventLoop loop() {
        return server.context().channel().eventLoop();
    }

    @Override
    public DownstreamConnection connection() {
        return server.downstream();
    }

    @Override
    public ReadGate requestGate() {
        return this;
    }

    @Override
    public void informational(ResponseHead head) {
        if (!responded && isOutboundOpen()) {
            head.headers().remove(HeaderNames.CONTENT_LENGTH);
            writeHead(withStatus(head, head.status()), true, false);
        }
    }

    @Override
    public void head(ResponseHead head, boolean last) {
        if (responded || !isOutboundOpen()) {
            return;
        }
        responded = true;
        int status = wireStatus(head);
        // What answers a CONNECT with 2xx has none either (RFC 9110 section 9.3.6).
        if ((isTunnelAsked() && status / 100 == 2) || status == NO_CONTENT || status == RESET_CONTENT) {
            head.headers().remove(HeaderNames.CONTENT_LENGTH);
        }
        if (tunnel) {
            head.headers().remove(SEC_WEBSOCKET_ACCEPT);
        }
        writeHead(withStatus(head, status), false, last || hasNoBody(head, status));
    }

    /**
     * The status that the client sees: a tunnel that is open is a 101 in the stream model, and 200 within an extended CONNECT (RFC
     * 8441 section 5).
     */
    private int wireStatus(ResponseHead head) {
        int status = head.status();
        if (status != SWITCHING_PROTOCOLS) {
            return status;
        }
        tunnel = isTunnelAsked();
        return tunnel ? OK : BAD_GATEWAY;
    }

    private boolean isTunnelAsked() {
        return request != null && request.upgrade() != null;
    }

    private boolean hasNoBody(ResponseHead head, int status) {
        return ResponseHead.isWithoutContent(status)
                || (status == BAD_GATEWAY && head.status() != BAD_GATEWAY)
                || (request != null && request.method().equals("HEAD"));
    }

    private SentBlock withStatus(ResponseHead head, int status) {
        return server.block()
                .response(HttpResponseStatus.valueOf(status).codeAsText(), HeaderTranslation.toH2(head.headers()));
    }

    // ---- H2Stream

    @Override
    @Nullable
    BodyReader reader() {
        return reader;
    }

    @Override
    void onWritable() {
        RequestReader owner = reader;
        if (owner != null) {
            owner.onWritable();
        }
    }

    @Override
    public void receivedHeaders(ReceivedBlock block, boolean end) {
        receivedTrailers(block);
    }

    /** A request's head is what opens the stream. */
    @Override
    boolean isHeadRead() {
        return true;
    }

    @Override
    void inboundEnded() {
        // The response is still to come.
    }

    @Override
    void outboundEndGiven() {
        if (!tunnel) {
            closeInbound();
        }
    }

    /** An early response: the client may stop sending (RFC 9113 section 8.1; spec/reliability.md B42). */
    @Override
    void outboundEndWritten() {
        if (!tunnel && !isInboundEndRead()) {
            resetAfterResponse();
        }
    }

    @Override
    Http2Error codeOf(ProxyError error) {
        return ResetCodes.towardsClient(error, responded);
    }

    @Override
    ProxyError meaningOf(long code) {
        return ResetCodes.fromClient(code);
    }

    @Override
    ProxyError violation(String detail) {
        return ProxyError.downstream(ErrorCode.BAD_REQUEST, detail);
    }

    @Override
    ProxyError lost() {
        return ProxyError.downstream(ErrorCode.CLIENT_GONE, "connection closed");
    }

    @Override
    public void resetByPeer(long code) {
        notePremature();
        super.resetByPeer(code);
    }

    @Override
    void violated(String rule) {
        notePremature();
        super.violated(rule);
    }

    @Override
    public boolean wasPremature() {
        return premature;
    }

    private void notePremature() {
        premature = !responded && server.guard().now() - openedNanos < FloodGuard.PREMATURE_NANOS;
    }
}
