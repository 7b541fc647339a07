package dev.sluice.proxy.exchange;

import dev.sluice.proxy.cluster.Cluster;
import dev.sluice.proxy.cluster.Endpoint;
import dev.sluice.proxy.stream.ClientConnection;
import dev.sluice.proxy.stream.ClientStream;
import dev.sluice.proxy.stream.ErrorCode;
import dev.sluice.proxy.stream.ProxyError;
import dev.sluice.proxy.stream.ResponseHead;
import dev.sluice.proxy.stream.ResponseReader;
import dev.sluice.proxy.stream.headers.HeaderOverlay;
import dev.sluice.proxy.stream.headers.Headers;
import dev.sluice.proxy.timer.LoopTimers;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One try of an exchange at one endpoint. Before the response's head is committed its outcome goes to the {@link
 * AttemptOwner}; afterwards everything flows straight to the client.
 *
 * <p>States: waiting (no stream) → sending → committed → ended; it ends exactly once and then calls every {@link
 * AttemptEnd} that was registered. Not thread-safe; event loop of the exchange.
 */
public final class Attempt implements ResponseReader {
    /** What it fails with when {@link #tryAdmit} finds no permit. */
    public static final ProxyError REQUESTS_FULL =
            ProxyError.proxy(ErrorCode.BREAKER_OPEN, "http2MaxRequests is reached");

    private static final ProxyError ABANDONED = ProxyError.proxy(ErrorCode.LOCAL_RESET, "the attempt was given up");

    private final Exchange exchange;
    private final AttemptOwner owner;
    private final int number;
    private @Nullable HeaderOverlay overlay;
    private @Nullable Cluster cluster;
    private @Nullable Endpoint endpoint;
    private @Nullable ClientStream stream;
    private @Nullable ClientConnection connection;
    private @Nullable Cancellable waiting;
    private LoopTimers.@Nullable Timer deadline;
    private @Nullable ToldDeadline told;
    private AttemptEnd @Nullable [] ends;
    private int endCount;
    /** Holds a permit of the cluster's requests. */
    private boolean admitted;

    private boolean needsNewConnection;
    private boolean committed;
    private boolean ended;
    private boolean responseEnded;
    /** The client has all it gets, but the upstream still sends. */
    private boolean unread;

    private int status;
    private int grpcStatus = -1;
    private @Nullable ErrorCode localCode;
    private @Nullable ProxyError error;

    Attempt(Exchange exchange, AttemptOwner owner, int number) {
        this.exchange = exchange;
        this.owner = owner;
        this.number = number;
    }

    /** The request this is a try of. */
    public Exchange exchange() {
        return exchange;
    }

    /** Number of this try, from 0. */
    public int number() {
        return number;
    }

    /** Where it goes; null before admission. */
    public @Nullable Cluster cluster() {
        return cluster;
    }

    /** Sets the cluster. */
    public void cluster(Cluster chosen) {
        this.cluster = chosen;
    }

    /** The endpoint it goes to; null before balancing. */
    public @Nullable Endpoint endpoint() {
        return endpoint;
    }

    /** Sets the endpoint. */
    public void endpoint(Endpoint chosen) {
        this.endpoint = chosen;
    }

    /** It must not go on a connection that has carried a request before. */
    public void needNewConnection() {
        this.needsNewConnection = true;
    }

    /** Whether it may only go on a connection that has not carried a request yet. */
    public boolean needsNewConnection() {
        return needsNewConnection;
    }

    /** The connection it ran on, also after its end; null before the pool gave one. */
    public @Nullable ClientConnection connection() {
        return connection;
    }

    /** Status of the upstream's response, or of what stood in for it; 0 when there was none. */
    public int status() {
        return status;
    }

    /** gRPC status in the head of the upstream's response; -1 where there is none, and for what is not gRPC. */
    public int grpcStatus() {
        return grpcStatus;
    }

    /** Why it failed; null while it has not. */
    public @Nullable ProxyError error() {
        return error;
    }

    /** Whether a time passed before the response began: the request's, or that of this try. */
    public boolean isTooLate() {
        return status == 0 && error != null && error.isTimeout();
    }

    /** Whether it is over. */
    public boolean isEnded() {
        return ended;
    }

