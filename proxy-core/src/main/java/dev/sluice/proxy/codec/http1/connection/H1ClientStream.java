package dev.sluice.proxy.codec.http1.connection;

import dev.sluice.proxy.codec.HeaderTranslation;
import dev.sluice.proxy.codec.http1.BodyFraming;
import dev.sluice.proxy.codec.http1.Refusal;
import dev.sluice.proxy.codec.http1.WebSocketHandshake;
import dev.sluice.proxy.stream.ClientConnection;
import dev.sluice.proxy.stream.ClientStream;
import dev.sluice.proxy.stream.ErrorCode;
import dev.sluice.proxy.stream.ProxyError;
import dev.sluice.proxy.stream.ReadGate;
import dev.sluice.proxy.stream.RequestHead;
import dev.sluice.proxy.stream.ResponseHead;
import dev.sluice.proxy.stream.ResponseReader;
import dev.sluice.proxy.stream.headers.HeaderOverlay;
import dev.sluice.proxy.stream.headers.Headers;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;

/**
 * One request to an HTTP/1 upstream and its response: keeps what is said in which direction, {@link H1ClientConnection} the
 * connection. Until the end of the response it is the connection's only one.
 */
final class H1ClientStream implements ClientStream, ReadGate {
    private static final AsciiString ACCEPT = AsciiString.cached("sec-websocket-accept");

    private final H1ClientConnection connection;
    private final Wire wire;
    private final ResponseReader reader;
    private final boolean reused;

    private @Nullable BodyFraming request;
    private @Nullable RequestHead head;
    /** What a client sends ahead of the switch it asked for; null for none, as nearly always. */
    private @Nullable HeldBytes early;

    private boolean earlyEnd;
    private boolean requestEnded;
    private boolean sendsTrailers;
    private int flushesBefore;
    private @Nullable String newKey;

    private boolean responseSeen;
    private boolean responseStarted;
    private boolean responseEnded;
    private int informational;
    private boolean bodyDropped;
    private boolean tunnel;
    private boolean dead;
    private boolean paused;
    private boolean blocked;

    /**
     * A stream on {@code connection}.
     *
     * @param reused the connection has carried streams before
     */
    H1ClientStream(H1ClientConnection connection, Wire wire, ResponseReader reader, boolean reused) {
        this.connection = connection;
        this.wire = wire;
        this.reader = reader;
        this.reused = reused;
    }

    // ---- the request, called by the exchange

    @Override
    public void head(RequestHead newHead, HeaderOverlay overlay, boolean last) {
        if (dead || request != null) {
            return;
        }
        if (connection.isOutputClosed()) {
            connection.refused(this, ProxyError.notProcessed(ErrorCode.UPSTREAM_CLOSED, "closed before the request"));
            return;
        }
        BodyFraming framing = H1RequestWriter.framing(newHead, last);
        ByteBuf bytes;
        try {
            if (last && framing.left() > 0) {
                throw new Refusal(ErrorCode.INTERNAL, "the request declares a body and has none");
            }
            bytes = connection.writer().head(newHead, overlay, framing);
        } catch (Refusal refusal) {
            connection.refused(this, ProxyError.proxy(refusal.code(), refusal.detail()));
            return;
        }
        request = framing;
        head = newHead;
        newKey = connection.writer().newKey();
        sendsTrailers = newHead.headers().contains(HttpHeaderNames.TE);
        flushesBefore = wire.flush().flushes();
        connection.expect(isToHead());
        wire.flush().head(bytes);
        requestEnded = last;
    }

    @Override
    public void data(ByteBuf data, boolean last) {
        BodyFraming framing = request;
        if (dead || requestEnded || framing == null || connection.isOutputClosed()) {
            requestEnded |= last;
            data.release();
            return;
        }
        if (framing.kind() == BodyFraming.Kind.UNTIL_CLOSE && !tunnel) {
            // Before the 101 these bytes would be the next request to an upstream that does not switch.
            HeldBytes first = early;
            if (first == null) {
                first = new HeldBytes();
                early = first;
            }
            first.add(wire.alloc(), data);
            earlyEnd |= last;
            return;
        }
        if (!framing.data(wire.alloc(), data, last, wire.out())) {
            connection.fail(ProxyError.proxy(ErrorCode.INTERNAL, "body does not fit its content-length"));
        } else if (last) {
            endRequest();
        }
    }

