package dev.sluice.config.crd;

import dev.sluice.config.crd.tree.MapNode;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Cross-origin rules of a route (spec §1.9). */
public record CorsPolicy(
        MapNode at,
        List<String> allowOrigin,
        List<StringMatch> allowOrigins,
        List<String> allowMethods,
        List<String> allowHeaders,
        List<String> exposeHeaders,
        @Nullable Duration maxAge,
        @Nullable Boolean allowCredentials,
        @Nullable UnmatchedPreflights unmatchedPreflights) {
    /** What becomes of a preflight whose origin no matcher takes. */
    public enum UnmatchedPreflights {
        UNSPECIFIED,
        FORWARD,
        IGNORE
    }
}
