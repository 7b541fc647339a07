package dev.sluice.config.translate.registry;

import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Which of its endpoints a service itself wants to be used, by how far they are from the proxy. */
public enum Nearness {
    /** It does not say. */
    ANY,
    /** Those of the same zone go first; where there are none, those of the same region. */
    ZONE,
    /** Those of the same node go first, then those of the same zone. */
    NODE,
    /** No others than those of the same node. */
    ONLY_NODE;

    /** Istio's older way to write {@code trafficDistribution}, for Services and ServiceEntries. */
    static final String ANNOTATION = "networking.istio.io/traffic-distribution";

    /**
     * What Kubernetes' field and Istio's annotation say; a value that is none is as if it were not there.
     *
     * @param field {@code trafficDistribution} of a Service, which goes first
     */
    static Nearness of(@Nullable String field, @Nullable String annotation) {
        Nearness byField = of(field == null ? "" : field);
        return byField != ANY ? byField : of(Objects.requireNonNullElse(annotation, ""));
    }

    private static Nearness of(String written) {
        return switch (written.toLowerCase(Locale.ROOT)) {
            case "preferclose", "prefersamezone" -> ZONE;
            case "prefersamenode" -> NODE;
            default -> ANY;
        };
    }
}
