package dev.sluice.proxy.intercept.rule;

import static dev.sluice.proxy.intercept.rule.RuleSet.PREFIX;

import dev.sluice.proxy.intercept.rule.RuleSet.Chain;
import dev.sluice.proxy.intercept.rule.RuleSet.Hook;
import dev.sluice.proxy.intercept.rule.RuleSet.Rule;
import dev.sluice.proxy.intercept.rule.RuleSet.Rules;
import dev.sluice.proxy.intercept.rule.RuleSet.Table;
import java.util.ArrayList;
import java.util.List;

/**
 * Capture of DNS over UDP, off unless asked for. The resolver that listens there asks the real servers under the proxy's user:
 * two connections with the same addresses and perhaps the same ports, which conntrack keeps apart by zones as Istio does.
 */
final class DnsRules {
    static final int PORT = 53;

    private static final String ZONES_OUT = PREFIX + "DNS_ZONES_OUT";
    private static final String ZONES_IN = PREFIX + "DNS_ZONES_IN";
    /** Of the resolver's own questions. */
    private static final int UPSTREAM = 1;
    /** Of the app's questions. */
    private static final int DOWNSTREAM = 2;

    private DnsRules() {}

    static Chain questions(Interception interception, int dnsPort, String name) {
        Rules rules = new Rules();
        for (String excluded : interception.interfaces().exclude()) {
            rules.add(Verdict.RETURN, Match.out(excluded));
        }
        if (interception.outbound().excludePorts().contains(PORT)) {
            rules.add(Verdict.RETURN);
        }
        for (int user : interception.proxy().users()) {
            rules.add(Verdict.RETURN, Match.user(user));
        }
        for (int group : interception.proxy().groups()) {
            rules.add(Verdict.RETURN, Match.group(group));
        }
        return rules.add(Verdict.redirect(dnsPort), Match.udp()).in(name);
    }

    static Table zones(Interception interception, int dnsPort) {
        List<Match> owners = new ArrayList<>();
        interception.proxy().users().forEach(id -> owners.add(Match.user(id)));
        interception.proxy().groups().forEach(id -> owners.add(Match.group(id)));
        // The first zone that a packet is given stays.
        Rules out = new Rules();
        for (Match owner : owners) {
            out.add(Verdict.zone(UPSTREAM), Match.udpTo(PORT), owner);
            out.add(Verdict.zone(DOWNSTREAM), Match.udpFrom(dnsPort), owner);
        }
        out.add(Verdict.zone(DOWNSTREAM), Match.udpTo(PORT));
        Rules in = new Rules().add(Verdict.zone(UPSTREAM), Match.udpFrom(PORT));
        return new Table(
                "raw",
                List.of(
                        new Hook("PREROUTING", new Rule(List.of(Match.udp()), Verdict.jump(ZONES_IN))),
                        new Hook("OUTPUT", new Rule(List.of(Match.udp()), Verdict.jump(ZONES_OUT)))),
                List.of(in.in(ZONES_IN), out.in(ZONES_OUT)));
    }
}
