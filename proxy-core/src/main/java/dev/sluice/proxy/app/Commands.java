package dev.sluice.proxy.app;

import dev.sluice.proxy.app.options.UserError;
import picocli.CommandLine;

/** All commands as picocli reads them. */
final class Commands {
    private Commands() {}

    /** All commands, with their exit codes. */
    static CommandLine line() {
        CommandLine line = new CommandLine(new SluiceCommand()).setDefaultValueProvider(new EnvironmentDefaults());
        line.setExecutionExceptionHandler((failure, command, parsed) -> {
            if (failure instanceof UserError error) {
                return error.tell(command.getErr());
            }
            throw failure;
        });
        return line;
    }
}
