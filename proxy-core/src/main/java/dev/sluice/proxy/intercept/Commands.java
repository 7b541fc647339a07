package dev.sluice.proxy.intercept;

import java.util.List;

/** Starts the kernel's own tools. */
public interface Commands {
    /** Whether there is a program of that name. */
    boolean has(String program);

    /**
     * Runs a program to its end.
     *
     * @param command the program's name, then its arguments
     * @param input what it reads
     * @throws InterceptionException if it is missing, cannot be started or does not end
     */
    Outcome run(List<String> command, String input) throws InterceptionException;

    /** What a program ended with. */
    record Outcome(int exit, String output, String errors) {
        boolean ok() {
            return exit == 0;
        }

        /** The first line that it complained with, without the notes that iptables prints on every run. */
        String complaint() {
            return errors.lines()
                    .map(String::trim)
                    .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                    .findFirst()
                    .orElse("exit code " + exit);
        }
    }
}
