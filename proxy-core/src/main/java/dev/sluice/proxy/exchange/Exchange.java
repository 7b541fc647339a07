package dev.sluice.proxy.exchange;

import dev.sluice.config.plan.RoutePlan;
import dev.sluice.proxy.cluster.Endpoint;
import dev.sluice.proxy.stream.DownstreamConnection;
import dev.sluice.proxy.stream.ErrorCode;
import dev.sluice.proxy.stream.ForwardedFor;
import dev.sluice.proxy.stream.Headers;
import dev.sluice.proxy.stream.ProxyError;
import dev.sluice.proxy.stream.RequestHead;
import dev.sluice.proxy.stream.RequestReader;
import dev.sluice.proxy.stream.ResponseHead;
import dev.sluice.proxy.stream.ServerStream;
import dev.sluice.proxy.timer.LoopTimers;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One request and its response, from the first byte of the request to the last of the response. It holds the route and
 * the cluster it started with, not the snapshot, so a long one pins no old configuration.
 *
 * <p>Not thread-safe: everything happens on {@link #loop()}.
 */
public final class Exchange implements RequestReader, KeyedRequest {
    /** Body bytes held back for a request whose route is not known yet or sets no limit. */
    private static final int DEFAULT_HOLD_BYTES = 64 * 1024;

    private static final int MAX_REPLAYS = 2;

    private final RequestHead request;
    private final ServerStream downstream;
    private final ExchangeObserver observer;
    private final long randomId;
    private final long startedNanos;
    private final long startedMillis;
    private final boolean grpc;
    private final @Nullable RequestBody body;

    private @Nullable CharSequence forwardedFor;
    private int forwardedBack;
    private @Nullable RoutePlan route;
    private @Nullable Destination destination;
    private boolean hashed;
    private long hashKey;
    /** Every request has one, and hardly any has more. */
    private @Nullable ResponseEdit firstEdit;

    private ResponseEdit @Nullable [] edits;
    private int editCount;
    private @Nullable ResponseEdit lastEdit;
    private @Nullable Cancellable waiting;
    private @Nullable Attempt attempt;
    private @Nullable Runnable requestEnd;
    private @Nullable Endpoint lastTried;
    private @Nullable List<Endpoint> tried;

    private LoopTimers.@Nullable Timer deadline;
    private @Nullable IdleWatch idle;
    private int replays;
    private boolean headSent;
    private boolean ended;
    private boolean downstreamPausedResponse;

    private int attempts;
    private int status;
    private int grpcStatus = -1;
    private long timeoutNanos;
    private long deadlineAtNanos;
    private @Nullable ResponseHead responseHead;
    private @Nullable Headers responseTrailers;
    private boolean delayInjected;
    private boolean retryLimitReached;
    private boolean retryOverflowed;
    private @Nullable Steering steering;
    private long responseBytes;
    private @Nullable ProxyError error;
    private long requestEndNanos;
    private long firstUpstreamNanos;
    private long responseHeadNanos;
    private long endNanos;

    /**
     * @param requestEnded the request has neither body nor trailers
     * @param randomId stable 64-bit random number of this request: weighted picks, mirrors (spec/istio-fields.md §12.1)
     */
    public Exchange(
            RequestHead request,
            boolean requestEnded,
            ServerStream downstream,
            long randomId,
            ExchangeObserver observer) {
        this.request = request;
        this.downstream = downstream;
        this.observer = observer;
        this.randomId = randomId;
        this.startedNanos = nowNanos();
        this.startedMillis = System.currentTimeMillis();
        this.grpc = request.isGrpc();
        if (requestEnded) {
            this.body = null;
            this.requestEndNanos = startedNanos;
        } else {
            this.body = new RequestBody(downstream.requestGate(), DEFAULT_HOLD_BYTES);
        }
    }

    // ---- facts

    /** The request; edited in place before the first attempt. */
    @Override
    public RequestHead request() {
        return request;
    }

    /** The client's end. */
    public ServerStream downstream() {
        return downstream;
    }

    /** The event loop that everything of this exchange runs on. */
    public EventLoop loop() {
        return downstream.loop();
    }

    /** Now, on the clock that all times of this exchange are read from: its loop's, which tests freeze. */
    public long nowNanos() {
        return downstream.loop().ticker().nanoTime();
    }

    /** Stable random number of this request. */
    public long randomId() {
        return randomId;
    }

    /** Null until a route was chosen. */
    public @Nullable RoutePlan route() {
        return route;
    }

    /** Null until a forwarding route was chosen. */
    public @Nullable Destination destination() {
        return destination;
    }

    /** Null for a request without body and trailers. */
    public @Nullable RequestBody body() {
        return body;
    }

    /** Remembers what routing chose. */
    public void routed(RoutePlan chosen, @Nullable Destination picked) {
        this.route = chosen;
        this.destination = picked;
    }

    @Override
    public DownstreamConnection connection() {
        return downstream.connection();
    }

    /**
     * Names the client by {@code x-forwarded-for} as it came rather than by its connection.
     *
     * @param list what all headers of that name say
     * @param back which entry is to be believed, 0 for the last
     */
    public void forwardedFor(CharSequence list, int back) {
        forwardedFor = list;
        forwardedBack = back;
    }

    @Override
    public @Nullable String clientHost() {
        InetAddress named = named();
        return named == null ? connection().remoteHost() : NetUtil.toAddressString(named);
    }

    /** The client, behind the proxies that are believed; its port is 0 where one of them named it. */
    public SocketAddress clientAddress() {
        InetAddress named = named();
        return named == null ? connection().remoteAddress() : new InetSocketAddress(named, 0);
    }

    private @Nullable InetAddress named() {
        CharSequence list = forwardedFor;
        return list == null ? null : ForwardedFor.address(list, forwardedBack);
    }

    @Override
    public void addHashKey(long hash) {
        hashKey = hashed ? KeyedRequest.combine(hashKey, hash) : hash;
        hashed = true;
    }

    @Override
    public boolean isHashed() {
        return hashed;
    }

    @Override
    public long hashKey() {
        return hashKey;
    }

    // ---- the request, called by the codec

    @Override
    public void onData(ByteBuf data, boolean last) {
        if (body == null) {
            data.release();
            return;
        }
        moved();
        if (last) {
            requestEndNanos = nowNanos();
        }
        body.onData(data, last);
        if (last) {
            requestEnded();
        }
    }

    @Override
    public void onTrailers(Headers trailers) {
        if (body != null) {
            moved();
            requestEndNanos = nowNanos();
            body.onTrailers(trailers);
            requestEnded();
        }
    }

    @Override
    public void onReset(ProxyError reason) {
        if (!ended) {
            end(reason);
        }
    }

    @Override
    public void onWritable() {
        if (downstreamPausedResponse) {
            downstreamPausedResponse = false;
            Attempt current = attempt;
            if (current != null) {
                current.resumeResponse();
            }
        }
    }

    /** Runs {@code action} once the whole request has been received; at once when it has. */
    public void whenRequestEnded(Runnable action) {
        if (requestEndNanos != 0) {
            action.run();
        } else {
            Runnable earlier = requestEnd;
            requestEnd = earlier == null
                    ? action
                    : () -> {
                        earlier.run();
                        action.run();
                    };
        }
    }

    private void requestEnded() {
        Runnable action = requestEnd;
        requestEnd = null;
        if (action != null && !ended) {
            action.run();
        }
    }

    // ---- stages

    /** Adds an edit of the response head; edits run in the order of these calls. */
    @Override
    public void addResponseEdit(ResponseEdit edit) {
        if (firstEdit == null) {
            firstEdit = edit;
            return;
        }
        ResponseEdit[] held = edits;
        if (held == null) {
            held = new ResponseEdit[4];
            edits = held;
        } else if (editCount == held.length) {
            held = java.util.Arrays.copyOf(held, editCount * 2);
            edits = held;
        }
        held[editCount++] = edit;
    }

    /** Sets the edit that runs after all others, and so has the last word. At most one. */
    public void lastResponseEdit(ResponseEdit edit) {
        this.lastEdit = edit;
    }

    /** Sets what has to be cancelled should the exchange end now; null when nothing waits. */
    public void waitingFor(@Nullable Cancellable something) {
        this.waiting = something;
    }

    /** Notes that a try goes to {@code endpoint}. */
    public void tried(Endpoint endpoint) {
        List<Endpoint> known = tried;
        if (known == null) {
            // The ordinary request makes one try and never asks.
            if (lastTried != null) {
                known = new ArrayList<>(List.of(lastTried, endpoint));
                tried = known;
            }
            lastTried = endpoint;
        } else {
            known.add(endpoint);
        }
    }

    /** Where the tries so far went, in order. */
    public List<Endpoint> tried() {
        List<Endpoint> known = tried;
        if (known != null) {
            return known;
        }
        return lastTried == null ? List.of() : List.of(lastTried);
    }

    /** Fails the exchange with {@code reason} unless it ends before. At most one. */
    public void deadline(long delayNanos, ProxyError reason) {
        if (!ended) {
            deadlineAtNanos = nowNanos() + delayNanos;
            deadline = LoopTimers.of(loop()).schedule(delayNanos, () -> fail(reason));
        }
    }

    /** Fails the exchange once nothing has moved on it for {@code nanos}; 0 for never. Replaces what was set before. */
    public void idleTimeout(long nanos) {
        IdleWatch watch = idle;
        if (nanos > 0 && !ended) {
            if (watch == null) {
                watch = new IdleWatch(this);
                idle = watch;
            }
            watch.start(nanos);
        } else if (watch != null) {
            idle = null;
            watch.stop();
        }
    }

    private void moved() {
        IdleWatch watch = idle;
        if (watch != null) {
            watch.moved();
        }
    }

    /** Sets how long the request may take from when its deadline is set, as upstreams are told. */
    public void timeout(long nanos) {
        timeoutNanos = nanos;
    }

    /** What is left of the request's time in nanoseconds, at least one; all of it while it does not run; 0 for no limit. */
    public long timeoutLeftNanos() {
        return timeoutNanos == 0 || deadlineAtNanos == 0 ? timeoutNanos : Math.max(1, deadlineAtNanos - nowNanos());
    }

    /** Sets what the request asked of its timeouts and retries; null for nothing. */
    public void steering(@Nullable Steering asked) {
        steering = asked;
    }

    /** What the request asked of its timeouts and retries; null for nothing, as almost always. */
    public @Nullable Steering steering() {
        return steering;
    }

    /** Lets the deadline go: a tunnel outlives it. */
    public void cancelDeadline() {
        if (deadline != null) {
            deadline.cancel();
        }
    }

    /**
     * Takes a transparent replay, if one is left (spec/reliability.md B43). The last one has to go on a new connection:
     * one that was idle may have been closed in the same moment as the one that failed, a new one cannot.
     */
    public boolean takeReplay() {
        if (replays == MAX_REPLAYS) {
            return false;
        }
        replays++;
        return true;
    }

    /** Tries that were replays rather than retries. */
    public int replays() {
        return replays;
    }

    /** Whether the replay that was taken is the last one. */
    public boolean isLastReplay() {
        return replays == MAX_REPLAYS;
    }

    /** Starts a further try. */
    public Attempt newAttempt(AttemptOwner owner) {
        Attempt next = new Attempt(this, owner, attempts++);
        attempt = next;
        return next;
    }

    // ---- the response

    /** Relays a 1xx. */
    public void informational(ResponseHead head) {
        if (!ended && !headSent) {
            moved();
            downstream.informational(head);
        }
    }

    /** Sends the final head; the response is committed from here on. */
    public void respond(ResponseHead head, boolean last) {
        if (ended || headSent) {
            return;
        }
        ResponseEdit first = firstEdit;
        if (first != null) {
            first.apply(this, head);
        }
        ResponseEdit[] held = edits;
        if (held != null) {
            for (int i = 0; i < editCount; i++) {
                held[i].apply(this, head);
            }
        }
        ResponseEdit finalEdit = lastEdit;
        if (finalEdit != null) {
            finalEdit.apply(this, head);
        }
        moved();
        headSent = true;
        responseHead = head;
        status = head.status();
        if (status == 101) {
            // The route timeout does not apply to a tunnel (spec/istio-fields.md §7).
            cancelDeadline();
        }
        if (grpc) {
            grpcStatus = GrpcStatus.in(head.headers());
        }
        responseHeadNanos = nowNanos();
        if (body != null) {
            body.stopReplay();
        }
        downstream.head(head, last);
        if (last) {
            end(null);
        }
    }

    /** Sends a piece of the response's body and takes over its reference. */
    public void responseData(ByteBuf data, boolean last) {
        if (ended) {
            data.release();
            return;
        }
        moved();
        responseBytes += data.readableBytes();
        downstream.data(data, last);
        if (last) {
            end(null);
        } else if (!downstream.isWritable()) {
            downstreamPausedResponse = true;
            Attempt current = attempt;
            if (current != null) {
                current.pauseResponse();
            }
        }
    }

    /** Ends the response with trailers. */
    public void responseTrailers(Headers trailers) {
        if (!ended) {
            if (grpc) {
                grpcStatus = GrpcStatus.in(trailers);
            }
            responseTrailers = trailers;
            downstream.trailers(trailers);
            end(null);
        }
    }

    /** Ends the exchange: with a local reply while that is possible, else by a reset. */
    public void fail(ProxyError reason) {
        if (ended) {
            return;
        }
        if (headSent) {
            error = reason;
            downstream.reset(reason);
            end(reason);
        } else {
            error = reason;
            LocalReply.send(this, reason);
        }
    }

    private void end(@Nullable ProxyError reason) {
        ended = true;
        if (reason != null) {
            error = reason;
        }
        endNanos = nowNanos();
        cancelDeadline();
        idleTimeout(0);
        Cancellable pending = waiting;
        waiting = null;
        if (pending != null) {
            pending.cancel();
        }
        Attempt current = attempt;
        if (current != null) {
            current.exchangeEnded(reason);
        }
        if (body != null) {
            body.discard();
        }
        observer.onEnd(this);
        request.headers().recycle();
        ResponseHead sent = responseHead;
        if (sent != null) {
            sent.headers().recycle();
        }
    }

    // ---- what the log and metrics read

    /** Whether the response is complete or reset. */
    public boolean isEnded() {
        return ended;
    }

    /** Whether the response's head went out. */
    public boolean isCommitted() {
        return headSent;
    }

    /** Status sent; 0 when none was. */
    public int status() {
        return status;
    }

    /** Whether the request is gRPC. */
    public boolean isGrpc() {
        return grpc;
    }

    /** gRPC status sent to the client, in head or trailers; -1 when there was none. */
    public int grpcStatus() {
        return grpcStatus;
    }

    /** Why the proxy answered by itself or cut the response; null for an upstream's own complete response. */
    public @Nullable ProxyError error() {
        return error;
    }

    /** Notes why the proxy answers by itself, for answers that are no failure (direct response, redirect). */
    public void note(ErrorCode code) {
        this.error = ProxyError.proxy(code, "");
    }

    /** Final head that went to the client, with all edits; null when none did. */
    public @Nullable ResponseHead responseHead() {
        return responseHead;
    }

    /** Trailers that went to the client; null when there were none. */
    public @Nullable Headers responseTrailers() {
        return responseTrailers;
    }

    /** Notes that a fault held the request up. */
    public void noteDelay() {
        delayInjected = true;
    }

    /** Whether a fault held the request up: flag DI. */
    public boolean delayInjected() {
        return delayInjected;
    }

    /** Notes that another try was called for and all allowed ones were made. */
    public void noteRetryLimit() {
        retryLimitReached = true;
    }

    /** Whether another try was called for and all allowed ones were made: flag URX. */
    public boolean retryLimitReached() {
        return retryLimitReached;
    }

    /** Notes that another try was called for and the cluster had no retry left to give. */
    public void noteRetryOverflow() {
        retryOverflowed = true;
    }

    /** Whether another try was called for and the cluster had no retry left to give: flag UO. */
    public boolean retryOverflowed() {
        return retryOverflowed;
    }

    /** Latest attempt; null when none was made. */
    public @Nullable Attempt attempt() {
        return attempt;
    }

    /** Tries so far. */
    public int attempts() {
        return attempts;
    }

    /** Body bytes received from the client. */
    public long requestBytes() {
        return body == null ? 0 : body.received();
    }

    /** Body bytes sent to the client. */
    public long responseBytes() {
        return responseBytes;
    }

    /** Wall clock at the start, milliseconds since the epoch. */
    public long startedMillis() {
        return startedMillis;
    }

    /** {@link #nowNanos()} at the start. */
    public long startedNanos() {
        return startedNanos;
    }

    /** {@link #nowNanos()} when the whole request had arrived; 0 before. */
    public long requestEndNanos() {
        return requestEndNanos;
    }

    /** {@link #nowNanos()} when the first attempt got its connection; 0 before. */
    public long firstUpstreamNanos() {
        return firstUpstreamNanos;
    }

    /** {@link #nowNanos()} when the final head went out; 0 before. */
    public long responseHeadNanos() {
        return responseHeadNanos;
    }

    /** {@link #nowNanos()} at the end; 0 before. */
    public long endNanos() {
        return endNanos;
    }

    void upstreamReached() {
        if (firstUpstreamNanos == 0) {
            firstUpstreamNanos = nowNanos();
        }
    }
}
