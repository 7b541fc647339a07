package dev.sluice.proxy.codec.http1.connection;

import dev.sluice.proxy.codec.HeaderTranslation;
import dev.sluice.proxy.codec.http1.BodyFraming;
import dev.sluice.proxy.stream.DownstreamConnection;
import dev.sluice.proxy.stream.ErrorCode;
import dev.sluice.proxy.stream.HttpVersion;
import dev.sluice.proxy.stream.ProxyError;
import dev.sluice.proxy.stream.ReadGate;
import dev.sluice.proxy.stream.RequestHead;
import dev.sluice.proxy.stream.RequestReader;
import dev.sluice.proxy.stream.ResponseHead;
import dev.sluice.proxy.stream.ServerStream;
import dev.sluice.proxy.stream.headers.Headers;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import org.jspecify.annotations.Nullable;

/**
 * One request on an HTTP/1 connection and its response: keeps what is said in which direction, {@link
 * H1ServerConnection} the connection. Until the end of the response it is the connection's only one.
 */
final class H1ServerStream implements ServerStream, ReadGate {
    private final H1ServerConnection connection;
    private final Wire wire;
    private final @Nullable RequestHead request;
    private final boolean acceptsTrailers;
    private boolean clientsLast;
    private @Nullable RequestReader reader;
    private @Nullable ProxyError resetBeforeReader;
    private long requestLeft;
    private boolean requestEnded;
    private boolean paused;
    private boolean keepAlive;

    private @Nullable BodyFraming response;
    private boolean responseEnded;
    private boolean tunnel;
    private boolean continued;
    private boolean blocked;

    /**
     * A stream for a request that was just read.
     *
     * @param request null when too little of it could be read
     * @param keepAlive whether request and codec let the connection live on
     * @param acceptsTrailers whether the client takes trailers
     */
    H1ServerStream(
            H1ServerConnection connection,
            Wire wire,
            @Nullable RequestHead request,
            boolean keepAlive,
            boolean acceptsTrailers) {
        this.connection = connection;
        this.wire = wire;
        this.request = request;
        this.keepAlive = keepAlive;
        this.acceptsTrailers = acceptsTrailers;
        this.requestLeft = request == null ? 0 : request.contentLength();
    }

    // ---- the request, called by the connection

    /** Says who takes the request; null when the codec refused it and drops what is left of it. */
    void attach(@Nullable RequestReader newReader) {
        reader = newReader;
        if (resetBeforeReader != null && newReader != null) {
            newReader.onReset(resetBeforeReader);
        }
    }

    /** A piece of the request's body, or of the tunnel. */
    void requestData(ByteBuf data, boolean last) {
        boolean wanted = reader != null && !isOver();
        requestLeft -= data.readableBytes();
        requestEnded = last;
        if (reader != null && wanted) {
            reader.onData(data, last);
        } else {
            data.release();
        }
    }

    /** The request ends with trailers. */
    void requestTrailers(Headers trailers) {
        boolean wanted = reader != null && !isOver();
        requestEnded = true;
        if (reader != null && wanted) {
            reader.onTrailers(trailers);
        }
    }

    /** The request has no more to come, and nobody needs to be told. */
    void endRequest() {
        requestEnded = true;
    }

    /** The connection is gone, or will be: tells the reader unless both directions have ended. */
    void lost(ProxyError error) {
        if (isOver()) {
            return;
        }
        responseEnded = true;
        requestEnded = true;
        if (reader == null) {
            resetBeforeReader = error;
        } else {
            reader.onReset(error);
        }
    }

    /**
     * What came of the request's body breaks the protocol.
     *
     * @return whether the reader answered that
     */
    boolean refused(ProxyError error) {
        RequestReader to = reader;
        if (to == null || isResponseStarted()) {
            lost(error);
            return false;
        }
        keepAlive = false;
        boolean answered = to.onRefused(error);
        responseEnded = true;
        requestEnded = true;
        return answered;
    }

    /** The channel takes data again. */
    void writable() {
        if (blocked && reader != null && !responseEnded) {
            blocked = false;
            reader.onWritable();
        }
    }

    /** Nothing goes to the reader any more: the end of the response is the end of all, but for a tunnel. */
    private boolean isOver() {
        return responseEnded && (requestEnded || !tunnel);
    }

    boolean isPaused() {
        return paused && !isOver();
    }

    boolean isRequestEnded() {
        return requestEnded;
    }

    /** The request asked for a tunnel, and got another answer. */
    boolean isUpgradeRefused() {
        return !tunnel && request != null && request.upgrade() != null;
    }

    boolean isResponseStarted() {
        return response != null;
    }

