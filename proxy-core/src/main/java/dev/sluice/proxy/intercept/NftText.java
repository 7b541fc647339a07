package dev.sluice.proxy.intercept;

import dev.sluice.proxy.intercept.rule.Family;
import dev.sluice.proxy.intercept.rule.Match;
import dev.sluice.proxy.intercept.rule.RuleSet;
import dev.sluice.proxy.intercept.rule.RuleSet.Chain;
import dev.sluice.proxy.intercept.rule.RuleSet.Hook;
import dev.sluice.proxy.intercept.rule.RuleSet.Rule;
import dev.sluice.proxy.intercept.rule.RuleSet.Table;
import java.util.List;
import java.util.Locale;

/**
 * Input of {@code nft -f}: a table of our own for each family, thrown away and made anew in one transaction.
 */
final class NftText {
    static final String TABLE = "sluice";

    private NftText() {}

    /** Installs {@code set} in place of whatever our table of that family holds. */
    static String replacing(RuleSet set) {
        StringBuilder text = new StringBuilder(removal(set.family()));
        text.append("table ").append(name(set.family())).append(" {\n");
        for (Table table : set.tables()) {
            table.chains().forEach(chain -> ours(text, chain));
        }
        for (Table table : set.tables()) {
            for (String point : List.of("PREROUTING", "OUTPUT")) {
                hooked(text, table, point);
            }
        }
        return text.append("}\n").toString();
    }

    /** Takes our table away; the first line makes it where it is missing, so that the second cannot fail. */
    static String removal(Family family) {
        return "table " + name(family) + "\ndelete table " + name(family) + "\n";
    }

    /** {@code ip sluice} or {@code ip6 sluice}. */
    static String name(Family family) {
        return family.nft() + " " + TABLE;
    }

    private static void ours(StringBuilder text, Chain chain) {
        text.append("  chain ").append(chain.name()).append(" {\n");
        chain.rules().forEach(rule -> line(text, rule));
        text.append("  }\n");
    }

    private static void hooked(StringBuilder text, Table table, String point) {
        List<Hook> hooks = table.hooks().stream()
                .filter(hook -> hook.point().equals(point))
                .toList();
        if (hooks.isEmpty()) {
            return;
        }
        text.append("  chain ").append(table.name()).append('_').append(point.toLowerCase(Locale.ROOT));
        text.append(" {\n    type ").append(type(table.name(), point));
        text.append(" hook ").append(point.toLowerCase(Locale.ROOT));
        text.append(" priority ").append(priority(table.name())).append("; policy accept;\n");
        hooks.forEach(hook -> line(text, hook.rule()));
        text.append("  }\n");
    }

    /** Changed marks of packets of this host must lead to another look at the routes. */
    private static String type(String table, String point) {
        if (table.equals("nat")) {
            return "nat";
        }
        return table.equals("mangle") && point.equals("OUTPUT") ? "route" : "filter";
    }

    /** Where iptables' table of that name stands; in numbers, for nft knows the names only at some points. */
    private static int priority(String table) {
        return switch (table) {
            case "raw" -> -300;
            case "mangle" -> -150;
            default -> -100;
        };
    }

    private static void line(StringBuilder text, Rule rule) {
        text.append("   ");
        for (Match match : rule.matches()) {
            text.append(' ').append(match.nft());
        }
        text.append(' ').append(rule.verdict().nft()).append('\n');
    }
}
