package dev.sluice.config.translate.route;

import dev.sluice.config.crd.HttpRoute;
import dev.sluice.config.crd.HttpRoute.HttpFaultInjection;
import dev.sluice.config.crd.HttpRoute.HttpFaultInjection.Abort;
import dev.sluice.config.crd.HttpRoute.HttpFaultInjection.Delay;
import dev.sluice.config.crd.HttpRoute.Percent;
import dev.sluice.config.plan.policy.FaultPlan;
import dev.sluice.config.plan.policy.FaultPlan.Scope;
import dev.sluice.config.plan.words.GrpcStatusNames;
import dev.sluice.config.translate.cluster.SluiceAnnotations;
import dev.sluice.config.translate.route.delegate.Rule;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Fault injection (spec §1.8). On a route that sets its own retries or timeout the fault is each attempt's, so that both
 * apply to it; elsewhere it is the request's, as in Istio. {@code sluice.dev/fault-scope} decides otherwise.
 */
final class FaultTranslator {
    private FaultTranslator() {}

    /** Null where nothing is ever injected. */
    static @Nullable FaultPlan fault(Rule rule) {
        HttpFaultInjection written = rule.route().fault();
        if (written == null) {
            return null;
        }
        Delay delay = written.delay();
        Duration fixed = delay == null ? null : delay.fixedDelay();
        int delayed = delay == null || fixed == null ? 0 : share(delay);
        Abort abort = written.abort();
        int http = abort == null || abort.httpStatus() == null ? 0 : abort.httpStatus();
        int grpc = abort == null || abort.grpcStatus() == null ? -1 : GrpcStatusNames.SNAKE.indexOf(abort.grpcStatus());
        Percent percentage = abort == null ? null : abort.percentage();
        boolean typed = http > 0 || grpc >= 0;
        int aborted = percentage != null && typed ? Share.perMillion(percentage) : 0;
        if (delayed == 0 && aborted == 0) {
            return null;
        }
        return new FaultPlan(
                scope(rule),
                delayed,
                delayed == 0 ? null : fixed,
                aborted,
                aborted == 0 ? 0 : http,
                aborted == 0 ? -1 : grpc);
    }

    private static int share(Delay delay) {
        return delay.percentage() != null ? Share.perMillion(delay.percentage()) : Share.perMillion(delay.percent());
    }

    private static Scope scope(Rule rule) {
        String annotation = rule.annotation(SluiceAnnotations.FAULT_SCOPE);
        if (annotation != null && annotation.equals("request")) {
            return Scope.REQUEST;
        }
        HttpRoute route = rule.route();
        boolean ownTimeout = route.timeout() != null && !route.timeout().isZero();
        boolean asked = annotation != null && annotation.equals("attempt");
        return asked || route.retries() != null || ownTimeout ? Scope.ATTEMPT : Scope.REQUEST;
    }
}
