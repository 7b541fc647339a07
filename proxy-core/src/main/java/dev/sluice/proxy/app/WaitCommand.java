package dev.sluice.proxy.app;

import dev.sluice.proxy.app.options.ExitCodes;
import dev.sluice.proxy.app.options.UserError;
import dev.sluice.proxy.app.options.WaitOptions;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code sluice wait}: for postStart hooks and health checks, so that an app starts when its proxy serves. */
@Command(
        name = "wait",
        description = "Waits until a running proxy is ready: asks 15021 where it is open, else the admin port.",
        mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class WaitCommand implements Callable<Integer> {
    @Mixin
    private WaitOptions options;

    @Spec
    private CommandSpec spec;

    WaitOptions options() {
        return options;
    }

    @Override
    public Integer call() throws UserError, InterruptedException {
        return wait(options, spec.commandLine().getErr());
    }

    /** The exit code. */
    static int wait(WaitOptions options, PrintWriter err) throws UserError, InterruptedException {
        String why = options.waiting().await();
        if (why.isEmpty()) {
            return ExitCodes.OK;
        }
        err.println("sluice: " + why);
        return ExitCodes.REFUSED;
    }
}
