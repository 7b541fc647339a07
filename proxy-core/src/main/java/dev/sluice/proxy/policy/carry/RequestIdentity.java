package dev.sluice.proxy.policy.carry;

import dev.sluice.proxy.stream.headers.HeaderNames;
import dev.sluice.proxy.stream.headers.Headers;
import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;

/**
 * The ids by which a request of the app is told to belong to one that the app received. Pure.
 *
 * @param trace trace id of {@code traceparent} (W3C Trace Context §3.2), 32 lower-case hex digits; null without a valid one
 * @param request {@code x-request-id} as it came, behind a mark that keeps it apart from a trace id; null without one
 */
record RequestIdentity(@Nullable String trace, @Nullable String request) {
    private static final AsciiString TRACEPARENT = AsciiString.cached("traceparent");
    private static final int TRACE_AT = 3;
    private static final int TRACE_END = 35;
    /** version "-" trace-id "-" parent-id "-" flags; later versions may go on behind another dash. */
    private static final int LENGTH = 55;
    /** A longer one is not an id but an attempt at our memory. */
    private static final int MAX_REQUEST_ID = 256;

    static RequestIdentity of(Headers headers) {
        return new RequestIdentity(trace(headers.get(TRACEPARENT)), request(headers.get(HeaderNames.X_REQUEST_ID)));
    }

    private static @Nullable String request(@Nullable CharSequence id) {
        return id == null || id.isEmpty() || id.length() > MAX_REQUEST_ID ? null : "x-request-id " + id;
    }

    private static @Nullable String trace(@Nullable CharSequence traceparent) {
        if (traceparent == null
                || traceparent.length() < LENGTH
                || traceparent.charAt(TRACE_AT - 1) != '-'
                || traceparent.charAt(TRACE_END) != '-'
                || (traceparent.charAt(0) == 'f' && traceparent.charAt(1) == 'f')
                || (traceparent.length() > LENGTH && traceparent.charAt(LENGTH) != '-')) {
            return null;
        }
        boolean allZero = true;
        for (int i = TRACE_AT; i < TRACE_END; i++) {
            char digit = traceparent.charAt(i);
            if (!((digit >= '0' && digit <= '9') || (digit >= 'a' && digit <= 'f'))) {
                return null;
            }
            allZero &= digit == '0';
        }
        return allZero ? null : traceparent.subSequence(TRACE_AT, TRACE_END).toString();
    }
}