    boolean isResponseEnded() {
        return responseEnded;
    }

    boolean isKeepAlive() {
        return keepAlive;
    }

    /** The client said that this request is its last. */
    void clientEndsWithThis() {
        clientsLast = true;
    }

    /** Whether the client has sent all that it will. */
    boolean isClientsEnd() {
        return clientsLast && requestEnded;
    }

    /** Bytes of the request's body still to come; -1 when unknown. */
    private boolean isRestSmall() {
        if (requestEnded || isUpgradeRefused()) {
            return true;
        }
        boolean undecided = request != null && request.expectContinue() && !continued;
        return !undecided && requestLeft >= 0 && requestLeft <= connection.swallowLimit();
    }

    // ---- the response, called by the exchange

    @Override
    public EventLoop loop() {
        return wire.ctx().channel().eventLoop();
    }

    @Override
    public DownstreamConnection connection() {
        return connection.client();
    }

    @Override
    public ReadGate requestGate() {
        return this;
    }

    @Override
    public void pause() {
        paused = true;
    }

    @Override
    public void resume() {
        if (paused) {
            paused = false;
            connection.resumed(this);
        }
    }

    @Override
    public void informational(ResponseHead head) {
        // RFC 9110 section 15.2: an HTTP/1.0 client must not be sent any.
        if (response != null || responseEnded || isOld()) {
            return;
        }
        if (head.status() == 100) {
            if (continued) {
                return;
            }
            continued = true;
        }
        connection.writer().informational(head);
    }

    @Override
    public void head(ResponseHead head, boolean last) {
        if (response != null || responseEnded) {
            return;
        }
        if (head.status() == 101 && request != null && request.upgrade() != null) {
            response = BodyFraming.of(BodyFraming.Kind.UNTIL_CLOSE);
            tunnel = true;
            connection.writer().switching(request, head);
            connection.tunnel();
            if (last) {
                data(Unpooled.EMPTY_BUFFER, true);
            }
            return;
        }
        if (head.status() < 200) {
            reset(ProxyError.proxy(ErrorCode.INTERNAL, "an interim status as the final one"));
            return;
        }
        BodyFraming framing = framing(head, last);
        response = framing;
        if (framing.kind() == BodyFraming.Kind.UNTIL_CLOSE || !isRestSmall() || connection.isClosing()) {
            keepAlive = false;
        }
        connection.writer().head(head, framing, keepAlive, isOld(), acceptsTrailers);
        if (last) {
            data(Unpooled.EMPTY_BUFFER, true);
        }
    }

    private BodyFraming framing(ResponseHead head, boolean last) {
        int status = head.status();
        if ((request != null && request.method().equals("HEAD")) || ResponseHead.isWithoutContent(status)) {
            return BodyFraming.of(BodyFraming.Kind.NONE);
        }
        if (head.contentLength() >= 0) {
            return BodyFraming.length(head.contentLength());
        }
        if (last) {
            return BodyFraming.length(0);
        }
        return BodyFraming.of(isOld() ? BodyFraming.Kind.UNTIL_CLOSE : BodyFraming.Kind.CHUNKED);
    }

    @Override
    public void data(ByteBuf data, boolean last) {
        if (response == null || responseEnded) {
            data.release();
            return;
        }
        if (tunnel) {
            connection.touch();
        }
        if (!response.data(wire.alloc(), data, last, wire.out())) {
            reset(ProxyError.proxy(ErrorCode.INTERNAL, "body does not fit its content-length"));
        } else if (last) {
            endResponse();
        }
    }

    @Override
    public void trailers(Headers trailers) {
        if (response == null || responseEnded) {
            return;
        }
        boolean ended =
                response.end(wire.alloc(), acceptsTrailers ? HeaderTranslation.toH1(trailers) : null, wire.out());
        if (ended) {
            endResponse();
        } else {
            reset(ProxyError.proxy(ErrorCode.INTERNAL, "body does not fit its content-length"));
        }
    }

    @Override
    public void reset(ProxyError error) {
        if (isOver()) {
            return;
        }
        responseEnded = true;
        requestEnded = true;
        boolean looksComplete = response != null && response.kind() == BodyFraming.Kind.UNTIL_CLOSE;
        connection.abort(looksComplete);
    }

    @Override
    public boolean isWritable() {
        boolean writable = wire.isWritable();
        blocked |= !writable;
        return writable;
    }

    private void endResponse() {
        responseEnded = true;
        connection.responseEnded(this);
    }

    private boolean isOld() {
        return request != null && request.version() == HttpVersion.HTTP_1_0;
    }
}
