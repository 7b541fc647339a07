package dev.sluice.proxy.intercept.rule;

import static dev.sluice.proxy.intercept.rule.RuleSet.PREFIX;

import dev.sluice.proxy.intercept.rule.Interception.Inbound;
import dev.sluice.proxy.intercept.rule.RuleSet.Chain;
import dev.sluice.proxy.intercept.rule.RuleSet.Hook;
import dev.sluice.proxy.intercept.rule.RuleSet.Rule;
import dev.sluice.proxy.intercept.rule.RuleSet.Rules;
import dev.sluice.proxy.intercept.rule.RuleSet.Table;
import java.util.List;

/**
 * The table {@code mangle} in mode TPROXY: what comes in is marked, and policy routing brings what is marked to the
 * proxy's transparent socket with both addresses untouched.
 */
final class TproxyRules {
    private static final String INBOUND = PREFIX + "TPROXY_INBOUND";
    private static final String DIVERT = PREFIX + "TPROXY_DIVERT";
    private static final String TPROXY = PREFIX + "TPROXY";
    private static final String OUTPUT = PREFIX + "TPROXY_OUTPUT";
    private static final String LOOPBACK = "lo";

    private final Interception interception;
    private final Family family;
    private final int mark;
    private final int ownMark;

    TproxyRules(Interception interception, Family family) {
        this.interception = interception;
        this.family = family;
        this.mark = interception.tproxy().mark();
        this.ownMark = mark + 1;
    }

    Table table() {
        return new Table(
                "mangle",
                List.of(
                        new Hook("PREROUTING", new Rule(List.of(Match.tcp()), Verdict.jump(INBOUND))),
                        new Hook("OUTPUT", new Rule(List.of(Match.tcp()), Verdict.jump(OUTPUT)))),
                List.of(divert(), tproxy(), inbound(), output()));
    }

    private Chain divert() {
        return new Rules().add(Verdict.mark(mark)).add(Verdict.ACCEPT).in(DIVERT);
    }

    private Chain tproxy() {
        return new Rules()
                .add(
                        Verdict.tproxy(family, interception.proxy().inboundPort(), mark),
                        Match.notTo(family, family.loopback()),
                        Match.tcp())
                .in(TPROXY);
    }

    private Chain inbound() {
        Rules rules = new Rules();
        // Marked already: from the proxy to its app with the client's address. Its answers find back by the
        // connection's mark.
        rules.add(Verdict.SAVE_MARK, Match.mark(mark));
        rules.add(Verdict.RETURN, Match.mark(mark));
        rules.add(Verdict.RETURN, Match.from(family, family.towardsApp()), Match.in(LOOPBACK));
        rules.add(Verdict.RETURN, Match.in(LOOPBACK), Match.notMark(ownMark));
        for (String excluded : interception.interfaces().exclude()) {
            rules.add(Verdict.RETURN, Match.in(excluded));
        }
        for (String virtual : interception.interfaces().virtual()) {
            rules.add(Verdict.RETURN, Match.in(virtual));
        }
        Inbound inbound = interception.inbound();
        for (int port : inbound.status()) {
            rules.add(Verdict.RETURN, Match.tcpTo(port));
        }
        for (int port : inbound.exclude()) {
            rules.add(Verdict.RETURN, Match.tcpTo(port));
        }
        // TPROXY drops packets of connections whose socket is not transparent: answers to what the proxy or the app
        // opened.
        if (inbound.include().all()) {
            rules.add(Verdict.goTo(DIVERT), Match.established());
            rules.add(Verdict.goTo(TPROXY));
        }
        for (int port : inbound.include().items()) {
            rules.add(Verdict.goTo(DIVERT), Match.tcpTo(port), Match.established());
            rules.add(Verdict.goTo(TPROXY), Match.tcpTo(port));
        }
        return rules.in(INBOUND);
    }

    private Chain output() {
        Rules rules = new Rules();
        rules.add(Verdict.RETURN, Match.out(LOOPBACK), Match.mark(mark));
        // The app calls itself by a service: the proxy's outbound half calls the pod's address, and the inbound half is
        // due.
        for (int user : interception.proxy().users()) {
            rules.add(
                    Verdict.mark(ownMark),
                    Match.notTo(family, family.loopback()),
                    Match.out(LOOPBACK),
                    Match.user(user));
        }
        for (int group : interception.proxy().groups()) {
            rules.add(
                    Verdict.mark(ownMark),
                    Match.notTo(family, family.loopback()),
                    Match.out(LOOPBACK),
                    Match.group(group));
        }
        return rules.add(Verdict.RESTORE_MARK, Match.connectionMark(mark)).in(OUTPUT);
    }
}
