package dev.sluice.proxy.app;

import dev.sluice.proxy.app.options.ExitCodes;
import dev.sluice.proxy.app.options.UserError;
import dev.sluice.proxy.intercept.BackendChoice;
import dev.sluice.proxy.intercept.InterceptionException;
import dev.sluice.proxy.intercept.Interceptor;
import dev.sluice.proxy.intercept.SystemCommands;
import dev.sluice.proxy.intercept.rule.Family;
import java.io.File;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code sluice iptables}: the rules that lead an app's connections to the proxy. */
@Command(
        name = "iptables",
        description = "The rules that lead an app's connections to the proxy, in the network namespace it is run in.",
        mixinStandardHelpOptions = true,
        subcommands = {IptablesCommand.Print.class, IptablesCommand.Apply.class, IptablesCommand.Clean.class})
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class IptablesCommand implements Runnable {
    /** Where administrators' tools are, also for users whose PATH has them not. */
    private static final List<String> USUAL = List.of("/usr/local/sbin", "/usr/sbin", "/sbin", "/usr/bin", "/bin");

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "one of print, apply and clean is missing");
    }

    private static Interceptor interceptor() {
        List<Path> folders = new ArrayList<>();
        String path = System.getenv("PATH");
        for (String folder : path == null ? new String[0] : path.split(File.pathSeparator, -1)) {
            // A relative one would let the working directory choose what runs as root.
            if (folder.startsWith("/")) {
                folders.add(Path.of(folder));
            }
        }
        USUAL.forEach(folder -> folders.add(Path.of(folder)));
        return new Interceptor(new SystemCommands(folders));
    }

    /** Changes the host's rules, and answers in a sentence what came of it. */
    @FunctionalInterface
    private interface Change {
        String on(Interceptor rules) throws UserError, InterceptionException;
    }

    private static int change(CommandSpec spec, Change change) throws UserError {
        try {
            return say(spec, change.on(interceptor()) + System.lineSeparator());
        } catch (InterceptionException e) {
            throw new UserError(ExitCodes.REFUSED, e.getMessage());
        }
    }

    private static int say(CommandSpec spec, String text) {
        PrintWriter out = spec.commandLine().getOut();
        out.print(text);
        out.flush();
        return ExitCodes.OK;
    }

    /** {@code print}. */
    @Command(
            name = "print",
            description = "Prints the rules, the same on every host; needs no privilege.",
            mixinStandardHelpOptions = true)
    static final class Print implements Callable<Integer> {
        @Mixin
        private InterceptionOptions options;

        @Spec
        private CommandSpec spec;

        @Override
        public Integer call() throws UserError {
            boolean nft = options.backend() == BackendChoice.NFT;
            List<Family> families = options.families(List.of(Family.values()));
            say(spec, Interceptor.print(options.interception(), families, nft));
            StandardOutput.whole(spec.commandLine().getOut());
            return ExitCodes.OK;
        }
    }

    /** {@code apply}. */
    @Command(
            name = "apply",
            description = "Installs the rules in place of earlier ones: all or nothing.",
            mixinStandardHelpOptions = true)
    static final class Apply implements Callable<Integer> {
        @Mixin
        private InterceptionOptions options;

        @Spec
        private CommandSpec spec;

        @Override
        public Integer call() throws UserError {
            List<Family> families = options.families(Interceptor.familiesOfThisHost());
            return change(
                    spec,
                    rules -> "applied by " + rules.apply(options.interception(), families, options.backend()) + " for "
                            + families);
        }
    }

    /** {@code clean}. */
    @Command(
            name = "clean",
            description = "Removes every rule, chain, table and route that apply made, by whichever backend.",
            mixinStandardHelpOptions = true)
    static final class Clean implements Callable<Integer> {
        @Mixin
        private InterceptionOptions options;

        @Spec
        private CommandSpec spec;

        @Override
        public Integer call() throws UserError {
            return change(spec, rules -> rules.clean(options.tproxy()) ? "removed" : "nothing to remove");
        }
    }
}
