package dev.sluice.config.translate.route;

import dev.sluice.config.crd.HttpRoute.Percent;
import org.jspecify.annotations.Nullable;

/** Shares of requests per million, in Istio's arithmetic: {@code uint32(value * 10000)}, which truncates. */
final class Share {
    static final int ALL = 1_000_000;

    private Share() {}

    /** Of a percentage that is there; one without a value is 0. */
    static int perMillion(Percent percent) {
        Double value = percent.value();
        return value == null ? 0 : clamped((long) (value * 10_000));
    }

    /** Of one of the deprecated whole percentages; null is 0. */
    static int perMillion(@Nullable Number percent) {
        return percent == null ? 0 : clamped(percent.longValue() * 10_000);
    }

    private static int clamped(long perMillion) {
        return (int) Math.max(0, Math.min(perMillion, ALL));
    }
}
