package dev.sluice.config.plan.chain;

import java.util.List;

/**
 * Which connections a chain takes; all that is said must hold. Among chains that take a connection the order is Envoy's:
 * destination port before none, then the longest destination range, then the server name, exact before the longest
 * wildcard before none; then the order of the list.
 *
 * @param serverNames lower-case SNI names, exact or {@code *.suffix} (any number of labels); empty, or {@code *} among
 *     them: any, also none
 * @param destinations ranges of the connection's original destination; empty: any
 * @param destinationPort of the original destination; 0: any
 * @param tls whether the first bytes must be a TLS ClientHello. A chain without is for everything that is not, and for TLS
 *     that no chain with {@code tls} takes
 */
public record ChainMatchPlan(List<String> serverNames, List<Cidr> destinations, int destinationPort, boolean tls) {
    /** Every connection. */
    public static final ChainMatchPlan ANY = new ChainMatchPlan(List.of(), List.of(), 0, false);

    public ChainMatchPlan {
        serverNames = List.copyOf(serverNames);
        destinations = List.copyOf(destinations);
    }

    /** TLS for these names, wherever it was sent. */
    public static ChainMatchPlan tls(List<String> serverNames) {
        return new ChainMatchPlan(serverNames, List.of(), 0, true);
    }
}
