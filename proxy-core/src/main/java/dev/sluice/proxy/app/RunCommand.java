package dev.sluice.proxy.app;

import dev.sluice.proxy.telemetry.ProcessLog;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code sluice run}: loads, binds, proxies, watches and reloads. */
@Command(
        name = "run",
        description = "The main job: load, bind, proxy, watch and hot-reload.",
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
        ConfigSession session = ConfigSession.open(
                identity.config, identity, HostPort.parse(options.outbound, "--outbound"), options.carryHeaders());
        try (ProcessLog log = ProcessLogs.open();
                ProxyProcess process = ProxyProcess.start(
                        session, options, log, spec.commandLine().getErr())) {
            process.takeSignals();
            spec.commandLine().getOut().println(process.readyLine());
            spec.commandLine().getOut().flush();
            process.awaitStop();
            return process.drain();
        }
    }
}
