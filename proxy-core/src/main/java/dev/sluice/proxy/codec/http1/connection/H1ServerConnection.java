package dev.sluice.proxy.codec.http1.connection;

import dev.sluice.proxy.codec.ChannelConnection;
import dev.sluice.proxy.codec.CodecLimits;
import dev.sluice.proxy.codec.DrainEvent;
import dev.sluice.proxy.stream.ErrorCode;
import dev.sluice.proxy.stream.ProxyError;
import dev.sluice.proxy.stream.ServerStreamHandler;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * The requests of one HTTP/1 connection, one after the other: what {@link H1ServerHandler} does with the events of its
 * channel. Belongs to the connection's event loop.
 */
final class H1ServerConnection {
    /** What the connection does with what it receives. */
    private enum State {
        /** Awaits a request, or the rest of its head. */
        HEAD,
        /** Hands a request's body on. */
        BODY,
        /** The request was read, its response is awaited; what follows is held. */
        RESPONSE,
        /** The response has ended; drops what is left of the request's body. */
        SWALLOW,
        /** Hands raw bytes on. */
        TUNNEL,
        /** Nothing more will be served; drops everything until the client closes too. */
        LINGER,
        CLOSED
    }

    private final ChannelConnection client;
    private final CodecLimits limits;
    private final Wire wire;
    private final HeldBytes held;
    private final ConnectionDeadline deadline;
    private final Lingering closing;
    private final H1ResponseWriter writer;
    private final H1RequestFeed feed;

    private State state = State.HEAD;
    private @Nullable H1ServerStream stream;
    private boolean advancing;
    private boolean headTimed;
    private boolean inputClosed;
    private boolean draining;

    H1ServerConnection(ServerStreamHandler requests, ChannelConnection client, CodecLimits limits, Wire wire) {
        this.client = client;
        this.limits = limits;
        this.wire = wire;
        this.held = wire.held();
        this.deadline = new ConnectionDeadline(wire.ctx().executor(), this::expired);
        this.closing = new Lingering(wire, limits, deadline);
        this.writer = new H1ResponseWriter(wire.alloc(), wire.flush());
        this.feed = new H1RequestFeed(this, requests, held, limits);
    }

    // ---- events of the channel

    void start() {
        deadline.in(limits.times().idleMillis());
        readMore();
    }

    void received(ByteBuf bytes) {
        if (state == State.LINGER || state == State.CLOSED) {
            boolean bearable = closing.drop(bytes.readableBytes());
            bytes.release();
            if (!bearable) {
                wire.close();
            }
            return;
        }
        held.add(wire.alloc(), bytes);
        advance();
    }

    void readCompleted() {
        wire.reads().completed();
        readMore();
    }

    void writable() {
        if (stream != null) {
            stream.writable();
        }
    }

    void inputClosed() {
        inputClosed = true;
        if (stream != null) {
            // It may have gone rather than ended its side: nothing else would free an exchange whose upstream is
            // silent.
            wire.reads().watch();
        }
        advance();
    }

    void drain(DrainEvent step) {
        draining = true;
        if (step == DrainEvent.CLOSE_IDLE && isIdle()) {
            linger();
        }
    }

    /** Serves nothing any more, and says so to the exchange in flight. */
    void stop(ProxyError error) {
        state = State.CLOSED;
        deadline.cancel();
        wire.reads().stop();
        held.release();
        H1ServerStream current = stream;
        stream = null;
        if (current != null) {
            current.lost(error);
        }
    }

    void fail(ProxyError error) {
        stop(error);
        wire.close();
    }

    private void expired() {
        switch (state) {
            case HEAD -> {
                if (headTimed) {
                    feed.refuse(ErrorCode.REQUEST_TIMEOUT, "request head not complete in time");
                } else {
                    wire.close();
                }
            }
            case TUNNEL -> fail(ProxyError.proxy(ErrorCode.STREAM_IDLE_TIMEOUT, "nothing happened in the tunnel"));
            case SWALLOW, LINGER -> wire.close();
            default -> {}
        }
    }

    // ---- what was received

    /** Does whatever the state allows with what was received. */
    private void advance() {
        if (advancing || state == State.CLOSED) {
            return;
        }
        advancing = true;
        try {
            boolean more = true;
            while (more) {
                more = step();
            }
        } finally {
            advancing = false;
        }
        held.trim();
        if (inputClosed && isStarved()) {
            inputEnded();
        } else if (state == State.HEAD && !headTimed && !isIdle()) {
            headTimed = true;
            deadline.in(limits.times().headMillis());
        }
        readMore();
    }

    private boolean step() {
        if (held.isEmpty() || isPaused()) {
            return false;
        }
        return switch (state) {
            case HEAD, BODY, SWALLOW -> feed.step();
            case TUNNEL -> relay();
            default -> false;
        };
    }

    /** A request begins; {@code read} when all of it was read. */
    void opened(H1ServerStream opened, boolean read) {
        deadline.none();
        stream = opened;
        state = read ? State.RESPONSE : State.BODY;
    }

