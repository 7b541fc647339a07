package dev.sluice.proxy.intercept;

import dev.sluice.proxy.intercept.rule.RuleSet;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What of a table is ours, as iptables-save writes it.
 *
 * @param chains names
 * @param hooks rules in chains that are not ours, which lead to ours
 * @param rules those of our chains
 */
record OwnedRules(List<String> chains, List<String> hooks, List<String> rules) {
    static final OwnedRules NONE = new OwnedRules(List.of(), List.of(), List.of());

    private static final int NAME = 1;

    OwnedRules {
        chains = List.copyOf(chains);
        hooks = List.copyOf(hooks);
        rules = List.copyOf(rules);
    }

    /** Our part of the output of iptables-save, by table; tables that hold nothing of ours are not in it. */
    static Map<String, OwnedRules> in(String saved) {
        Map<String, OwnedRules> tables = new LinkedHashMap<>();
        String table = "";
        List<String> chains = new ArrayList<>();
        List<String> hooks = new ArrayList<>();
        List<String> rules = new ArrayList<>();
        for (String line : saved.lines().toList()) {
            if (line.startsWith("*")) {
                table = line.substring(1).trim();
                chains.clear();
                hooks.clear();
                rules.clear();
            } else if (line.startsWith(":" + RuleSet.PREFIX)) {
                chains.add(line.substring(1).split(" ", 2)[0]);
            } else if (line.startsWith("-A " + RuleSet.PREFIX)) {
                rules.add(line);
            } else if (line.startsWith("-A ") && leadsToOurs(line)) {
                hooks.add(line);
            } else if (line.equals("COMMIT") && !(chains.isEmpty() && hooks.isEmpty())) {
                tables.put(table, new OwnedRules(chains, hooks, rules));
            }
        }
        return tables;
    }

    /** Whether a saved text has any rule at all, ours or another's. */
    static boolean anyRule(String saved) {
        return saved.lines().anyMatch(line -> line.startsWith("-A "));
    }

    /** The target is the last of a rule's words when it is a chain. */
    private static boolean leadsToOurs(String line) {
        String[] words = line.split(" ", -1);
        String flag = words[words.length - 1 - NAME];
        return words[words.length - NAME].startsWith(RuleSet.PREFIX) && (flag.equals("-j") || flag.equals("-g"));
    }
}
