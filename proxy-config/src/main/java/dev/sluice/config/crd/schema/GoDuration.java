package dev.sluice.config.crd.schema;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Go's duration syntax ({@code time.ParseDuration}), which Istio's files use: {@code 300ms}, {@code 1.5s}, {@code
 * 1h30m}, {@code -2m}. A unit is needed everywhere but on {@code 0}.
 *
 * <p>In 64-bit integers throughout: {@code BigDecimal} would do the same, but its class computes powers of five up to 5<sup>65536</sup>
 * when it is first used, a tenth of the time of a start.
 */
public final class GoDuration {
    private static final Map<String, Long> NANOS = Map.of(
            "ns", 1L,
            "us", 1_000L,
            "µs", 1_000L,
            "μs", 1_000L,
            "ms", 1_000_000L,
            "s", 1_000_000_000L,
            "m", 60_000_000_000L,
            "h", 3_600_000_000_000L);
    /** More digits than this say nothing that 64 bits can hold. */
    private static final int MAX_LENGTH = 64;

    private GoDuration() {}

    /** A duration that is zero or positive; null for null and for what is no such duration, which validation reports. */
    public static @Nullable Duration notNegative(@Nullable String text) {
        if (text == null) {
            return null;
        }
        try {
            Duration duration = parse(text);
            return duration.isNegative() ? null : duration;
        } catch (IllegalArgumentException notADuration) {
            return null;
        }
    }

    /**
     * The duration that {@code text} names, of each of its parts fractions of a nanosecond cut off.
     *
     * @throws IllegalArgumentException whose message says what is wrong and what would be right
     */
    public static Duration parse(String text) {
        int at = !text.isEmpty() && (text.charAt(0) == '-' || text.charAt(0) == '+') ? 1 : 0;
        boolean negative = at == 1 && text.charAt(0) == '-';
        if (text.substring(at).equals("0")) {
            return Duration.ZERO;
        }
        if (at == text.length() || text.length() > MAX_LENGTH) {
            throw bad();
        }
        long sum = 0;
        while (at < text.length()) {
            int unitAt = skip(text, at, true);
            int end = skip(text, unitAt, false);
            String digits = text.substring(at, unitAt);
            if (digits.isEmpty() || digits.equals(".") || digits.indexOf('.') != digits.lastIndexOf('.')) {
                throw bad();
            }
            String unit = text.substring(unitAt, end);
            Long nanos = NANOS.get(unit);
            if (nanos == null) {
                throw unit.isEmpty() ? new IllegalArgumentException("needs a unit, such as \"" + text + "s\"") : bad();
            }
            sum += part(digits, nanos, Long.MAX_VALUE - sum);
            at = end;
        }
        return Duration.ofNanos(negative ? -sum : sum);
    }

    /** {@code digits} times {@code unit}, which is at most {@code most}. */
    private static long part(String digits, long unit, long most) {
        int point = digits.indexOf('.');
        int wholeEnd = point < 0 ? digits.length() : point;
        // From the last digit to the first: what is cut off of the later ones is never what carries into the earlier.
        long fraction = 0;
        for (int i = digits.length() - 1; i > wholeEnd; i--) {
            fraction = ((digits.charAt(i) - '0') * unit + fraction) / 10;
        }
        long units = most / unit;
        long whole = 0;
        for (int i = 0; i < wholeEnd; i++) {
            int digit = digits.charAt(i) - '0';
            if (whole > units / 10 || whole * 10 > units - digit) {
                throw tooLong();
            }
            whole = whole * 10 + digit;
        }
        if (fraction > most - whole * unit) {
            throw tooLong();
        }
        return whole * unit + fraction;
    }

    private static int skip(String text, int from, boolean number) {
        int i = from;
        while (i < text.length()) {
            char c = text.charAt(i);
            if (((c >= '0' && c <= '9') || c == '.') != number) {
                break;
            }
            i++;
        }
        return i;
    }

    private static IllegalArgumentException tooLong() {
        return new IllegalArgumentException("is longer than 292 years");
    }

    private static IllegalArgumentException bad() {
        return new IllegalArgumentException("is not a duration such as \"300ms\", \"1.5s\" or \"1h30m\"");
    }
}