    /** A piece of a body was read: says who gets it, null when nobody does. */
    @Nullable
    H1ServerStream bodyRead(boolean last) {
        if (state == State.BODY) {
            state = last ? State.RESPONSE : State.BODY;
            return stream;
        }
        if (state == State.SWALLOW && last) {
            nextRequest();
        }
        return null;
    }

    /** The body's framing is broken: whoever took its start must not take it for complete. */
    void refuseBody(String detail) {
        H1ServerStream current = stream;
        if (current != null && !current.isResponseEnded()) {
            boolean begun = current.isResponseStarted();
            boolean answered = current.refused(ProxyError.downstream(ErrorCode.BAD_REQUEST, detail));
            if (begun) {
                wire.close();
                return;
            }
            if (!answered) {
                writer.bare(ErrorCode.BAD_REQUEST);
            }
        }
        if (state != State.LINGER && state != State.CLOSED) {
            linger();
        }
    }

    private boolean relay() {
        H1ServerStream current = stream;
        if (current == null) {
            return false;
        }
        touch();
        current.requestData(held.takeAll(), false);
        return true;
    }

    /** The client sends no more, and what it had sent was handed on. */
    private void inputEnded() {
        H1ServerStream current = stream;
        switch (state) {
            case HEAD -> {
                if (isIdle()) {
                    wire.closeAfterFlush();
                } else {
                    feed.refuse(ErrorCode.BAD_REQUEST, "the request ends inside its head");
                }
            }
            case BODY -> fail(ProxyError.downstream(ErrorCode.CLIENT_GONE, "the request ends inside its body"));
            case TUNNEL -> {
                if (current != null && !current.isRequestEnded()) {
                    current.requestData(Unpooled.EMPTY_BUFFER, true);
                    if (current.isResponseEnded()) {
                        wire.closeAfterFlush();
                    }
                }
            }
            case SWALLOW, LINGER -> wire.closeAfterFlush();
            default -> {}
        }
    }

    /** Whether nothing of what was received waits for its turn, or for a reader that has paused. */
    private boolean isStarved() {
        if (isPaused()) {
            return held.isEmpty() && state != State.TUNNEL;
        }
        return held.isEmpty() || state != State.RESPONSE;
    }

    private boolean isPaused() {
        return stream != null && stream.isPaused();
    }

    /** Between two requests. */
    private boolean isIdle() {
        return state == State.HEAD && held.isEmpty() && !feed.isInsideHead();
    }

    private void readMore() {
        if (inputClosed || state == State.CLOSED) {
            return;
        }
        wire.read(state != State.RESPONSE && !isPaused());
    }

    // ---- what the stream asks for

    /** The gate was opened. */
    void resumed(H1ServerStream resumed) {
        if (resumed == stream) {
            advance();
        }
    }

    /** The response has ended; in a tunnel, its half. */
    void responseEnded(H1ServerStream ended) {
        if (state == State.TUNNEL) {
            if (ended.isRequestEnded()) {
                wire.closeAfterFlush();
            } else {
                wire.endOutput();
            }
        } else if (ended.isClientsEnd() && held.isEmpty()) {
            leave();
        } else if (!ended.isKeepAlive()) {
            linger();
        } else if (ended.isRequestEnded() || ended.isUpgradeRefused()) {
            nextRequest();
        } else {
            state = State.SWALLOW;
            deadline.in(limits.times().lingerMillis());
            advanceLater();
        }
    }

    private void nextRequest() {
        stream = null;
        state = State.HEAD;
        headTimed = false;
        deadline.in(limits.times().idleMillis());
        advanceLater();
    }

    /** Not at once: the exchange that has just ended its response is still in the middle of its work. */
    private void advanceLater() {
        if (advancing) {
            return;
        }
        if (held.isEmpty() && !inputClosed) {
            readMore();
        } else {
            wire.later(this::advance);
        }
    }

    /** Both directions are raw from here on. */
    void tunnel() {
        state = State.TUNNEL;
        touch();
        wire.later(this::advance);
    }

    /** Something happened in the tunnel. */
    void touch() {
        deadline.in(limits.times().idleMillis());
    }

    /** Closes so that the response cannot be taken for complete. */
    void abort(boolean looksComplete) {
        stop(ProxyError.proxy(ErrorCode.LOCAL_RESET, "reset by the exchange"));
        if (looksComplete) {
            wire.resetOnClose();
        } else {
            wire.flush().now();
        }
        wire.close();
    }

    private void linger() {
        stream = null;
        state = State.LINGER;
        held.release();
        if (inputClosed) {
            wire.closeAfterFlush();
        } else {
            closing.begin();
            readMore();
        }
    }

    /** Closes once the response is sent: a client that is not sending anything cannot miss the end of it. */
    private void leave() {
        stream = null;
        state = State.LINGER;
        deadline.in(limits.times().idleMillis());
        wire.closeAfterFlush();
    }

    /** The connection will not take another request. */
    boolean isClosing() {
        return draining || (inputClosed && held.isEmpty());
    }

    /** Bytes of a body that are read and dropped for the sake of the connection, at most. */
    int swallowLimit() {
        return limits.buffers().linger();
    }

    Wire wire() {
        return wire;
    }

    ChannelConnection client() {
        return client;
    }

    H1ResponseWriter writer() {
        return writer;
    }
}
