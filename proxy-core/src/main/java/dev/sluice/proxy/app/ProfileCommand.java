package dev.sluice.proxy.app;

import dev.sluice.proxy.app.options.ExitCodes;
import dev.sluice.proxy.app.options.UserError;
import dev.sluice.proxy.kubernetes.profile.ProfileDiff;
import dev.sluice.proxy.kubernetes.profile.ProfileTree;
import dev.sluice.proxy.kubernetes.profile.Profiles;
import dev.sluice.proxy.kubernetes.yaml.ManifestException;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sluice profile}: the built-in installation profiles. */
@Command(
        name = "profile",
        description = "The built-in installation profiles, as IstioOperator documents.",
        mixinStandardHelpOptions = true,
        subcommands = {ProfileCommand.Names.class, ProfileCommand.Dump.class, ProfileCommand.Diff.class})
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class ProfileCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "one of list, dump and diff is missing");
    }

    /** {@code list}. */
    @Command(name = "list", description = "Names the profiles.", mixinStandardHelpOptions = true)
    static final class Names implements Callable<Integer> {
        @Spec
        private CommandSpec spec;

        @Override
        public Integer call() {
            PrintWriter out = spec.commandLine().getOut();
            Profiles.names().forEach(name -> out.println(name + "  " + Profiles.purpose(name)));
            out.flush();
            return ExitCodes.OK;
        }
    }

    /** {@code dump}. */
    @Command(name = "dump", description = "Prints a profile with what lies over it.", mixinStandardHelpOptions = true)
    static final class Dump implements Callable<Integer> {
        @Parameters(arity = "0..1", paramLabel = "PROFILE", description = "Instead of --profile.")
        private @Nullable String name;

        @Mixin
        private ProfileOptions options;

        @Spec
        private CommandSpec spec;

        @Override
        public Integer call() throws UserError {
            try {
                spec.commandLine().getOut().print(options.load(name).dump());
                StandardOutput.whole(spec.commandLine().getOut());
                return ExitCodes.OK;
            } catch (ManifestException e) {
                throw new UserError(ExitCodes.REFUSED, e.getMessage());
            }
        }
    }

    /** {@code diff}. */
    @Command(
            name = "diff",
            description = "Prints what differs, setting by setting: between two profiles, each with the same files and"
                    + " settings over it, or between one profile and itself with these.",
            mixinStandardHelpOptions = true)
    static final class Diff implements Callable<Integer> {
        @Parameters(arity = "0..2", paramLabel = "PROFILE", description = "One or two names (default: --profile).")
        private List<String> names = List.of();

        @Mixin
        private ProfileOptions options;

        @Spec
        private CommandSpec spec;

        @Override
        public Integer call() throws UserError {
            if (names.size() < 2 && !options.changes()) {
                throw new UserError(ExitCodes.USAGE, "diff takes two profiles, or -f or --set to compare one with");
            }
            try {
                String first = names.isEmpty() ? null : names.get(0);
                ProfileTree to = options.load(names.size() == 2 ? names.get(1) : first);
                ProfileTree from = names.size() == 2
                        ? options.load(first)
                        : Profiles.load(to.text(Profiles.DEFAULT, "profile"), List.of(), List.of());
                ProfileDiff.lines(from, to).forEach(spec.commandLine().getOut()::println);
                StandardOutput.whole(spec.commandLine().getOut());
                return ExitCodes.OK;
            } catch (ManifestException e) {
                throw new UserError(ExitCodes.REFUSED, e.getMessage());
            }
        }
    }
}
