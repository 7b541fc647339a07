package dev.sluice.proxy.exchange;

import dev.sluice.config.plan.RoutePlan;
import dev.sluice.proxy.cluster.Endpoint;
import dev.sluice.proxy.overload.LoopMemory;
import dev.sluice.proxy.stream.ProxyError;
import dev.sluice.proxy.stream.RequestHead;
import dev.sluice.proxy.stream.RequestReader;
import dev.sluice.proxy.stream.ResponseHead;
import dev.sluice.proxy.stream.ServerStream;
import dev.sluice.proxy.stream.headers.Headers;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One request and its response, from the first byte of the request to the last of the response. It holds the route and
 * the cluster it started with, not the snapshot, so a long one pins no old configuration.
 *
 * <p>Not thread-safe: everything happens on {@link #loop()}.
 */
public final class Exchange extends ExchangeInfo implements RequestReader, KeyedRequest {
    /** Body bytes held back for a request whose route is not known yet or sets no limit. */
    private static final int DEFAULT_HOLD_BYTES = 64 * 1024;

    private final ExchangeObserver observer;
    private final long randomId;
    private boolean hashed;
    private long hashKey;
    private @Nullable ResponseEdit edit;
    private @Nullable ResponseEdit lastEdit;
    private @Nullable Cancellable waiting;
    private @Nullable List<Endpoint> tried;
    private @Nullable Deadline deadline;
    private @Nullable IdleWatch idle;
    private boolean ended;
    private boolean downstreamPausedResponse;

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
        super(
                request,
                downstream,
                requestEnded
                        ? null
                        : new RequestBody(
                                downstream.requestGate(), DEFAULT_HOLD_BYTES, LoopMemory.of(downstream.loop())));
        this.observer = observer;
        this.randomId = randomId;
    }

    // ---- facts

    /** The client's end. */
    public ServerStream downstream() {
        return downstream;
    }

    /** The event loop that everything of this exchange runs on. */
    public EventLoop loop() {
        return downstream.loop();
    }

    /** Null for a request without body and trailers. */
    public @Nullable RequestBody body() {
        return body;
    }

    /** Stable random number of this request. */
    public long randomId() {
        return randomId;
    }

    /** Remembers what routing chose. */
    public void routed(RoutePlan chosen, @Nullable Destination picked) {
        route = chosen;
        destination = picked;
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

    /** Whether the response is complete or reset. */
    public boolean isEnded() {
        return ended;
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
    }

    @Override
    public void onTrailers(Headers trailers) {
        if (body != null) {
            moved();
            requestEndNanos = nowNanos();
            body.onTrailers(trailers);
        }
    }

    @Override
    public void onReset(ProxyError reason) {
        if (!ended) {
            end(reason);
        }
    }

    @Override
    public boolean onRefused(ProxyError reason) {
        // The log and the metrics say what the client is told.
        fail(reason);
        return responseHead != null;
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

    /** Runs {@code action} once the whole request has been received, unless the exchange ends before; at once when it has. */
    public void whenRequestEnded(Runnable action) {
        if (body == null || body.isComplete()) {
            action.run();
        } else {
            body.whenComplete(action);
        }
    }

    // ---- stages

    /** Adds an edit of the response head; edits run in the order of these calls. */
    @Override
    public void addResponseEdit(ResponseEdit another) {
        ResponseEdit earlier = edit;
        edit = earlier == null ? another : earlier.then(another);
    }

    /** Sets the edit that runs after all others, and so has the last word. At most one. */
    public void lastResponseEdit(ResponseEdit finalEdit) {
        lastEdit = finalEdit;
    }

    /** Sets what has to be cancelled should the exchange end now; null when nothing waits. */
    public void waitingFor(@Nullable Cancellable something) {
        waiting = something;
    }

    /**
     * Sets how long the request may take, from {@link #startDeadline} on. At most one.
     *
     * @param nanos positive
     * @param reason what the exchange fails with when it has not ended by then
     */
    public void deadline(long nanos, ProxyError reason) {
        deadline = new Deadline(this, nanos, reason);
    }

    /** The deadline that was set passes in {@code nanos} at the latest, even if it has not begun to count by then. */
    public void deadlineAtMost(long nanos, ProxyError reason) {
        Deadline set = deadline;
        if (set != null && !ended) {
            set.atMost(nanos, reason);
        }
    }

    /** The deadline that was set counts from now on. */
    public void startDeadline() {
        Deadline set = deadline;
        if (set != null && !ended) {
            set.start();
        }
    }

    /** What is left of the request's time in nanoseconds, at least one; all of it while it does not count; 0 for no limit. */
    public long timeLeftNanos() {
        Deadline set = deadline;
        return set == null ? 0 : set.leftNanos();
    }

    private void cancelDeadline() {
        Deadline set = deadline;
        if (set != null) {
            set.cancel();
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

    /** Starts a further try. */
    public Attempt newAttempt(AttemptOwner owner) {
        Attempt earlier = attempt;
        Endpoint endpoint = earlier == null ? null : earlier.endpoint();
        if (endpoint != null) {
            List<Endpoint> known = tried;
            if (known == null) {
                known = new ArrayList<>(2);
                tried = known;
            }
            known.add(endpoint);
        }
        Attempt next = new Attempt(this, owner, attempts++);
        attempt = next;
        return next;
    }

    /** Where the tries before the latest went, in order. */
    public List<Endpoint> tried() {
        List<Endpoint> known = tried;
        return known == null ? List.of() : known;
    }

    // ---- the response

    /** Relays a 1xx. */
    public void informational(ResponseHead head) {
        if (!ended && responseHead == null) {
            moved();
            downstream.informational(head);
        }
    }

    /** Sends the final head; the response is committed from here on. */
    public void respond(ResponseHead head, boolean last) {
        if (ended || responseHead != null) {
            return;
        }
        ResponseEdit edits = edit;
        if (edits != null) {
            edits.apply(this, head);
        }
        ResponseEdit finalEdit = lastEdit;
        if (finalEdit != null) {
            finalEdit.apply(this, head);
        }
        moved();
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
                int told = GrpcStatus.in(trailers);
                grpcStatus = told < 0 ? grpcStatus : told;
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
        error = reason;
        if (responseHead == null) {
            reply(reason);
        } else {
            cut(reason);
        }
    }

    private void reply(ProxyError reason) {
        try {
            LocalReply.send(this, reason);
        } catch (OutOfMemoryError none) {
            // Even where there is no memory to say anything the exchange has to end.
            ProxyError why = LoopMemory.of(loop()).pressure().exhausted(none);
            if (!isEnded()) {
                cut(why);
            }
        }
    }

    private void cut(ProxyError reason) {
        downstream.reset(reason);
        end(reason);
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
            // After a reply of our own there is no reason to end, but one for which the try was given up.
            current.exchangeEnded(error);
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
}
