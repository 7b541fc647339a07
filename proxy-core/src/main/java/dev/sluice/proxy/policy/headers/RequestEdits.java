package dev.sluice.proxy.policy.headers;

import dev.sluice.config.plan.policy.HeaderPlan;
import dev.sluice.config.plan.policy.RewritePlan;
import dev.sluice.proxy.stream.RequestHead;
import org.jspecify.annotations.Nullable;

/**
 * Everything that a route and one of its destinations change in a request, in Envoy's order: header operations, then path and
 * authority. {@code explain} runs the same object. Immutable.
 */
public final class RequestEdits {
    private final HeaderOperations[] operations;
    private final @Nullable Rewrite rewrite;

    /** @throws IllegalArgumentException for what cannot be compiled, such as an authority that cannot be sent */
    public RequestEdits(HeaderPlan route, HeaderPlan destination, @Nullable RewritePlan rewrite) {
        this.operations = LevelledOperations.compile(route.request(), destination.request());
        this.rewrite = Rewrite.of(rewrite, route, destination);
    }

    /** Whether nothing is ever changed. */
    public boolean isEmpty() {
        return operations.length == 0 && rewrite == null;
    }

    /**
     * Edits {@code context.request()} in place.
     *
     * @return false when the rewritten path is no path that could be sent; the request must not go on
     */
    public boolean apply(FormatContext context) {
        RequestHead request = context.request();
        for (HeaderOperations list : operations) {
            list.apply(request.headers(), context);
        }
        return rewrite == null || rewrite.apply(request);
    }
}
