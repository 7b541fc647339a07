package dev.sluice.proxy.intercept;

import dev.sluice.proxy.intercept.Commands.Outcome;
import dev.sluice.proxy.intercept.rule.Family;
import dev.sluice.proxy.intercept.rule.RuleSet;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * By iptables-restore, in either of its variants. Tables are transactions of their own, so several of them, and two families,
 * are undone together when one fails.
 */
final class IptablesBackend implements Backend {
    /** Others (CNI plugins, Docker) hold the lock of xtables for moments. */
    private static final String WAIT_SECONDS = "30";

    private final Commands commands;
    private final String variant;

    /** @param variant {@code -legacy}, {@code -nft}, or empty for the tools without either in their names */
    IptablesBackend(Commands commands, String variant) {
        this.commands = commands;
        this.variant = variant;
    }

    @Override
    public String name() {
        return "iptables" + variant;
    }

    @Override
    public boolean usable() throws InterceptionException {
        String save = tool(Family.IPV4, "save");
        return commands.has(save) && commands.run(List.of(save), "").ok();
    }

    @Override
    public void apply(List<RuleSet> sets, Undo undo) throws InterceptionException {
        Map<Family, Map<String, OwnedRules>> wanted = new EnumMap<>(Family.class);
        sets.forEach(set -> wanted.put(set.family(), IptablesText.owned(set)));
        for (Family family : Family.values()) {
            if (wanted.containsKey(family) && !commands.has(tool(family, "restore"))) {
                throw new InterceptionException(
                        tool(family, "restore") + " is missing here; --family leaves out a family that is not used");
            }
        }
        for (Family family : Family.values()) {
            if (commands.has(tool(family, "save"))) {
                replace(family, wanted.getOrDefault(family, Map.of()), undo);
            }
        }
    }

    @Override
    public boolean clean() throws InterceptionException {
        boolean any = false;
        for (Family family : Family.values()) {
            if (commands.has(tool(family, "save"))) {
                Map<String, OwnedRules> installed = installed(family);
                any |= !installed.isEmpty();
                restore(family, IptablesText.replacement(installed, Map.of()));
            }
        }
        return any;
    }

    private void replace(Family family, Map<String, OwnedRules> wanted, Undo undo) throws InterceptionException {
        Map<String, OwnedRules> before = installed(family);
        if (before.isEmpty() && wanted.isEmpty()) {
            return;
        }
        undo.add(() -> restore(family, IptablesText.replacement(installed(family), before)));
        restore(family, IptablesText.replacement(before, wanted));
    }

    /** Everything that this variant holds of {@code family}, ours or not. */
    String saved(Family family) throws InterceptionException {
        Outcome outcome = commands.run(List.of(tool(family, "save")), "");
        if (!outcome.ok()) {
            throw failed(tool(family, "save"), outcome);
        }
        return outcome.output();
    }

    private Map<String, OwnedRules> installed(Family family) throws InterceptionException {
        return OwnedRules.in(saved(family));
    }

    private void restore(Family family, String text) throws InterceptionException {
        if (text.isEmpty()) {
            return;
        }
        String tool = tool(family, "restore");
        Outcome outcome = commands.run(List.of(tool, "--noflush", "--wait", WAIT_SECONDS), text);
        if (!outcome.ok()) {
            throw failed(tool, outcome);
        }
    }

    private static InterceptionException failed(String tool, Outcome outcome) {
        String complaint = outcome.complaint();
        return new InterceptionException(complaint.startsWith(tool) ? complaint : tool + ": " + complaint);
    }

    private String tool(Family family, String verb) {
        return family.iptables() + variant + "-" + verb;
    }
}
