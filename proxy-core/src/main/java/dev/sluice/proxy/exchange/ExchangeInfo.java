package dev.sluice.proxy.exchange;

import dev.sluice.config.plan.RoutePlan;
import dev.sluice.proxy.loop.LoopTime;
import dev.sluice.proxy.stream.DownstreamConnection;
import dev.sluice.proxy.stream.ErrorCode;
import dev.sluice.proxy.stream.HttpVersion;
import dev.sluice.proxy.stream.ProxyError;
import dev.sluice.proxy.stream.RequestHead;
import dev.sluice.proxy.stream.ResponseHead;
import dev.sluice.proxy.stream.ServerStream;
import dev.sluice.proxy.stream.headers.ForwardedFor;
import dev.sluice.proxy.stream.headers.Headers;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * What is known of an exchange so far: what came and from whom, where it went, how it ended and when. The access log,
 * metrics and header values read it (Envoy's StreamInfo); {@link Exchange} writes it, and stages note in it what they alone
 * know. It is the exchange itself, seen without what it does, so that a request is one object and not two.
 *
 * <p>Times are nanoseconds on the clock of the exchange's event loop, 0 for what has not happened. Not thread-safe; event
 * loop of the exchange.
 */
public abstract sealed class ExchangeInfo permits Exchange {
    final RequestHead request;
    final ServerStream downstream;
    final boolean grpc;
    final long startedNanos;
    final @Nullable RequestBody body;

    @Nullable
    RoutePlan route;

    @Nullable
    Destination destination;

    @Nullable
    Attempt attempt;

    @Nullable
    ResponseHead responseHead;

    @Nullable
    Headers responseTrailers;

    @Nullable
    ProxyError error;

    int attempts;
    int status;
    int grpcStatus = -1;
    long responseBytes;
    long requestEndNanos;
    long responseHeadNanos;
    long endNanos;

    private final long startedMillis;
    private long firstUpstreamNanos;
    private boolean delayInjected;
    private boolean retryLimitReached;
    private boolean retryOverflowed;
    private int replays;
    private @Nullable Steering steering;
    private boolean fromEdge;
    private @Nullable CharSequence forwardedFor;
    private int forwardedBack;

    ExchangeInfo(RequestHead request, ServerStream downstream, @Nullable RequestBody body) {
        this.request = request;
        this.downstream = downstream;
        this.body = body;
        this.grpc = request.isGrpc();
        this.startedNanos = nowNanos();
        this.startedMillis = LoopTime.millis(downstream.loop());
        this.requestEndNanos = body == null ? startedNanos : 0;
    }

    /** Now, on the clock that all times of this exchange are read from: its loop's, which tests freeze. */
    public final long nowNanos() {
        return LoopTime.nanos(downstream.loop());
    }

    // ---- the request

    /** The request; edited in place before the first attempt. */
    public final RequestHead request() {
        return request;
    }

    /** Whether the request is gRPC. */
    public final boolean isGrpc() {
        return grpc;
    }

    /** Whether the client asks for a tunnel by an extended CONNECT (RFC 8441), to which any 2xx means that it is open. */
    final boolean isTunnelAsked() {
        return request.upgrade() != null && request.version() == HttpVersion.HTTP_2;
    }

    /** Body bytes received from the client. */
    public final long requestBytes() {
        return body == null ? 0 : body.received();
    }

    /** What the request asked of its timeouts and retries; null for nothing, as almost always. */
    public final @Nullable Steering steering() {
        return steering;
    }

    /** Notes what the request asked of its timeouts and retries; null for nothing. */
    public final void steering(@Nullable Steering asked) {
        steering = asked;
    }

    // ---- who sent it

    /** The connection that the request came on. */
    public final DownstreamConnection connection() {
        return downstream.connection();
    }

    /** Whether it came in at a gateway, from a client that the mesh knows nothing of. */
    public final boolean isFromEdge() {
        return fromEdge;
    }

    /** Notes that it came in at a gateway. */
    public final void noteEdge() {
        fromEdge = true;
    }

    /**
     * Names the client by {@code x-forwarded-for} as it came rather than by its connection.
     *
     * @param list what all headers of that name say
     * @param back which entry is to be believed, 0 for the last
     */
    public final void forwardedFor(CharSequence list, int back) {
        forwardedFor = list;
        forwardedBack = back;
    }

    /** The client's IP address as text, behind the proxies that are believed; null where it has none. */
    public final @Nullable String clientHost() {
        InetAddress named = named();
        return named == null ? connection().remoteHost() : NetUtil.toAddressString(named);
    }

    /** The client, behind the proxies that are believed; its port is 0 where one of them named it. */
    public final SocketAddress clientAddress() {
        InetAddress named = named();
        return named == null ? connection().remoteAddress() : new InetSocketAddress(named, 0);
    }

    private @Nullable InetAddress named() {
        CharSequence list = forwardedFor;
        return list == null ? null : ForwardedFor.address(list, forwardedBack);
    }

    // ---- where it went

    /** Null until a route was chosen. */
    public final @Nullable RoutePlan route() {
        return route;
    }

    /** Null until a forwarding route was chosen. */
    public final @Nullable Destination destination() {
        return destination;
    }

    /** Latest attempt; null when none was made. */
    public final @Nullable Attempt attempt() {
        return attempt;
    }

    /** Tries so far. */
    public final int attempts() {
        return attempts;
    }

    /** Tries so far that were replays rather than retries. */
    public final int replays() {
        return replays;
    }

    /** Notes that the next try is a replay rather than a retry. */
    public final void noteReplay() {
        replays++;
    }

    /** Whether a fault held the request up: flag DI. */
    public final boolean delayInjected() {
        return delayInjected;
    }

    /** Notes that a fault held the request up. */
    public final void noteDelay() {
        delayInjected = true;
    }

    /** Whether another try was called for and all allowed ones were made: flag URX. */
    public final boolean retryLimitReached() {
        return retryLimitReached;
    }

    /** Notes that another try was called for and all allowed ones were made. */
    public final void noteRetryLimit() {
        retryLimitReached = true;
    }

    /** Whether another try was called for and the cluster had no retry left to give: flag UO. */
    public final boolean retryOverflowed() {
        return retryOverflowed;
    }

    /** Notes that another try was called for and the cluster had no retry left to give. */
    public final void noteRetryOverflow() {
        retryOverflowed = true;
    }

    // ---- what became of it

    /** Status sent; 0 when none was. */
    public final int status() {
        return status;
    }

    /**
     * gRPC status of the call: the one sent to the client in trailers or head, else, as in Envoy, what the HTTP status stands
     * for, so that a call that was cut does not pass for one without errors. -1 without a call, and where no head was sent.
     */
    public final int grpcStatus() {
        return grpcStatus >= 0 || !grpc || status == 0 ? grpcStatus : GrpcStatus.ofHttp(status);
    }

    /** Why the proxy answered by itself or cut the response; null for an upstream's own complete response. */
    public final @Nullable ProxyError error() {
        return error;
    }

    /** Notes why the proxy answers by itself, for answers that are no failure (direct response, redirect). */
    public final void note(ErrorCode code) {
        error = ProxyError.proxy(code, "");
    }

    /** Final head that went to the client, with all edits; null when none did. */
    public final @Nullable ResponseHead responseHead() {
        return responseHead;
    }

    /** Trailers that went to the client; null when there were none. */
    public final @Nullable Headers responseTrailers() {
        return responseTrailers;
    }

    /** Body bytes sent to the client. */
    public final long responseBytes() {
        return responseBytes;
    }

    // ---- when

    /** Wall clock at the start, milliseconds since the epoch. */
    public final long startedMillis() {
        return startedMillis;
    }

    /** The start. */
    public final long startedNanos() {
        return startedNanos;
    }

    /** When the whole request had arrived. */
    public final long requestEndNanos() {
        return requestEndNanos;
    }

    /** When the first attempt got its connection. */
    public final long firstUpstreamNanos() {
        return firstUpstreamNanos;
    }

    final void upstreamReached() {
        if (firstUpstreamNanos == 0) {
            firstUpstreamNanos = nowNanos();
        }
    }

    /** When the final head went out. */
    public final long responseHeadNanos() {
        return responseHeadNanos;
    }

    /** The end. */
    public final long endNanos() {
        return endNanos;
    }
}
