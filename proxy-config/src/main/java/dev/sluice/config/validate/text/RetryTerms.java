package dev.sluice.config.validate.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The vocabulary of {@code retryOn} (spec §1.7). */
public final class RetryTerms {
    /** Every condition that has a name. */
    public static final Set<String> NAMED = Set.of(
            "5xx",
            "gateway-error",
            "reset",
            "reset-before-request",
            "connect-failure",
            "retriable-4xx",
            "refused-stream",
            "retriable-status-codes",
            "retriable-headers",
            "envoy-ratelimited",
            "http3-post-connect-failure",
            "cancelled",
            "deadline-exceeded",
            "internal",
            "resource-exhausted",
            "unavailable");

    /** The registered status codes, as Go's {@code http.StatusText} knows them. */
    private static final Set<Integer> CODES = Set.of(
            100, 101, 102, 103, 200, 201, 202, 203, 204, 205, 206, 207, 208, 226, 300, 301, 302, 303, 304, 305, 307,
            308, 400, 401, 402, 403, 404, 405, 406, 407, 408, 409, 410, 411, 412, 413, 414, 415, 416, 417, 418, 421,
            422, 423, 424, 425, 426, 428, 429, 431, 451, 500, 501, 502, 503, 504, 505, 506, 507, 508, 510, 511);

    private RetryTerms() {}

    /** The items between commas, as written, the empty ones too. */
    public static List<String> split(String retryOn) {
        List<String> terms = new ArrayList<>();
        int from = 0;
        for (int comma = retryOn.indexOf(','); comma >= 0; comma = retryOn.indexOf(',', from)) {
            terms.add(retryOn.substring(from, comma));
            from = comma + 1;
        }
        terms.add(retryOn.substring(from));
        return terms;
    }

    /** Whether an item is a named condition or a registered status code; nothing is trimmed. */
    public static boolean isKnown(String term) {
        return NAMED.contains(term) || (isCode(term) && CODES.contains(Integer.parseInt(term)));
    }

    private static boolean isCode(String term) {
        for (int i = 0; i < term.length(); i++) {
            if (term.charAt(i) < '0' || term.charAt(i) > '9') {
                return false;
            }
        }
        return term.length() == 3;
    }
}
