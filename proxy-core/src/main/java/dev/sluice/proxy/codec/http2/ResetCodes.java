package dev.sluice.proxy.codec.http2;

import dev.sluice.proxy.stream.ErrorCode;
import dev.sluice.proxy.stream.ProxyError;
import dev.sluice.proxy.stream.ProxyError.RetryVerdict;
import io.netty.handler.codec.http2.Http2Error;
import org.jspecify.annotations.Nullable;

/** Between the codes of RST_STREAM and GOAWAY (RFC 9113 section 7) and ours. Static; any thread. */
public final class ResetCodes {
    /**
     * Two codes that an upstream's gRPC server chooses and its client tells apart go through as they are (spec/reliability.md
     * B66); the others all mean an internal error to it.
     */
    private static final ProxyError UPSTREAM_CANCELLED =
            ProxyError.upstream(ErrorCode.UPSTREAM_RESET, "RST_STREAM " + Http2Error.CANCEL.name());

    private static final ProxyError UPSTREAM_EXHAUSTED =
            ProxyError.upstream(ErrorCode.UPSTREAM_RESET, "RST_STREAM " + Http2Error.ENHANCE_YOUR_CALM.name());

    private ResetCodes() {}

    /**
     * What a client is told when its response is given up (spec/reliability.md B37, B59).
     *
     * @param responded its head was sent
     */
    public static Http2Error towardsClient(ProxyError error, boolean responded) {
        if (!responded && error.retry() == RetryVerdict.NOT_PROCESSED) {
            // The one code that lets the client try again whatever the method.
            return Http2Error.REFUSED_STREAM;
        }
        if (error.equals(UPSTREAM_CANCELLED)) {
            return Http2Error.CANCEL;
        }
        if (error.equals(UPSTREAM_EXHAUSTED)) {
            return Http2Error.ENHANCE_YOUR_CALM;
        }
        return switch (error.code()) {
            case CLIENT_GONE, LOCAL_RESET -> Http2Error.CANCEL;
            case BAD_REQUEST -> Http2Error.PROTOCOL_ERROR;
            case OVERLOADED -> Http2Error.ENHANCE_YOUR_CALM;
            default -> Http2Error.INTERNAL_ERROR;
        };
    }

    /** What an upstream is told when its response is no longer wanted. */
    public static Http2Error towardsUpstream(ProxyError error) {
        return switch (error.code()) {
            case UPSTREAM_PROTOCOL -> Http2Error.PROTOCOL_ERROR;
            case INTERNAL -> Http2Error.INTERNAL_ERROR;
            default -> Http2Error.CANCEL;
        };
    }

    /** A client reset its stream. */
    public static ProxyError fromClient(long code) {
        return ProxyError.downstream(ErrorCode.CLIENT_GONE, "RST_STREAM " + name(code));
    }

    /** An upstream reset a stream before the response was complete. */
    public static ProxyError fromUpstream(long code) {
        String detail = "RST_STREAM " + name(code);
        return code == Http2Error.REFUSED_STREAM.code()
                ? ProxyError.notProcessed(ErrorCode.UPSTREAM_REFUSED, detail)
                : ProxyError.upstream(ErrorCode.UPSTREAM_RESET, detail);
    }

    /** Name of a code, or its number where the RFC has none. */
    public static String name(long code) {
        @Nullable Http2Error known = Http2Error.valueOf(code);
        return known == null ? Long.toString(code) : known.name();
    }
}
