package dev.sluice.proxy.intercept;

import dev.sluice.proxy.intercept.rule.Match;
import dev.sluice.proxy.intercept.rule.RuleSet;
import dev.sluice.proxy.intercept.rule.RuleSet.Chain;
import dev.sluice.proxy.intercept.rule.RuleSet.Hook;
import dev.sluice.proxy.intercept.rule.RuleSet.Rule;
import dev.sluice.proxy.intercept.rule.RuleSet.Table;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Input of {@code iptables-restore --noflush}: each table is one transaction of the kernel's. */
final class IptablesText {
    private IptablesText() {}

    /**
     * What a set of rules looks like in the output of iptables-save, by table, in the order in which tables are installed.
     */
    static Map<String, OwnedRules> owned(RuleSet set) {
        Map<String, OwnedRules> tables = new LinkedHashMap<>();
        for (Table table : set.tables()) {
            List<String> chains = new ArrayList<>();
            List<String> rules = new ArrayList<>();
            for (Chain chain : table.chains()) {
                chains.add(chain.name());
                for (Rule rule : chain.rules()) {
                    rules.add(line(chain.name(), rule));
                }
            }
            List<String> hooks = new ArrayList<>();
            for (Hook hook : table.hooks()) {
                hooks.add(line(hook.point(), hook.rule()));
            }
            tables.put(table.name(), new OwnedRules(chains, hooks, rules));
        }
        return tables;
    }

    /** Installs {@code set} where nothing of ours is. */
    static String fresh(RuleSet set) {
        return replacement(Map.of(), owned(set));
    }

    /**
     * Takes {@code installed} away and puts {@code wanted} in its place, each table at once; whatever is not ours is not
     * touched. Empty when there is nothing to do.
     */
    static String replacement(Map<String, OwnedRules> installed, Map<String, OwnedRules> wanted) {
        Map<String, OwnedRules> tables = new LinkedHashMap<>(wanted);
        installed.forEach((name, rules) -> tables.putIfAbsent(name, OwnedRules.NONE));
        StringBuilder text = new StringBuilder();
        tables.forEach((name, rules) -> replace(text, name, installed.getOrDefault(name, OwnedRules.NONE), rules));
        return text.toString();
    }

    private static void replace(StringBuilder text, String table, OwnedRules installed, OwnedRules wanted) {
        text.append('*').append(table).append('\n');
        // Declared: made where it is missing, emptied where it is there.
        TreeSet<String> chains = new TreeSet<>(installed.chains());
        chains.addAll(wanted.chains());
        for (String chain : chains) {
            text.append(':').append(chain).append(" - [0:0]\n");
        }
        for (String hook : installed.hooks()) {
            text.append("-D").append(hook, "-A".length(), hook.length()).append('\n');
        }
        wanted.rules().forEach(rule -> text.append(rule).append('\n'));
        wanted.hooks().forEach(hook -> text.append(hook).append('\n'));
        chains.removeAll(wanted.chains());
        chains.forEach(chain -> text.append("-X ").append(chain).append('\n'));
        text.append("COMMIT\n");
    }

    private static String line(String chain, Rule rule) {
        StringBuilder line = new StringBuilder("-A ").append(chain);
        for (Match match : rule.matches()) {
            line.append(' ').append(match.iptables());
        }
        return line.append(' ').append(rule.verdict().iptables()).toString();
    }
}
