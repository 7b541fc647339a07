package dev.sluice.proxy.policy.headers;

import dev.sluice.config.plan.policy.HeaderPlan;
import dev.sluice.config.plan.policy.RewritePlan;
import dev.sluice.proxy.stream.RequestHead;
import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;

/**
 * Rewrite of path and authority (spec/istio-fields.md §1.4, §1.3 rule 5), after the header operations and before the first
 * attempt. Immutable.
 */
final class Rewrite {
    private static final AsciiString ORIGINAL_PATH = AsciiString.cached("x-envoy-original-path");
    private static final AsciiString ORIGINAL_HOST = AsciiString.cached("x-envoy-original-host");

    private final @Nullable PathRewriter path;
    private final @Nullable String authority;

    private Rewrite(@Nullable PathRewriter path, @Nullable String authority) {
        this.path = path;
        this.authority = authority;
    }

    /**
     * What a route does to requests for one of its destinations. The authority is rewrite.authority, else the route level
     * header's, else the destination level one's.
     *
     * @return null when nothing is rewritten
     * @throws IllegalArgumentException for an authority that cannot be sent, or a bad regex substitution
     */
    static @Nullable Rewrite of(@Nullable RewritePlan plan, HeaderPlan route, HeaderPlan destination) {
        PathRewriter path = plan == null || plan.path() == null ? null : PathRewriter.of(plan.path());
        String authority = plan == null ? null : plan.authority();
        if (authority == null) {
            authority = route.authority() != null ? route.authority() : destination.authority();
        }
        if (authority != null && authority.isEmpty()) {
            authority = null;
        }
        if (authority != null && !isVisibleAscii(authority)) {
            throw new IllegalArgumentException("authority \"" + authority + "\" holds a character that none may hold");
        }
        return path == null && authority == null ? null : new Rewrite(path, authority);
    }

    /**
     * Rewrites {@code head} and keeps the original path and host in {@code x-envoy-original-path} and {@code -host} where
     * they change.
     *
     * @return false, with the head untouched, when the new path would be no valid request target (spec/reliability.md E6)
     */
    boolean apply(RequestHead head) {
        String current = head.path();
        String target = path == null ? current : rewritten(path, current);
        if (!target.equals(current)) {
            if (!target.startsWith("/") || !isVisibleAscii(target)) {
                return false;
            }
            head.headers().set(ORIGINAL_PATH, current);
            head.rewritePath(target);
        }
        if (authority != null && !authority.equals(head.authority())) {
            if (!head.authority().isEmpty()) {
                head.headers().set(ORIGINAL_HOST, head.authority());
            }
            head.rewriteAuthority(authority);
        }
        return true;
    }

    private static String rewritten(PathRewriter rewriter, String target) {
        int question = target.indexOf('?');
        if (question < 0) {
            return rewriter.rewrite(target);
        }
        return rewriter.rewrite(target.substring(0, question)).concat(target.substring(question));
    }

    private static boolean isVisibleAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) <= ' ' || text.charAt(i) > '~') {
                return false;
            }
        }
        return true;
    }
}
