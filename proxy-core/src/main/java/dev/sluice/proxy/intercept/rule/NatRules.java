package dev.sluice.proxy.intercept.rule;

import static dev.sluice.proxy.intercept.rule.RuleSet.PREFIX;

import dev.sluice.proxy.intercept.rule.Interception.Inbound;
import dev.sluice.proxy.intercept.rule.Interception.Mode;
import dev.sluice.proxy.intercept.rule.Interception.Outbound;
import dev.sluice.proxy.intercept.rule.RuleSet.Chain;
import dev.sluice.proxy.intercept.rule.RuleSet.Hook;
import dev.sluice.proxy.intercept.rule.RuleSet.Rule;
import dev.sluice.proxy.intercept.rule.RuleSet.Rules;
import dev.sluice.proxy.intercept.rule.RuleSet.Table;
import java.util.ArrayList;
import java.util.List;

/** The table {@code nat}: what the app opens goes to the outbound port and, unless by TPROXY, what comes in to the inbound. */
final class NatRules {
    private static final String INBOUND = PREFIX + "INBOUND";
    private static final String OUTPUT = PREFIX + "OUTPUT";
    private static final String PROXY = PREFIX + "PROXY";
    private static final String REDIRECT = PREFIX + "REDIRECT";
    private static final String IN_REDIRECT = PREFIX + "IN_REDIRECT";
    private static final String DNS = PREFIX + "DNS";
    private static final String LOOPBACK = "lo";

    private final Interception interception;
    private final Family family;
    private final boolean redirectInbound;

    NatRules(Interception interception, Family family) {
        this.interception = interception;
        this.family = family;
        this.redirectInbound = interception.mode() == Mode.REDIRECT;
    }

    Table table() {
        List<Hook> hooks = new ArrayList<>();
        List<Chain> chains = new ArrayList<>();
        chains.add(to(REDIRECT, interception.proxy().outboundPort()));
        if (redirectInbound) {
            chains.add(to(IN_REDIRECT, interception.proxy().inboundPort()));
        }
        if (redirectInbound || !interception.interfaces().virtual().isEmpty()) {
            hooks.add(new Hook("PREROUTING", new Rule(List.of(Match.tcp()), Verdict.jump(INBOUND))));
            chains.add(inbound());
        }
        hooks.add(new Hook("OUTPUT", new Rule(List.of(Match.tcp()), Verdict.jump(OUTPUT))));
        chains.add(proxysOwn());
        chains.add(output());
        Integer dns = interception.dnsPort();
        if (dns != null) {
            hooks.add(new Hook("OUTPUT", new Rule(List.of(Match.udpTo(DnsRules.PORT)), Verdict.jump(DNS))));
            chains.add(DnsRules.questions(interception, dns, DNS));
        }
        return new Table("nat", hooks, chains);
    }

    private static Chain to(String name, int port) {
        return new Rules().add(Verdict.redirect(port), Match.tcp()).in(name);
    }

    private Chain inbound() {
        Rules rules = new Rules();
        for (String virtual : interception.interfaces().virtual()) {
            virtualMachine(rules, virtual);
        }
        if (!redirectInbound) {
            return rules.in(INBOUND);
        }
        for (String excluded : interception.interfaces().exclude()) {
            rules.add(Verdict.RETURN, Match.in(excluded));
        }
        Inbound inbound = interception.inbound();
        for (int port : inbound.status()) {
            rules.add(Verdict.RETURN, Match.tcpTo(port));
        }
        for (int port : inbound.exclude()) {
            rules.add(Verdict.RETURN, Match.tcpTo(port));
        }
        if (inbound.include().all()) {
            rules.add(Verdict.goTo(IN_REDIRECT));
        }
        for (int port : inbound.include().items()) {
            rules.add(Verdict.goTo(IN_REDIRECT), Match.tcpTo(port));
        }
        return rules.in(INBOUND);
    }

    /** A virtual machine's packets come in by an interface, but to its app they go out. */
    private void virtualMachine(Rules rules, String networkInterface) {
        Selection<IpRange> ranges = interception.outbound().includeRanges();
        if (ranges.all()) {
            rules.add(Verdict.goTo(REDIRECT), Match.in(networkInterface));
        }
        for (IpRange range : ranges.items()) {
            if (range.in(family)) {
                rules.add(Verdict.goTo(REDIRECT), Match.to(family, range), Match.in(networkInterface));
            }
        }
        rules.add(Verdict.RETURN, Match.in(networkInterface));
    }

    /**
     * What the proxy itself opens goes where it is meant to go, but for a call to the pod's own address: that is the app
     * calling itself by a service, and its inbound half is due. By TPROXY that half is {@link TproxyRules}' doing.
     */
    private Chain proxysOwn() {
        Rules rules = new Rules();
        if (redirectInbound) {
            rules.add(
                    Verdict.goTo(IN_REDIRECT),
                    Match.notTo(family, family.loopback()),
                    Match.out(LOOPBACK),
                    Match.tcp());
        }
        return rules.add(Verdict.RETURN).in(PROXY);
    }

    private Chain output() {
        Rules rules = new Rules();
        rules.add(Verdict.RETURN, Match.from(family, family.towardsApp()), Match.out(LOOPBACK));
        for (String excluded : interception.interfaces().exclude()) {
            rules.add(Verdict.RETURN, Match.out(excluded));
        }
        // Before the proxy's own: its call to the pod's address is left alone on such a port, too.
        for (int port : interception.outbound().excludePorts()) {
            rules.add(Verdict.RETURN, Match.tcpTo(port));
        }
        for (int user : interception.proxy().users()) {
            rules.add(Verdict.goTo(PROXY), Match.user(user));
        }
        for (int group : interception.proxy().groups()) {
            rules.add(Verdict.goTo(PROXY), Match.group(group));
        }
        // Before loopback: a resolver may be at 127.0.0.53.
        if (interception.dnsPort() != null) {
            rules.add(Verdict.redirect(interception.dnsPort()), Match.tcpTo(DnsRules.PORT));
        }
        // Not where loopback addresses are to be intercepted: those have no other way.
        if (!includesLoopback()) {
            rules.add(Verdict.RETURN, Match.out(LOOPBACK));
        }
        rules.add(Verdict.RETURN, Match.to(family, family.loopback()));
        destinations(rules, interception.outbound());
        return rules.in(OUTPUT);
    }

    private boolean includesLoopback() {
        for (IpRange range : interception.outbound().includeRanges().items()) {
            if (range.in(family) && range.address().isLoopbackAddress()) {
                return true;
            }
        }
        return false;
    }

    private void destinations(Rules rules, Outbound outbound) {
        for (IpRange range : outbound.excludeRanges()) {
            if (range.in(family)) {
                rules.add(Verdict.RETURN, Match.to(family, range));
            }
        }
        for (int port : outbound.includePorts().items()) {
            rules.add(Verdict.goTo(REDIRECT), Match.tcpTo(port));
        }
        if (outbound.includeRanges().all() || outbound.includePorts().all()) {
            rules.add(Verdict.goTo(REDIRECT));
            return;
        }
        for (IpRange range : outbound.includeRanges().items()) {
            if (range.in(family)) {
                rules.add(Verdict.goTo(REDIRECT), Match.to(family, range));
            }
        }
    }
}
