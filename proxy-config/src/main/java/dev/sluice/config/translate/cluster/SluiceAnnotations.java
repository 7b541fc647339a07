package dev.sluice.config.translate.cluster;

import dev.sluice.config.crd.schema.GoDuration;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Values of {@code sluice.dev/…} annotations. A value that is none is as if it were not there; validation says so at its
 * place.
 */
public final class SluiceAnnotations {
    /** On DestinationRule: connections to one endpoint. */
    public static final String MAX_CONNECTIONS_PER_ENDPOINT = "sluice.dev/max-connections-per-endpoint";
    /** On DestinationRule: requests in flight to one endpoint. */
    public static final String MAX_REQUESTS_PER_ENDPOINT = "sluice.dev/max-requests-per-endpoint";
    /** On DestinationRule: how long a request may wait for a connection. */
    public static final String PENDING_DEADLINE = "sluice.dev/pending-deadline";
    /** On DestinationRule: percent of its share that a returning endpoint gets until it has answered. */
    public static final String HALF_OPEN = "sluice.dev/half-open";
    /** On VirtualService: bytes of a request body that a retry may hold back. */
    public static final String REPLAY_LIMIT = "sluice.dev/replay-limit";
    /** On VirtualService: how long neither a request nor its response may move; {@code 0s} for as long as they like. */
    public static final String STREAM_IDLE_TIMEOUT = "sluice.dev/stream-idle-timeout";
    /** On VirtualService: {@code request} or {@code attempt}. */
    public static final String FAULT_SCOPE = "sluice.dev/fault-scope";
    /** On Sidecar: comma-separated names of headers. */
    public static final String CARRY_HEADERS = "sluice.dev/carry-headers";

    /** On Gateway and Sidecar: permissions of the files of the Unix domain sockets that it listens on, octal. */
    public static final String SOCKET_MODE = "sluice.dev/socket-mode";

    private SluiceAnnotations() {}

    /** A whole number from {@code min} to {@code max}; {@code otherwise} for null and for what is none. */
    public static int number(@Nullable String value, int min, int max, int otherwise) {
        if (value == null || value.isEmpty() || value.length() > 10) {
            return otherwise;
        }
        long number = 0;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c < '0' || c > '9') {
                return otherwise;
            }
            number = number * 10 + (c - '0');
        }
        return number < min || number > max ? otherwise : (int) number;
    }

    /** Permissions of a file, three octal digits with or without a zero in front; -1 for null and for what is none. */
    public static int fileMode(@Nullable String value) {
        String digits = value != null && value.length() == 4 && value.charAt(0) == '0' ? value.substring(1) : value;
        if (digits == null || digits.length() != 3) {
            return -1;
        }
        int mode = 0;
        for (int i = 0; i < digits.length(); i++) {
            int digit = digits.charAt(i) - '0';
            if (digit < 0 || digit > 7) {
                return -1;
            }
            mode = mode * 8 + digit;
        }
        return mode;
    }

    /** A positive duration such as {@code 1.5s}; null for null and for what is none. */
    public static @Nullable Duration duration(@Nullable String value) {
        Duration duration = GoDuration.notNegative(value);
        return duration == null || duration.isZero() ? null : duration;
    }
}