    @Override
    public void trailers(Headers trailers) {
        BodyFraming framing = request;
        if (dead || requestEnded || framing == null || connection.isOutputClosed()) {
            requestEnded = true;
            return;
        }
        if (framing.end(wire.alloc(), sendsTrailers ? HeaderTranslation.toH1(trailers) : null, wire.out())) {
            endRequest();
        } else {
            connection.fail(ProxyError.proxy(ErrorCode.INTERNAL, "body does not fit its content-length"));
        }
    }

    @Override
    public void reset(ProxyError error) {
        if (!dead) {
            detach();
            connection.abandoned(this);
        }
    }

    @Override
    public boolean isWritable() {
        boolean writable = dead || connection.isOutputClosed() || (wire.isWritable() && !isEarly());
        blocked |= !writable;
        return writable;
    }

    private boolean isEarly() {
        return early != null && !early.isEmpty();
    }

    private void endRequest() {
        requestEnded = true;
        if (tunnel) {
            connection.tunnelOutputEnded(this);
        }
    }

    // ---- the response, called by the connection

    /** Bytes of a response were received. */
    void seen() {
        responseSeen = true;
    }

    /** A 1xx; false when there were too many. */
    boolean informational(ResponseHead interim) {
        if (++informational > connection.maxInformational()) {
            return false;
        }
        reader.onInformational(interim);
        return true;
    }

    /** The final head. What ends with it is detached from the connection before. */
    void responseHead(ResponseHead response, boolean last) {
        responseStarted = true;
        // A 205 has no body whatever its sender says (RFC 9110 section 15.3.6).
        bodyDropped = response.status() == 205;
        reader.onHead(response, last);
    }

    /** The upstream has switched: raw bytes from here on, those first that came too early. */
    void startTunnel(ResponseHead response) {
        tunnel = true;
        responseHead(response, false);
        HeldBytes first = early;
        if (!dead && (earlyEnd || isEarly())) {
            data(first == null ? Unpooled.EMPTY_BUFFER : first.takeAll(), earlyEnd);
            writable();
        }
    }

    /** Whether a 101 answers the key that we made up; if so takes the answer off, the client never saw the key. */
    boolean isKeyAnswered(ResponseHead response) {
        if (newKey == null) {
            return true;
        }
        CharSequence answer = response.headers().get(ACCEPT);
        response.headers().remove(ACCEPT);
        return answer != null && AsciiString.contentEquals(answer, WebSocketHandshake.accept(newKey));
    }

    void responseData(ByteBuf data, boolean last) {
        responseEnded |= last;
        if (!bodyDropped) {
            reader.onData(data, last);
            return;
        }
        data.release();
        if (last) {
            reader.onData(Unpooled.EMPTY_BUFFER, true);
        }
    }

    void responseTrailers(Headers trailers) {
        responseEnded = true;
        reader.onTrailers(trailers);
    }

    /** The response will not be completed. */
    void lost(ProxyError error) {
        if (!dead) {
            detach();
            reader.onReset(error);
        }
    }

    /** The response is complete: what is still written goes nowhere. */
    void detach() {
        dead = true;
        if (early != null) {
            early.release();
        }
    }

    void writable() {
        if (blocked && !dead) {
            blocked = false;
            reader.onWritable();
        }
    }

    boolean isStarted() {
        return request != null;
    }

    /** What a connection that ends now says about the request (spec/reliability.md B43). */
    ProxyError.RetryVerdict verdict() {
        if (request == null || wire.flush().flushes() == flushesBefore) {
            return ProxyError.RetryVerdict.NOT_PROCESSED;
        }
        return reused && !responseSeen ? ProxyError.RetryVerdict.REUSED_CONNECTION : ProxyError.RetryVerdict.UNKNOWN;
    }

    boolean isReused() {
        return reused;
    }

    boolean isResponseStarted() {
        return responseStarted;
    }

    boolean isResponseEnded() {
        return responseEnded;
    }

    boolean isTunnel() {
        return tunnel;
    }

    /** Whether the request is complete, or an upgrade that was refused: then there is nothing to complete. */
    boolean isRequestEnded() {
        return requestEnded || (!upgrade().isEmpty() && !tunnel);
    }

    boolean isToHead() {
        return head != null && head.method().equals("HEAD");
    }

    /** What the request asked to switch to; empty if nothing. */
    String upgrade() {
        String protocol = head == null ? null : head.upgrade();
        return protocol == null ? "" : protocol;
    }

    boolean isPaused() {
        return paused && !dead;
    }

    // ---- the gate

    @Override
    public ReadGate responseGate() {
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
    public ClientConnection connection() {
        return connection;
    }
}
