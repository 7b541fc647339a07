package dev.sluice.proxy.intercept;

import dev.sluice.proxy.intercept.Interception.Mode;
import dev.sluice.proxy.intercept.RuleSet.Table;
import java.util.ArrayList;
import java.util.List;

/**
 * Turns an {@link Interception} into rules: the structure of istio-iptables, in chains of our own so that they can be taken
 * away as a whole.
 */
final class Rulebook {
    private Rulebook() {}

    /** The rules of {@code family}; equal for equal input. */
    static RuleSet write(Interception interception, Family family) {
        List<Table> tables = new ArrayList<>();
        if (interception.dnsPort() != null) {
            tables.add(DnsRules.zones(interception, interception.dnsPort()));
        }
        if (interception.mode() == Mode.TPROXY) {
            tables.add(new TproxyRules(interception, family).table());
        }
        tables.add(new NatRules(interception, family).table());
        return new RuleSet(family, tables);
    }
}
