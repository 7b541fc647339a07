package dev.sluice.proxy.policy.steering;

import dev.sluice.config.plan.policy.RetryPlan.RetryOn;
import dev.sluice.proxy.exchange.Steering;
import dev.sluice.proxy.stream.headers.Headers;
import io.netty.util.AsciiString;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Reads and removes the steering headers (spec/istio-fields.md §1.7). What cannot be read counts as absent, as in Envoy. */
final class SteeringHeaders {
    private static final AsciiString TIMEOUT = AsciiString.cached("x-envoy-upstream-rq-timeout-ms");
    private static final AsciiString TRY_TIMEOUT = AsciiString.cached("x-envoy-upstream-rq-per-try-timeout-ms");
    private static final AsciiString NO_CONTENT = AsciiString.cached("x-envoy-upstream-rq-timeout-alt-response");
    private static final AsciiString MAX_RETRIES = AsciiString.cached("x-envoy-max-retries");
    private static final AsciiString RETRY_ON = AsciiString.cached("x-envoy-retry-on");
    private static final AsciiString RETRY_GRPC_ON = AsciiString.cached("x-envoy-retry-grpc-on");
    private static final AsciiString STATUS_CODES = AsciiString.cached("x-envoy-retriable-status-codes");
    private static final AsciiString HEADER_NAMES = AsciiString.cached("x-envoy-retriable-header-names");
    /** Hedging is not done; a request that asks for it is tried as any other. */
    private static final AsciiString HEDGE = AsciiString.cached("x-envoy-hedge-on-per-try-timeout");
    /** Ours to write, for the upstream. */
    private static final AsciiString EXPECTED = AsciiString.cached("x-envoy-expected-rq-timeout-ms");

    private static final List<AsciiString> ALL = List.of(
            TIMEOUT,
            TRY_TIMEOUT,
            NO_CONTENT,
            MAX_RETRIES,
            RETRY_ON,
            RETRY_GRPC_ON,
            STATUS_CODES,
            HEADER_NAMES,
            HEDGE,
            EXPECTED);

    private static final Set<RetryOn> GRPC = EnumSet.of(
            RetryOn.CANCELLED,
            RetryOn.DEADLINE_EXCEEDED,
            RetryOn.INTERNAL,
            RetryOn.RESOURCE_EXHAUSTED,
            RetryOn.UNAVAILABLE);
    private static final Set<RetryOn> HTTP = EnumSet.complementOf(EnumSet.copyOf(GRPC));
    /** Longer than any wait that makes sense, short enough for nanoseconds. */
    private static final int MAX_DIGITS = 9;

    private SteeringHeaders() {}

    /** Null when {@code headers} ask for nothing. */
    static @Nullable Steering read(Headers headers) {
        Set<RetryOn> on = EnumSet.noneOf(RetryOn.class);
        addWords(headers.joined(RETRY_ON), HTTP, on);
        addWords(headers.joined(RETRY_GRPC_ON), GRPC, on);
        List<Integer> codes = new ArrayList<>();
        for (String item : items(headers.joined(STATUS_CODES))) {
            int code = number(item);
            if (code >= 100 && code <= 599) {
                codes.add(code);
            }
        }
        List<AsciiString> names = items(headers.joined(HEADER_NAMES)).stream()
                .map(name -> AsciiString.of(name.toLowerCase(Locale.ROOT)))
                .toList();
        long timeout = nanos(headers.get(TIMEOUT));
        long tryTimeout = nanos(headers.get(TRY_TIMEOUT));
        int retries = number(headers.get(MAX_RETRIES));
        boolean noContent = headers.contains(NO_CONTENT);
        boolean nothing = timeout == Steering.UNSET
                && tryTimeout == Steering.UNSET
                && retries == Steering.UNSET
                && on.isEmpty()
                && codes.isEmpty()
                && names.isEmpty()
                && !noContent;
        return nothing ? null : new Steering(timeout, tryTimeout, retries, on, codes, names, noContent);
    }

    /** Takes all of them off. */
    static void remove(Headers headers) {
        for (AsciiString name : ALL) {
            headers.remove(name);
        }
    }

    private static void addWords(@Nullable CharSequence list, Set<RetryOn> known, Set<RetryOn> to) {
        for (String item : items(list)) {
            for (RetryOn word : known) {
                if (word.token().equals(item)) {
                    to.add(word);
                }
            }
        }
    }

    private static List<String> items(@Nullable CharSequence list) {
        if (list == null) {
            return List.of();
        }
        List<String> items = new ArrayList<>();
        String text = list.toString();
        int from = 0;
        while (from <= text.length()) {
            int comma = text.indexOf(',', from);
            int end = comma < 0 ? text.length() : comma;
            String item = text.substring(from, end).strip();
            if (!item.isEmpty()) {
                items.add(item);
            }
            from = end + 1;
        }
        return items;
    }

    private static long nanos(@Nullable CharSequence millis) {
        int number = number(millis);
        return number == Steering.UNSET ? Steering.UNSET : TimeUnit.MILLISECONDS.toNanos(number);
    }

    /** {@link Steering#UNSET} for what is no whole number. */
    private static int number(@Nullable CharSequence digits) {
        if (digits == null || digits.isEmpty() || digits.length() > MAX_DIGITS) {
            return Steering.UNSET;
        }
        int number = 0;
        for (int i = 0; i < digits.length(); i++) {
            int digit = digits.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return Steering.UNSET;
            }
            number = number * 10 + digit;
        }
        return number;
    }
}
