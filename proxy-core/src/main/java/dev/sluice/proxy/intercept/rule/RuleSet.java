package dev.sluice.proxy.intercept.rule;

import java.util.ArrayList;
import java.util.List;

/**
 * All rules of one family.
 *
 * @param tables in the order in which they are installed: the one that redirects last
 */
public record RuleSet(Family family, List<Table> tables) {
    /** How the name of each of our chains begins, and of nobody else's; uppercase, for nft has keywords in lowercase. */
    public static final String PREFIX = "SLUICE_";

    public RuleSet {
        tables = List.copyOf(tables);
    }

    /**
     * @param name the kernel's: {@code nat}, {@code mangle}, {@code raw}
     * @param hooks rules in the kernel's own chains, which lead to ours
     * @param chains ours, those first that others lead to last
     */
    public record Table(String name, List<Hook> hooks, List<Chain> chains) {
        public Table {
            hooks = List.copyOf(hooks);
            chains = List.copyOf(chains);
        }
    }

    /** @param point {@code PREROUTING} or {@code OUTPUT} */
    public record Hook(String point, Rule rule) {}

    /** A chain of ours; its name is ours alone in all tables of a family. */
    public record Chain(String name, List<Rule> rules) {
        public Chain {
            rules = List.copyOf(rules);
        }
    }

    /** @param matches all of them must hold; in the order in which iptables-save prints them */
    public record Rule(List<Match> matches, Verdict verdict) {
        public Rule {
            matches = List.copyOf(matches);
        }
    }

    /** Collects a chain's rules. */
    static final class Rules {
        private final List<Rule> rules = new ArrayList<>();

        /** Adds a rule. */
        Rules add(Verdict verdict, Match... matches) {
            rules.add(new Rule(List.of(matches), verdict));
            return this;
        }

        Chain in(String name) {
            return new Chain(name, rules);
        }
    }
}
