package dev.sluice.proxy.policy.redirect;

import dev.sluice.config.plan.RouteActionPlan.DirectResponse;
import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;

/**
 * A direct response (spec/istio-fields.md §1.6), its bytes taken out of the plan once. What HEAD and 204 leave out of it is
 * the codecs' business. Immutable.
 */
final class DirectAnswer {
    private static final AsciiString TEXT_PLAIN = AsciiString.cached("text/plain");

    private final int status;
    private final byte[] body;

    DirectAnswer(DirectResponse plan) {
        this.status = plan.status();
        this.body = plan.body().bytes();
    }

    /** 200 to 600. */
    int status() {
        return status;
    }

    /** Shared by all requests, not to be modified. */
    byte[] body() {
        return body;
    }

    /** Null without a body. The route's response header operations run later and may replace it. */
    @Nullable
    AsciiString contentType() {
        return body.length == 0 ? null : TEXT_PLAIN;
    }
}
