package dev.sluice.proxy.intercept;

import dev.sluice.proxy.intercept.rule.Interception;
import dev.sluice.proxy.intercept.rule.Interception.Inbound;
import dev.sluice.proxy.intercept.rule.Interception.Interfaces;
import dev.sluice.proxy.intercept.rule.Interception.Mode;
import dev.sluice.proxy.intercept.rule.Interception.Outbound;
import dev.sluice.proxy.intercept.rule.Interception.Proxy;
import dev.sluice.proxy.intercept.rule.Interception.Tproxy;
import dev.sluice.proxy.intercept.rule.Selection;
import java.util.List;

/** What tests intercept. */
final class Interceptions {
    static final Tproxy TPROXY = new Tproxy(1337, 133);

    private static final List<Integer> STATUS = List.of(15020, 15021, 15090);
    private static final Proxy PROXY = new Proxy(15001, 15006, List.of(1337), List.of(1337));

    private Interceptions() {}

    /** What a sidecar has with no annotation at all. */
    static Interception everything(Mode mode) {
        return new Interception(
                mode,
                PROXY,
                new Inbound(Selection.everything(), List.of(), STATUS),
                new Outbound(Selection.everything(), List.of(), Selection.ports(""), List.of()),
                new Interfaces(List.of(), List.of()),
                TPROXY,
                null);
    }

    /** Every choice made. */
    static Interception selected(Mode mode) {
        return new Interception(
                mode,
                new Proxy(25001, 25006, List.of(1337, 1338), List.of(1337)),
                new Inbound(Selection.ports("8080, 9090"), List.of(9091), STATUS),
                new Outbound(
                        Selection.ranges("10.0.0.0/8,fd00::/8"),
                        Selection.rangeList("10.9.0.0/16,fd00:9::/32,10.8.0.1"),
                        Selection.ports("443"),
                        List.of(22, 3306)),
                new Interfaces(List.of("eth1", "cni+"), List.of("vnet0")),
                TPROXY,
                15053);
    }
}
