package dev.sluice.proxy.app.process;

import dev.sluice.proxy.app.options.IdentityOptions;
import dev.sluice.proxy.app.options.RunOptions;
import dev.sluice.proxy.app.options.UserError;
import dev.sluice.proxy.telemetry.ProcessLog;
import java.io.PrintWriter;

/** The life of {@code sluice run}, however its options were read: loads, binds, proxies, watches and reloads, drains. */
public final class RunLife {
    private RunLife() {}

    /** Returns the exit code, when the process was asked to end. */
    public static int run(IdentityOptions identity, RunOptions options, PrintWriter out, PrintWriter err)
            throws UserError, InterruptedException {
        Selectors.name();
        ConfigSession session = ConfigSession.open(
                        identity.config(), identity, options.outbound(), options.carryHeaders())
                .intercepting(options.intercept());
        try (ProcessLog log = ProcessLogs.open();
                ProxyProcess process = ProxyProcess.start(session, options, log, err)) {
            process.takeSignals();
            out.println(process.readyLine());
            out.flush();
            process.awaitStop();
            return process.drain();
        }
    }
}
