package dev.sluice.proxy.app;

import dev.sluice.proxy.app.options.ExitCodes;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sluice help COMMAND}: what {@code COMMAND --help} says. */
@Command(
        name = "help",
        description = "Tells what a command takes, as its --help does.",
        mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class HelpCommand implements Callable<Integer> {
    @Parameters(arity = "0..*", paramLabel = "COMMAND", description = "Such as run, or iptables print.")
    private List<String> names = List.of();

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        CommandLine command = spec.commandLine().getParent();
        for (String name : names) {
            CommandLine next = command.getSubcommands().get(name);
            if (next == null) {
                throw Commands.missing(command, name);
            }
            command = next;
        }
        command.usage(spec.commandLine().getOut());
        return ExitCodes.OK;
    }
}
