package dev.sluice.proxy.exchange;

import dev.sluice.proxy.stream.ErrorCode;
import dev.sluice.proxy.stream.ProxyError;

/**
 * The deadline that the upstream of a gRPC call was told. An upstream that keeps it resets the stream when it passes, most
 * often a moment before our own timer fires.
 *
 * @param nanos when it passes, on {@link Exchange#nowNanos()}
 * @param meaning what it means when the upstream resets the stream from then on
 */
public record ToldDeadline(long nanos, ProxyError meaning) {
    /** What {@code reset}, which came at {@code nowNanos}, means. */
    ProxyError meaningOf(ProxyError reset, long nowNanos) {
        return reset.code() == ErrorCode.UPSTREAM_RESET && nowNanos - nanos >= 0 ? meaning : reset;
    }
}
