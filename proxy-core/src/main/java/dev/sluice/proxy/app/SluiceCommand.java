package dev.sluice.proxy.app;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line's root; it does nothing by itself. */
@Command(
        name = "sluice",
        description = "A standalone L7 sidecar proxy, steered by Istio's own YAML.",
        mixinStandardHelpOptions = true,
        versionProvider = VersionCommand.Provider.class,
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {
            "0:done",
            "1:the configuration is refused, check found errors, or something is not there",
            "2:the command line makes no sense",
            "3:an address cannot be bound",
            "4:explain: no rule takes the request"
        },
        footer = {
            "COMMAND --help tells a command's options. The launcher takes one of its own before the command:",
            "--footprint=fast|small, how the JVM is run (default: fast)."
        },
        subcommands = {
            DemoCommand.class,
            RunCommand.class,
            CheckCommand.class,
            ExplainCommand.class,
            IptablesCommand.class,
            InjectCommand.class,
            ProfileCommand.class,
            ManifestCommand.class,
            WaitCommand.class,
            VersionCommand.class,
            HelpCommand.class
        })
final class SluiceCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "a command is missing: " + String.join(", ", spec.subcommands().keySet()));
    }
}
