package dev.sluice.config.translate.route;

import dev.sluice.config.plan.ClusterKey;
import dev.sluice.config.plan.DestinationPlan;
import dev.sluice.config.plan.MatchPlan;
import dev.sluice.config.plan.RouteActionPlan.Forward;
import dev.sluice.config.plan.RoutePlan;
import dev.sluice.config.plan.RuleRef;
import dev.sluice.config.plan.policy.HashPlan;
import dev.sluice.config.plan.policy.HeaderPlan;
import dev.sluice.config.plan.policy.RetryPlan;
import dev.sluice.config.plan.policy.RetryPlan.RetryOn;
import dev.sluice.config.plan.policy.TimeoutPlan;
import dev.sluice.config.translate.registry.PortProtocol;
import java.util.List;
import java.util.Set;

/** The one route of an ingress listener (spec §5): no timeout, and what never reached the application is tried again. */
public final class InboundRoute {
    private static final RetryPlan RETRY = new RetryPlan(
            2,
            null,
            Set.of(RetryOn.RESET_BEFORE_REQUEST),
            List.of(),
            false,
            false,
            RetryPlan.DEFAULT_BASE_INTERVAL,
            true);

    private InboundRoute() {}

    /** @param protocol of the listener; gRPC is not tried again */
    public static RoutePlan to(ClusterKey application, PortProtocol protocol) {
        boolean grpc = protocol == PortProtocol.GRPC || protocol == PortProtocol.GRPC_WEB;
        return new RoutePlan(
                RuleRef.DEFAULT,
                MatchPlan.ANY,
                new Forward(
                        List.of(new DestinationPlan(application, 1, HeaderPlan.NONE, HashPlan.NONE)),
                        null,
                        List.of(),
                        null,
                        TimeoutPlan.NONE,
                        grpc ? RetryPlan.OFF : RETRY,
                        null,
                        Forward.DEFAULT_REPLAY_LIMIT_BYTES),
                HeaderPlan.NONE);
    }
}
