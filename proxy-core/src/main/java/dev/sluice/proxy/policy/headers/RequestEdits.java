package dev.sluice.proxy.policy.headers;

import dev.sluice.config.plan.HeaderPlan;
import dev.sluice.config.plan.RewritePlan;
import dev.sluice.proxy.stream.RequestHead;
import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;

/**
 * Everything that a route and one of its destinations change in a request, in Envoy's order: header operations, authority,
 * path. {@code explain} runs the same object. Immutable.
 */
public final class RequestEdits {
    private static final AsciiString ORIGINAL_PATH = AsciiString.cached("x-envoy-original-path");
    private static final AsciiString ORIGINAL_HOST = AsciiString.cached("x-envoy-original-host");

    private final HeaderOperations[] operations;
    private final @Nullable String authority;
    private final @Nullable PathRewriter path;

    /**
     * @param single the route has one destination: its lists and the route's are one (spec/istio-fields.md §1.3 rule 1)
     */
    public RequestEdits(HeaderPlan route, HeaderPlan destination, @Nullable RewritePlan rewrite, boolean single) {
        this.operations = LevelledOperations.compile(route.request(), destination.request(), single);
        String rewritten = rewrite == null ? null : rewrite.authority();
        this.authority =
                rewritten != null ? rewritten : route.authority() != null ? route.authority() : destination.authority();
        this.path = rewrite == null || rewrite.path() == null ? null : new PathRewriter(rewrite.path());
    }

    /** Whether nothing is ever changed. */
    public boolean isEmpty() {
        return operations.length == 0 && authority == null && path == null;
    }

    /** Edits {@code context.request()} in place. */
    public void apply(FormatContext context) {
        RequestHead request = context.request();
        for (HeaderOperations list : operations) {
            list.apply(request.headers(), context);
        }
        if (authority != null && !authority.equals(request.authority())) {
            request.headers().set(ORIGINAL_HOST, request.authority());
            request.rewriteAuthority(authority);
        }
        if (path != null) {
            String before = request.path();
            String after = path.rewrite(before);
            if (!after.equals(before)) {
                request.headers().set(ORIGINAL_PATH, before);
                request.rewritePath(after);
            }
        }
    }
}
