package dev.sluice.proxy.policy.timeout;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** {@code grpc-timeout}: at most eight digits and a unit of H M S m u n (gRPC over HTTP/2, "Timeout"). Pure. */
final class GrpcTimeout {
    private static final int MAX_DIGITS = 8;
    private static final long MAX_AMOUNT = 99_999_999;

    private GrpcTimeout() {}

    /** Nanoseconds; 0 when absent, unparsable or zero, which all mean no deadline (spec/istio-fields.md §9.3). */
    public static long parseNanos(@Nullable CharSequence value) {
        if (value == null || value.length() < 2 || value.length() > MAX_DIGITS + 1) {
            return 0;
        }
        long amount = 0;
        for (int i = 0; i < value.length() - 1; i++) {
            int digit = value.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return 0;
            }
            amount = amount * 10 + digit;
        }
        return switch (value.charAt(value.length() - 1)) {
            case 'H' -> TimeUnit.HOURS.toNanos(amount);
            case 'M' -> TimeUnit.MINUTES.toNanos(amount);
            case 'S' -> TimeUnit.SECONDS.toNanos(amount);
            case 'm' -> TimeUnit.MILLISECONDS.toNanos(amount);
            case 'u' -> TimeUnit.MICROSECONDS.toNanos(amount);
            case 'n' -> amount;
            default -> 0;
        };
    }

    /**
     * Writes {@code nanos}, positive, as a header value: milliseconds rounded up, so that a deadline does not pass at the
     * upstream before it does here; coarser units where eight digits do not hold them.
     */
    static String format(long nanos) {
        long millis = (nanos - 1) / 1_000_000 + 1;
        if (millis <= MAX_AMOUNT) {
            return millis + "m";
        }
        long seconds = (millis - 1) / 1_000 + 1;
        return seconds <= MAX_AMOUNT ? seconds + "S" : Math.min(MAX_AMOUNT, (seconds - 1) / 3_600 + 1) + "H";
    }
}
