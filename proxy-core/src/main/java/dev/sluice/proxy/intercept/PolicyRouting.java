package dev.sluice.proxy.intercept;

import dev.sluice.proxy.intercept.Commands.Outcome;
import dev.sluice.proxy.intercept.rule.Family;
import dev.sluice.proxy.intercept.rule.Interception.Tproxy;
import dev.sluice.proxy.intercept.rule.Match;
import java.util.ArrayList;
import java.util.List;

/** What TPROXY needs beside rules: packets with the mark look at a table of routes in which every address is this host's. */
final class PolicyRouting {
    static final String TOOL = "ip";

    private static final int AT_MOST = 100;

    private final Commands commands;
    private final Tproxy tproxy;

    PolicyRouting(Commands commands, Tproxy tproxy) {
        this.commands = commands;
        this.tproxy = tproxy;
    }

    /** The command lines, for somebody who wants to run them by hand. */
    static List<String> lines(Family family, Tproxy tproxy) {
        return List.of(
                String.join(" ", rule(family, tproxy, "add")), String.join(" ", route(family, tproxy, "replace")));
    }

    void apply(List<Family> families, Undo undo) throws InterceptionException {
        for (Family family : families) {
            if (present(family)) {
                checked(route(family, tproxy, "replace"));
                continue;
            }
            undo.add(() -> clean(family));
            // The rule is the mark of what is ours: it comes first and goes last.
            checked(rule(family, tproxy, "add"));
            checked(route(family, tproxy, "replace"));
        }
    }

    /** Whether there was anything. */
    boolean clean() throws InterceptionException {
        boolean any = false;
        if (commands.has(TOOL)) {
            for (Family family : Family.values()) {
                any |= clean(family);
            }
        }
        return any;
    }

    private boolean clean(Family family) throws InterceptionException {
        boolean any = false;
        for (int i = 0; i < AT_MOST && present(family); i++) {
            any = true;
            List<String> route = route(family, tproxy, "del");
            Outcome outcome = commands.run(route, "");
            if (!outcome.ok() && !gone(outcome)) {
                throw failed(route, outcome);
            }
            checked(rule(family, tproxy, "del"));
        }
        return any;
    }

    /** Somebody, or the end of the loopback interface, was faster. */
    private static boolean gone(Outcome outcome) {
        return outcome.errors().contains("No such process") || outcome.errors().contains("does not exist");
    }

    private boolean present(Family family) throws InterceptionException {
        String wanted = "fwmark " + Match.hex(tproxy.mark()) + " lookup " + tproxy.table();
        return checked(List.of(TOOL, "-" + family.version(), "rule", "show"))
                .lines()
                .anyMatch(line -> line.trim().endsWith(wanted));
    }

    private String checked(List<String> command) throws InterceptionException {
        Outcome outcome = commands.run(command, "");
        if (!outcome.ok()) {
            throw failed(command, outcome);
        }
        return outcome.output();
    }

    private static InterceptionException failed(List<String> command, Outcome outcome) {
        return new InterceptionException(String.join(" ", command) + ": " + outcome.complaint());
    }

    private static List<String> rule(Family family, Tproxy tproxy, String verb) {
        return command(
                family, "rule", verb, "fwmark", Match.hex(tproxy.mark()), "lookup", Integer.toString(tproxy.table()));
    }

    private static List<String> route(Family family, Tproxy tproxy, String verb) {
        return command(
                family, "route", verb, "local", "default", "dev", "lo", "table", Integer.toString(tproxy.table()));
    }

    private static List<String> command(Family family, String... arguments) {
        List<String> command = new ArrayList<>(List.of(TOOL, "-" + family.version()));
        command.addAll(List.of(arguments));
        return command;
    }
}
