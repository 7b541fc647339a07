package dev.sluice.proxy.policy.retry;

import dev.sluice.config.plan.policy.RetryPlan;
import dev.sluice.config.plan.policy.RetryPlan.RetryOn;
import dev.sluice.proxy.exchange.Steering;
import dev.sluice.proxy.stream.ProxyError;
import dev.sluice.proxy.stream.ProxyError.RetryVerdict;
import dev.sluice.proxy.stream.RequestHead;
import dev.sluice.proxy.stream.headers.HeaderNames;
import dev.sluice.proxy.stream.headers.Headers;
import io.netty.util.AsciiString;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Whether an outcome may be tried again (spec/istio-fields.md §1.7). Pure; immutable.
 *
 * <p>Safe by default (design.md): where the route sets no retries of its own, a request that is not idempotent is retried
 * only where it was provably not processed, or where a gRPC server itself chose a status of the default list.
 */
final class RetryDecider {
    private static final AsciiString RATE_LIMITED = AsciiString.cached("x-envoy-ratelimited");

    private final Set<RetryOn> on;
    private final int[] statusCodes;
    private final List<AsciiString> headerNames;
    private final boolean isDefault;

    /** Compiles {@code plan}. */
    public RetryDecider(RetryPlan plan) {
        this.headerNames = List.of();
        this.on = plan.retryOn().isEmpty() ? EnumSet.noneOf(RetryOn.class) : EnumSet.copyOf(plan.retryOn());
        this.statusCodes =
                plan.statusCodes().stream().mapToInt(Integer::intValue).toArray();
        this.isDefault = plan.isDefault();
    }

    private RetryDecider(RetryDecider route, Steering asked) {
        this.on = EnumSet.noneOf(RetryOn.class);
        on.addAll(route.on);
        on.addAll(asked.retryOn());
        this.statusCodes = IntStream.concat(
                        IntStream.of(route.statusCodes),
                        asked.statusCodes().stream().mapToInt(Integer::intValue))
                .toArray();
        this.headerNames = asked.retriableHeaders();
        this.isDefault = route.isDefault && asked.retryOn().isEmpty();
    }

    /** The same with what a request itself asks for; whoever asks for retries knows what it may repeat. */
    RetryDecider with(Steering asked) {
        return new RetryDecider(this, asked);
    }

    /** Whether policy lets a failure without response be tried again; attempts left and body are the caller's matter. */
    public boolean retries(RequestHead request, ProxyError error) {
        if (error.retry() == RetryVerdict.NEVER) {
            return false;
        }
        if (isDefault && error.retry() != RetryVerdict.NOT_PROCESSED && !isIdempotent(request.method())) {
            return false;
        }
        if (on.contains(RetryOn.FIVE_XX) || on.contains(RetryOn.GATEWAY_ERROR) || on.contains(RetryOn.RESET)) {
            return true;
        }
        if (on.contains(RetryOn.RESET_BEFORE_REQUEST) && error.retry() == RetryVerdict.NOT_PROCESSED) {
            return true;
        }
        return switch (error.code()) {
            case CONNECT_FAILED, CONNECT_TIMEOUT -> on.contains(RetryOn.CONNECT_FAILURE);
            case UPSTREAM_REFUSED -> on.contains(RetryOn.REFUSED_STREAM);
            default -> false;
        };
    }

    /**
     * Whether a failure may be replayed without any policy: the request was provably not processed though a
     * connection stood (GOAWAY, REFUSED_STREAM; spec/reliability.md B59), or a reused connection ended under an
     * idempotent request before the first response byte (B43).
     */
    public static boolean replays(RequestHead request, ProxyError error) {
        return switch (error.code()) {
            case UPSTREAM_CLOSED, UPSTREAM_RESET, UPSTREAM_REFUSED ->
                switch (error.retry()) {
                    case NOT_PROCESSED -> true;
                    case REUSED_CONNECTION -> isIdempotent(request.method());
                    case UNKNOWN, NEVER -> false;
                };
            default -> false;
        };
    }

    /**
     * Whether a response may be thrown away for another try.
     *
     * @param status its HTTP status
     * @param trailersOnly its head is its end
     */
    public boolean retries(int status, Headers headers, boolean trailersOnly) {
        if (headers.contains(RATE_LIMITED)) {
            return on.contains(RetryOn.ENVOY_RATELIMITED);
        }
        if (on.contains(RetryOn.FIVE_XX) && status >= 500 && status < 600) {
            return true;
        }
        if (on.contains(RetryOn.GATEWAY_ERROR) && status >= 502 && status <= 504) {
            return true;
        }
        if (on.contains(RetryOn.RETRIABLE_4XX) && status == 409) {
            return true;
        }
        if (on.contains(RetryOn.RETRIABLE_STATUS_CODES)) {
            for (int code : statusCodes) {
                if (code == status) {
                    return true;
                }
            }
        }
        if (on.contains(RetryOn.RETRIABLE_HEADERS)) {
            for (AsciiString name : headerNames) {
                if (headers.contains(name)) {
                    return true;
                }
            }
        }
        return trailersOnly && retriesGrpc(headers.get(HeaderNames.GRPC_STATUS));
    }

    private boolean retriesGrpc(@Nullable CharSequence grpcStatus) {
        if (grpcStatus == null || grpcStatus.length() > 2) {
            return false;
        }
        RetryOn token =
                switch (grpcStatus.toString()) {
                    case "1" -> RetryOn.CANCELLED;
                    case "4" -> RetryOn.DEADLINE_EXCEEDED;
                    case "8" -> RetryOn.RESOURCE_EXHAUSTED;
                    case "13" -> RetryOn.INTERNAL;
                    case "14" -> RetryOn.UNAVAILABLE;
                    default -> null;
                };
        return token != null && on.contains(token);
    }

    private static boolean isIdempotent(String method) {
        return switch (method) {
            case "GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE" -> true;
            default -> false;
        };
    }
}
