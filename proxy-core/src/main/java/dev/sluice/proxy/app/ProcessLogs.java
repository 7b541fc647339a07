package dev.sluice.proxy.app;

import dev.sluice.proxy.telemetry.ProcessLog;
import dev.sluice.proxy.telemetry.line.StandardStream;
import java.io.IOException;

/** Where this process logs: standard error, so that standard output holds the ready line and the access log only. */
final class ProcessLogs {
    private ProcessLogs() {}

    static ProcessLog open() throws UserError {
        try {
            return ProcessLog.install(StandardStream::err);
        } catch (IOException e) {
            throw new UserError(ExitCodes.REFUSED, "cannot write to standard error: " + e.getMessage());
        }
    }
}
