package dev.sluice.proxy.app;

import dev.sluice.proxy.telemetry.ProcessLog;
import java.io.PrintWriter;

/** The life of {@code sluice run}, however its options were read: loads, binds, proxies, watches and reloads, drains. */
final class RunLife {
    private RunLife() {}

    /** Returns the exit code, when the process was asked to end. */
    static int run(IdentityOptions identity, RunOptions options, PrintWriter out, PrintWriter err)
            throws UserError, InterruptedException {
        Selectors.name();
        ConfigSession session = ConfigSession.open(
                        identity.config,
                        identity,
                        HostPort.parse(options.outbound, "--outbound"),
                        options.carryHeaders())
                .intercepting(options.intercept);
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
