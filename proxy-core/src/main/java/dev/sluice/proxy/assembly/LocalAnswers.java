package dev.sluice.proxy.assembly;

import dev.sluice.config.plan.RouteActionPlan;
import dev.sluice.config.plan.RouteActionPlan.DirectResponse;
import dev.sluice.config.plan.RouteActionPlan.Redirect;
import dev.sluice.config.plan.RouteActionPlan.RedirectPort;
import dev.sluice.config.plan.RoutePlan;
import dev.sluice.config.plan.policy.HeaderPlan;
import dev.sluice.proxy.exchange.RouteStage;
import dev.sluice.proxy.policy.headers.ResponseHeaders;
import dev.sluice.proxy.policy.redirect.AnswerEdits;
import dev.sluice.proxy.policy.redirect.DirectResponseStage;
import dev.sluice.proxy.policy.redirect.RedirectDecider;
import dev.sluice.proxy.policy.redirect.RedirectStage;
import dev.sluice.proxy.stream.ErrorCode;
import dev.sluice.proxy.stream.ProxyError;

/** Stages of routes that answer by themselves. */
final class LocalAnswers {
    private static final ProxyError DEAD =
            ProxyError.proxy(ErrorCode.NO_ROUTE, "the route's redirect code cannot be served");

    /** httpsRedirect of a Gateway server: the same address by https (spec/istio-fields.md §3.2). */
    static final RouteStage TO_HTTPS = new RedirectStage(
            new RedirectDecider(
                    new Redirect(301, "https", null, new RedirectPort(RedirectPort.Kind.KEEP, 0), null, null, "")),
            301);

    private LocalAnswers() {}

    static RouteStage of(RoutePlan route) {
        RouteStage answer = answer(route.action());
        ResponseHeaders edit = new ResponseHeaders(route.headers(), HeaderPlan.NONE);
        return edit.isEmpty() ? answer : new AnswerEdits(edit, answer);
    }

    private static RouteStage answer(RouteActionPlan action) {
        if (action instanceof Redirect redirect) {
            return new RedirectStage(new RedirectDecider(redirect), redirect.status());
        }
        if (action instanceof DirectResponse direct) {
            return new DirectResponseStage(direct);
        }
        return exchange -> exchange.fail(DEAD);
    }
}
