package dev.sluice.config.translate;

import dev.sluice.config.plan.RuleRef;
import dev.sluice.config.plan.chain.ChainMatchPlan;
import dev.sluice.config.plan.chain.ChainPlan;
import dev.sluice.config.plan.chain.ChainTarget;
import dev.sluice.config.plan.chain.TcpRoutePlan;
import dev.sluice.config.plan.chain.TcpRoutePlan.TcpDestination;
import java.util.ArrayList;
import java.util.List;

/** A chain as lines of text, each with its depth of two spaces; what has its default is left out. */
final class ChainText {
    private ChainText() {}

    /** Which connections it takes. */
    static String head(ChainPlan chain) {
        ChainMatchPlan match = chain.match();
        List<String> parts = new ArrayList<>();
        if (match.tls()) {
            parts.add("TLS");
        }
        parts.addAll(match.serverNames());
        match.destinations().forEach(range -> parts.add("to " + range));
        if (match.destinationPort() != 0) {
            parts.add("to port " + match.destinationPort());
        }
        return "chain " + chain.name() + " if " + (parts.isEmpty() ? "any" : String.join(" ", parts));
    }

    /** What becomes of their bytes, where they are not HTTP. */
    static List<String> bytes(ChainPlan chain) {
        List<String> lines = new ArrayList<>();
        if (!(chain.target() instanceof ChainTarget.Tcp tcp)) {
            return lines;
        }
        TcpRoutePlan route = tcp.route();
        lines.add("  " + (route.destinations().isEmpty() ? "closed" : rule(route.rule(), chain)));
        for (TcpDestination destination : route.destinations()) {
            lines.add("    to " + destination.cluster()
                    + (route.destinations().size() > 1 ? " weight " + destination.weight() : "")
                    + (destination.bySourceIp() ? " by source address" : "")
                    + (destination.idleTimeoutMillis() == TcpDestination.DEFAULT_IDLE_TIMEOUT_MILLIS
                            ? ""
                            : " idle " + destination.idleTimeoutMillis() + "ms")
                    + (destination.asItCame() ? " as it came" : "")
                    + (destination.tunnel() == null
                            ? ""
                            : " by " + destination.tunnel().method() + " "
                                    + destination.tunnel().authority()));
        }
        return lines;
    }

    private static String rule(RuleRef rule, ChainPlan chain) {
        if (rule.virtualService().isEmpty()) {
            return "default";
        }
        boolean passesThrough = chain.match().tls() && chain.tls() == null;
        return rule.virtualService() + (passesThrough ? " tls[" : " tcp[") + rule.index() + "]"
                + (rule.matchIndex() < 0 ? "" : ".match[" + rule.matchIndex() + "]");
    }
}