    /** Headers of this try only, for stages to add to. */
    public HeaderOverlay overlay() {
        HeaderOverlay held = overlay;
        if (held == null) {
            held = new HeaderOverlay();
            overlay = held;
        }
        return held;
    }

    /** Registers what must be undone when the attempt ends. */
    public void onEnd(AttemptEnd stage) {
        AttemptEnd[] held = ends;
        if (held == null) {
            held = new AttemptEnd[4];
            ends = held;
        } else if (endCount == held.length) {
            held = Arrays.copyOf(held, endCount * 2);
            ends = held;
        }
        held[endCount++] = stage;
    }

    /**
     * Takes a permit of the requests of {@code to}, where it goes; it goes back when the attempt has ended and all of its
     * {@link AttemptEnd}s are told. Nothing to do when it has one.
     *
     * @return false when none is left
     */
    public boolean tryAdmit(Cluster to) {
        if (!admitted && to.requests().tryAcquire()) {
            admitted = true;
            cluster = to;
        }
        return admitted;
    }

    /** Sets what has to be cancelled should the attempt end now; null when nothing waits. */
    public void waitingFor(@Nullable Cancellable something) {
        this.waiting = something;
    }

    // ---- towards the upstream

    /** The pool gave a stream: sends the request. */
    public void begin(ClientStream opened) {
        waiting = null;
        stream = opened;
        connection = opened.connection();
        exchange.upstreamReached();
        RequestBody body = exchange.body();
        HeaderOverlay extra = overlay == null ? HeaderOverlay.NONE : overlay;
        boolean last = body == null || body.isEmpty();
        opened.head(exchange.request(), extra, last);
        if (!last && !ended && body != null) {
            body.attach(opened);
        }
    }

    /** Fails before or instead of a response; once it is committed, cuts the response. */
    public void fail(ProxyError reason) {
        if (ended) {
            return;
        }
        end(reason);
        if (committed) {
            exchange.fail(reason);
        } else {
            owner.onFailure(this, reason);
        }
    }

    /** Gives the attempt up to try again, its response unread; its owner is not called. */
    public void abandon() {
        exchangeEnded(ABANDONED);
    }

    /** Fails the attempt with {@code reason} unless it ends before; replaces an earlier deadline. */
    public void deadline(long delayNanos, ProxyError reason) {
        LoopTimers.Timer earlier = deadline;
        if (earlier != null) {
            earlier.cancel();
        }
        if (!ended) {
            deadline = LoopTimers.of(exchange.loop()).schedule(delayNanos, () -> fail(reason));
        }
    }

    /** Notes the deadline that the upstream of a gRPC call is told. */
    public void toldDeadline(ToldDeadline deadlineTold) {
        told = deadlineTold;
    }

    /** The owner lets this response through. */
    public void commit(ResponseHead head, boolean last) {
        committed = true;
        if (localCode != null) {
            exchange.note(localCode);
        }
        LoopTimers.Timer timer = deadline;
        if (timer != null) {
            // As Envoy: once the response has begun, only the route's timeout still counts.
            timer.cancel();
        }
        if (exchange.isGrpc() && grpcStatus < 0 && head.status() != 200) {
            commitForGrpc(head, last);
            return;
        }
        if (localCode == null && exchange.isTunnelAsked() && head.status() / 100 == 2) {
            refuseTunnel(head, last);
            return;
        }
        if (last) {
            // The exchange ends inside respond(); the attempt must not be reset by that, it is complete.
            responseEnded = true;
        }
        exchange.respond(head, last);
        if (last) {
            finish();
        }
    }

    /** A gRPC client asks for a gRPC status, which this upstream did not give (spec/reliability.md B64). */
    private void commitForGrpc(ResponseHead head, boolean last) {
        responseEnded = true;
        unread = !last;
        exchange.respond(LocalReply.grpcHead(exchange, head.status()), true);
        finish();
    }

