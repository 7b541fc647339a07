package dev.sluice.config.plan.policy;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * CORS (spec/istio-fields.md §1.9).
 *
 * @param allowOrigins any of them allows
 * @param allowMethods joined value of Access-Control-Allow-Methods; {@code *} echoes the request; null when unset
 * @param allowHeaders joined; {@code *} echoes the request; null when unset
 * @param exposeHeaders joined; null when unset
 * @param maxAgeSeconds -1 when unset
 * @param allowCredentials adds the header when true
 * @param ignoreUnmatchedPreflights a preflight of a foreign origin is answered 200 here instead of forwarded
 */
public record CorsPlan(
        List<StringMatchPlan> allowOrigins,
        @Nullable String allowMethods,
        @Nullable String allowHeaders,
        @Nullable String exposeHeaders,
        long maxAgeSeconds,
        boolean allowCredentials,
        boolean ignoreUnmatchedPreflights) {
    public CorsPlan {
        allowOrigins = List.copyOf(allowOrigins);
    }
}
