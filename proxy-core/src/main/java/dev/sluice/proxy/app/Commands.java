package dev.sluice.proxy.app;

import dev.sluice.config.crd.schema.NearestName;
import dev.sluice.proxy.app.options.Environment;
import dev.sluice.proxy.app.options.ExitCodes;
import dev.sluice.proxy.app.options.UserError;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;
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
        line.setParameterExceptionHandler((failure, arguments) -> usage(failure));
        // Names of Java's types are nobody's business.
        line.registerConverter(int.class, text -> number(text, Integer::valueOf, "is no whole number"));
        line.registerConverter(Double.class, text -> number(text, Double::valueOf, "is no number"));
        line.registerConverter(double.class, text -> number(text, Double::valueOf, "is no number"));
        return line;
    }

    private static <T> T number(String text, Function<String, T> parser, String problem) {
        try {
            return parser.apply(text);
        } catch (NumberFormatException e) {
            throw new TypeConversionException("'" + text + "' " + problem);
        }
    }

    /** One line that names what is wrong, and where to read how it goes; pages of usage would hide it. */
    private static int usage(ParameterException failure) {
        CommandLine command = failure.getCommandLine();
        String problem = failure instanceof UnmatchedArgumentException unmatched
                ? unmatched(unmatched)
                : failure.getMessage() + origin(failure);
        String help =
                problem.endsWith("?") ? "" : "; see " + command.getCommandSpec().qualifiedName() + " --help";
        return new UserError(ExitCodes.USAGE, problem + help).tell(command.getErr());
    }

    /** Says so when the value is one of the environment, which nobody sees on the command line. */
    private static String origin(ParameterException failure) {
        String variable = variable(failure.getArgSpec());
        boolean from = variable != null && Objects.equals(failure.getValue(), System.getenv(variable));
        return from ? ", of " + variable : "";
    }

    private static @Nullable String variable(@Nullable ArgSpec argument) {
        return argument instanceof OptionSpec option ? Environment.source(option.longestName()) : null;
    }

    private static String unmatched(UnmatchedArgumentException failure) {
        String first = failure.getUnmatched().get(0);
        CommandLine command = failure.getCommandLine();
        if (first.startsWith("-")) {
            String option = first.contains("=") ? first.substring(0, first.indexOf('=')) : first;
            return near(
                    "there is no option " + first,
                    command.getCommandSpec().optionsMap().keySet(),
                    option);
        }
        return command.getSubcommands().isEmpty()
                ? "'" + first + "' is one argument too many"
                : noCommand(command, first);
    }

    /** That {@code command} has none of this name below it. */
    static ParameterException missing(CommandLine command, String name) {
        return new ParameterException(command, noCommand(command, name));
    }

    private static String noCommand(CommandLine command, String name) {
        return near(
                "there is no command '" + name + "'", command.getSubcommands().keySet(), name);
    }

    private static String near(String problem, Set<String> names, String wanted) {
        String near = NearestName.among(names, wanted);
        return near == null ? problem : problem + "; did you mean " + near + "?";
    }
}
