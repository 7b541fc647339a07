package dev.sluice.config.crd.mesh;

import dev.sluice.config.crd.schema.GoDuration;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What {@code defaultConfig.proxyMetadata} says about silent clients: Istio has no field for it. Pure. */
public final class IdleMetadata {
    /** Istio's own: how long a connection from a client may be without a request; {@code 0s} for ever. */
    public static final String CONNECTION = "ISTIO_META_IDLE_TIMEOUT";
    /** Sluice's own: how long neither a request nor its response may move. */
    public static final String STREAM = "SLUICE_STREAM_IDLE_TIMEOUT";

    private IdleMetadata() {}

    /** Zero or positive; null for null and for what is no such duration. */
    public static @Nullable Duration duration(@Nullable String value) {
        if (value == null) {
            return null;
        }
        Duration duration;
        try {
            duration = GoDuration.parse(value);
        } catch (IllegalArgumentException notADuration) {
            return null; // validation has reported it, with its place
        }
        return duration.isNegative() ? null : duration;
    }
}
