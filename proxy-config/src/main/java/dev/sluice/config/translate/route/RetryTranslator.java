package dev.sluice.config.translate.route;

import dev.sluice.config.crd.HttpRoute.HttpRetry;
import dev.sluice.config.plan.policy.RetryPlan;
import dev.sluice.config.plan.policy.RetryPlan.RetryOn;
import dev.sluice.config.translate.scope.Mesh;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Retries of a route: its own, else the mesh's, else Istio's default (spec §1.7). */
final class RetryTranslator {
    private final Mesh mesh;

    RetryTranslator(Mesh mesh) {
        this.mesh = mesh;
    }

    /** @param hashed whether the only destination is hashed: another endpoint would break what the hash is for */
    RetryPlan retry(@Nullable HttpRetry own, boolean hashed) {
        HttpRetry written = own == null ? mesh.defaultRetries() : own;
        RetryPlan base = RetryPlan.DEFAULT;
        if (written == null) {
            return new RetryPlan(
                    base.attempts(),
                    base.perTryTimeout(),
                    base.retryOn(),
                    base.statusCodes(),
                    base.retryRemoteLocalities(),
                    !hashed,
                    base.baseInterval(),
                    true);
        }
        if (written.attempts() == null || written.attempts() <= 0) {
            return hashed ? RetryPlan.OFF_WITH_KEY : RetryPlan.OFF;
        }
        Set<RetryOn> words = base.retryOn();
        List<Integer> codes = base.statusCodes();
        if (written.retryOn() != null && !written.retryOn().isEmpty()) {
            RetryOnTokens tokens = RetryOnTokens.parse(written.retryOn());
            words = tokens.words();
            codes = tokens.statusCodes();
        }
        Boolean ignorePrevious = written.retryIgnorePreviousHosts();
        return new RetryPlan(
                written.attempts(),
                positive(written.perTryTimeout()),
                words,
                codes,
                Boolean.TRUE.equals(written.retryRemoteLocalities()),
                ignorePrevious == null ? !hashed : ignorePrevious,
                written.backoff() == null || written.backoff().isZero() ? base.baseInterval() : written.backoff(),
                own == null);
    }

    private static @Nullable Duration positive(@Nullable Duration duration) {
        return duration == null || duration.isZero() ? null : duration;
    }
}
