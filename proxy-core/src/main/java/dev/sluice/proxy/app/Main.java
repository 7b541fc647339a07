package dev.sluice.proxy.app;

import picocli.CommandLine;

/** Entry point. */
public final class Main {
    private Main() {}

    /** Runs a command and exits with its code (contract.md). */
    public static void main(String[] args) {
        System.exit(run(args));
    }

    /** Runs a command; returns its exit code. */
    static int run(String... args) {
        return line().execute(args);
    }

    /** All commands, with their exit codes. */
    static CommandLine line() {
        CommandLine line = new CommandLine(new SluiceCommand()).setDefaultValueProvider(new Environment());
        line.setExecutionExceptionHandler((failure, command, parsed) -> {
            if (failure instanceof UserError error) {
                command.getErr().println("sluice: " + error.getMessage());
                return error.exitCode();
            }
            throw failure;
        });
        return line;
    }
}
