package dev.sluice.config.translate;

import dev.sluice.config.crd.mesh.DrainMetadata;
import dev.sluice.config.crd.mesh.MeshConfig;
import dev.sluice.config.crd.mesh.ProxyConfig;
import dev.sluice.config.crd.schema.GoDuration;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How long the end of a process may take, by the names of Istio's agent: {@code terminationDrainDuration}, and in {@code
 * proxyMetadata} {@code EXIT_ON_ZERO_ACTIVE_CONNECTIONS} and {@code MINIMUM_DRAIN_DURATION}. Within the two bounds it ends when
 * no connection is left.
 *
 * @param leastMillis as long as others may not have heard yet that it goes
 * @param mostMillis what is open then is cut; not below {@code leastMillis}
 */
public record DrainSettings(long leastMillis, long mostMillis) {
    /** Istio's, for the one and for the other. */
    private static final Duration DEFAULT = Duration.ofSeconds(5);

    /** Whoever waits for the last connection is ended by somebody else before. */
    private static final Duration LONGEST = Duration.ofDays(1);

    /** What Go reads as true. */
    private static final Set<String> TRUE = Set.of("1", "t", "T", "true", "TRUE", "True");

    /** @param askedMillis what the command line allows; null where it says nothing */
    public static DrainSettings of(MeshConfig mesh, @Nullable Long askedMillis) {
        ProxyConfig proxy = mesh.defaultConfig();
        Map<String, String> metadata = proxy == null ? Map.of() : proxy.proxyMetadata();
        Duration least = GoDuration.notNegative(metadata.get(DrainMetadata.LEAST));
        Duration most = proxy == null ? null : proxy.terminationDrainDuration();
        if (TRUE.contains(metadata.getOrDefault(DrainMetadata.ON_ZERO, ""))) {
            least = least == null ? DEFAULT : least;
            most = LONGEST;
        }
        long leastMillis = least == null ? 0 : millis(least);
        long mostMillis = askedMillis == null ? millis(most == null ? DEFAULT : most) : askedMillis;
        return new DrainSettings(leastMillis, Math.max(leastMillis, mostMillis));
    }

    private static long millis(Duration duration) {
        return Math.max(0, (duration.compareTo(LONGEST) > 0 ? LONGEST : duration).toMillis());
    }
}