    /**
     * An extended CONNECT (RFC 8441 section 5) is answered 200 by a tunnel that is open, which an HTTP/1 upstream says by 101. One
     * that knows nothing of it and answers 200 must not be relayed as such; as an answer it is as good as any other.
     */
    private void refuseTunnel(ResponseHead head, boolean last) {
        responseEnded = true;
        unread = !last;
        exchange.fail(ProxyError.upstream(
                ErrorCode.UPSTREAM_PROTOCOL,
                "the upstream answered an extended CONNECT with " + head.status() + ", not with 101"));
        finish();
    }

    /**
     * Answers in place of an upstream: the owner judges the answer as it judges an upstream's, by {@code judgedStatus}, and
     * may throw it away for another try. Let through, it is noted as ours.
     *
     * @param judgedStatus the HTTP status that is meant; a gRPC answer's own is always 200
     */
    public void answerLocally(ErrorCode code, int judgedStatus, LocalReply.Reply reply) {
        if (ended) {
            return;
        }
        localCode = code;
        boolean last = reply.body().length == 0;
        answered(reply.head(), judgedStatus, last);
        if (!last) {
            // Dropped by an attempt that was given up for another try.
            onData(Unpooled.wrappedBuffer(reply.body()), true);
        }
    }

    // ---- from the upstream

    @Override
    public void onInformational(ResponseHead head) {
        if (!ended) {
            exchange.informational(head);
        }
    }

    @Override
    public void onHead(ResponseHead head, boolean last) {
        if (!ended) {
            answered(head, head.status(), last);
        }
    }

    private void answered(ResponseHead head, int judgedStatus, boolean last) {
        status = judgedStatus;
        if (exchange.isGrpc()) {
            grpcStatus = GrpcStatus.in(head.headers());
        }
        responseEnded = last;
        AttemptEnd[] held = ends;
        if (held != null) {
            for (int i = endCount - 1; i >= 0; i--) {
                held[i].responseBegan(this);
            }
        }
        owner.onResponse(this, head, last);
    }

    @Override
    public void onData(ByteBuf data, boolean last) {
        if (ended) {
            data.release();
            return;
        }
        if (last) {
            responseEnded = true;
        }
        exchange.responseData(data, last);
        if (last) {
            finish();
        }
    }

    @Override
    public void onTrailers(Headers trailers) {
        if (ended) {
            return;
        }
        responseEnded = true;
        exchange.responseTrailers(trailers);
        finish();
    }

    @Override
    public void onReset(ProxyError reason) {
        if (ended) {
            return;
        }
        stream = null;
        ToldDeadline passed = told;
        fail(passed == null ? reason : passed.meaningOf(reason, exchange.nowNanos()));
    }

    @Override
    public void onWritable() {
        RequestBody body = exchange.body();
        if (!ended && body != null) {
            body.resume();
        }
    }

    void pauseResponse() {
        ClientStream open = stream;
        if (!ended && open != null) {
            open.responseGate().pause();
        }
    }

    void resumeResponse() {
        ClientStream open = stream;
        if (!ended && open != null) {
            open.responseGate().resume();
        }
    }

    /** The exchange is over; called once from it. */
    void exchangeEnded(@Nullable ProxyError reason) {
        if (ended) {
            return;
        }
        if (responseEnded) {
            finish();
        } else {
            end(reason == null ? ABANDONED : reason);
        }
    }

    /** The response is complete. An unfinished request is of no use to the upstream any more: reset it (B42). */
    private void finish() {
        if (ended) {
            return;
        }
        RequestBody body = exchange.body();
        if (!unread && (body == null || body.isComplete())) {
            stream = null;
        }
        end(null);
    }

    private void end(@Nullable ProxyError reason) {
        ended = true;
        error = reason;
        if (deadline != null) {
            deadline.cancel();
        }
        Cancellable pending = waiting;
        waiting = null;
        if (pending != null) {
            pending.cancel();
        }
        RequestBody body = exchange.body();
        if (body != null) {
            body.detach();
        }
        ClientStream open = stream;
        stream = null;
        if (open != null) {
            open.reset(reason == null ? ABANDONED : reason);
        }
        AttemptEnd[] held = ends;
        if (held != null) {
            for (int i = endCount - 1; i >= 0; i--) {
                held[i].attemptEnded(this);
            }
        }
        Cluster holds = cluster;
        if (admitted && holds != null) {
            admitted = false;
            holds.requests().release();
        }
    }
}
