package dev.sluice.proxy.intercept;

import dev.sluice.proxy.intercept.Commands.Outcome;
import dev.sluice.proxy.intercept.rule.Family;
import dev.sluice.proxy.intercept.rule.RuleSet;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** By nft, in tables of our own: one transaction for both families, nothing of anybody else's in sight. */
final class NftBackend implements Backend {
    static final String TOOL = "nft";

    private final Commands commands;

    NftBackend(Commands commands) {
        this.commands = commands;
    }

    @Override
    public String name() {
        return TOOL;
    }

    @Override
    public boolean usable() throws InterceptionException {
        return commands.has(TOOL)
                && commands.run(List.of(TOOL, "list", "tables"), "").ok();
    }

    @Override
    public void apply(List<RuleSet> sets, Undo undo) throws InterceptionException {
        Set<Family> unwanted = installed();
        StringBuilder text = new StringBuilder();
        for (RuleSet set : sets) {
            text.append(NftText.replacing(set));
            unwanted.remove(set.family());
        }
        unwanted.forEach(family -> text.append(NftText.removal(family)));
        String before = present();
        undo.add(() -> run(before));
        run(text.toString());
    }

    @Override
    public boolean clean() throws InterceptionException {
        Set<Family> installed = installed();
        StringBuilder text = new StringBuilder();
        installed.forEach(family -> text.append(NftText.removal(family)));
        run(text.toString());
        return !installed.isEmpty();
    }

    /** What puts our tables back as they are now. */
    private String present() throws InterceptionException {
        StringBuilder text = new StringBuilder();
        Set<Family> installed = installed();
        for (Family family : Family.values()) {
            if (installed.contains(family)) {
                text.append(NftText.removal(family));
                text.append(ask("list", "table", family.nft(), NftText.TABLE));
            }
        }
        return text.toString();
    }

    private Set<Family> installed() throws InterceptionException {
        Set<Family> installed = EnumSet.noneOf(Family.class);
        List<String> tables = ask("list", "tables").lines().map(String::trim).toList();
        for (Family family : Family.values()) {
            if (tables.contains("table " + NftText.name(family))) {
                installed.add(family);
            }
        }
        return installed;
    }

    private String ask(String... arguments) throws InterceptionException {
        List<String> command = new ArrayList<>(List.of(TOOL));
        command.addAll(List.of(arguments));
        return checked(commands.run(command, ""));
    }

    private void run(String text) throws InterceptionException {
        if (!text.isEmpty()) {
            checked(commands.run(List.of(TOOL, "-f", "-"), text));
        }
    }

    private static String checked(Outcome outcome) throws InterceptionException {
        if (!outcome.ok()) {
            throw new InterceptionException(TOOL + ": " + outcome.complaint());
        }
        return outcome.output();
    }
}
