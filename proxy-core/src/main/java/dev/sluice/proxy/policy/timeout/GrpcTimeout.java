package dev.sluice.proxy.policy.timeout;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** {@code grpc-timeout}: at most eight digits and a unit of H M S m u n (gRPC over HTTP/2, "Timeout"). Pure. */
public final class GrpcTimeout {
    private static final int MAX_DIGITS = 8;

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
}
