package dev.sluice.proxy.intercept.rule;

import dev.sluice.proxy.intercept.rule.Interception.Mode;
import dev.sluice.proxy.intercept.rule.RuleSet.Table;
import java.util.ArrayList;
import java.util.List;

/**
 * Turns an {@link Interception} into rules: the structure of istio-iptables, in chains of our own so that they can be taken
 * away as a whole.
 */
public final class Rulebook {
    private Rulebook() {}

    /** The rules of {@code family}; equal for equal input. */
    public static RuleSet write(Interception interception, Family family) {
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
