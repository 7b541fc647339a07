package dev.sluice.proxy.app;

import dev.sluice.proxy.app.options.Environment;
import dev.sluice.proxy.app.options.ExitCodes;
import dev.sluice.proxy.app.options.UserError;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

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
        line.setParameterExceptionHandler((failure, words) -> misused(failure));
        return line;
    }

    /** One line, for the help of some commands is longer than a screen and would push it out of sight. */
    private static int misused(ParameterException failure) {
        CommandLine command = failure.getCommandLine();
        StringBuilder line = new StringBuilder(String.valueOf(failure.getMessage()));
        String variable = variable(failure.getArgSpec());
        if (variable != null && Objects.equals(failure.getValue(), System.getenv(variable))) {
            line.append(", of ").append(variable);
        }
        if (failure instanceof UnmatchedArgumentException unmatched) {
            List<String> near = unmatched.getSuggestions();
            if (!near.isEmpty()) {
                line.append("; did you mean ").append(String.join(" or ", near)).append('?');
            }
        }
        line.append("; see ").append(command.getCommandSpec().qualifiedName()).append(" --help");
        return new UserError(ExitCodes.USAGE, line.toString()).tell(command.getErr());
    }

    private static @Nullable String variable(@Nullable ArgSpec argument) {
        return argument instanceof OptionSpec option ? Environment.source(option.longestName()) : null;
    }
}
