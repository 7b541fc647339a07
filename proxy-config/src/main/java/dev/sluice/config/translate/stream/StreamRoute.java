package dev.sluice.config.translate.stream;

import dev.sluice.config.plan.chain.Cidr;
import dev.sluice.config.plan.chain.TcpRoutePlan;
import java.util.List;

/**
 * A rule for bytes, once what can be decided before a connection comes has been.
 *
 * @param serverNames lower-case SNI names, exact or {@code *.suffix}; empty for a {@code tcp} rule
 * @param destinations ranges of the original destination; empty for any
 * @param route where to
 */
public record StreamRoute(List<String> serverNames, List<Cidr> destinations, TcpRoutePlan route) {
    public StreamRoute {
        serverNames = List.copyOf(serverNames);
        destinations = List.copyOf(destinations);
    }
}
