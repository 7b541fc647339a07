package dev.sluice.proxy.intercept;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Tools that keep what they were given: each variant and family its own rules, as the kernel does. */
final class FakeCommands implements Commands {
    private final Set<String> programs;
    /** What iptables-save prints, by the first part of its name. */
    final Map<String, String> tables = new LinkedHashMap<>();
    /** Programs that fail once they are asked to change something, until the number of times is used up. */
    final Map<String, Integer> failing = new LinkedHashMap<>();
    /** Every change: the command line, then its input. */
    final List<String> changes = new ArrayList<>();

    FakeCommands(String... programs) {
        this.programs = new HashSet<>(List.of(programs));
    }

    @Override
    public boolean has(String program) {
        return programs.contains(program);
    }

    @Override
    public Outcome run(List<String> command, String input) throws InterceptionException {
        String program = command.get(0);
        if (!has(program)) {
            throw new InterceptionException(program + " is missing here");
        }
        if (program.endsWith("-save")) {
            return new Outcome(0, tables.getOrDefault(program.substring(0, program.length() - 5), ""), "");
        }
        if (command.contains("--version")) {
            return new Outcome(0, "iptables v1.8.9 (legacy)\n", "");
        }
        if (command.contains("list") || command.contains("show")) {
            return new Outcome(0, "", "");
        }
        changes.add(String.join(" ", command) + "\n" + input);
        int left = failing.getOrDefault(program, 0);
        if (left > 0) {
            failing.put(program, left - 1);
            return new Outcome(1, "", "# Warning: seen on every run\n" + program + ": line 3 failed\n");
        }
        return new Outcome(0, "", "");
    }
}
