package dev.sluice.proxy.app;

import dev.sluice.proxy.app.options.IdentityOptions;
import dev.sluice.proxy.app.options.RunOptions;
import dev.sluice.proxy.app.options.UserError;
import dev.sluice.proxy.app.process.RunLife;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code sluice run}: loads, binds, proxies, watches and reloads. */
@Command(
        name = "run",
        description = "The main job: load, bind, proxy, watch and hot-reload.",
        footer = "Each option is also an environment variable, such as SLUICE_ADMIN; the command line wins.",
        mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class RunCommand implements Callable<Integer> {
    @Mixin
    private IdentityOptions identity;

    @Mixin
    private RunOptions options;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws UserError, InterruptedException {
        return RunLife.run(
                identity,
                options,
                spec.commandLine().getOut(),
                spec.commandLine().getErr());
    }

    IdentityOptions identity() {
        return identity;
    }

    RunOptions options() {
        return options;
    }
}
