package dev.sluice.proxy.app.process;

import dev.sluice.proxy.app.options.ExitCodes;
import dev.sluice.proxy.app.options.UserError;
import dev.sluice.proxy.telemetry.JdkLogging;
import dev.sluice.proxy.telemetry.ProcessLog;
import dev.sluice.proxy.telemetry.line.StandardStream;
import java.io.IOException;

/** Where this process logs: standard error, so that standard output holds the ready line and the access log only. */
public final class ProcessLogs {
    private static final String CONFIGURATION_FILE = "java.util.logging.config.file";

    private ProcessLogs() {}

    /** Whatever is logged from now on goes there. */
    public static ProcessLog open() throws UserError {
        // Who configures java.util.logging keeps what libraries log that way.
        if (System.getProperty(JdkLogging.PROPERTY) == null && System.getProperty(CONFIGURATION_FILE) == null) {
            System.setProperty(JdkLogging.PROPERTY, JdkLogging.class.getName());
        }
        try {
            return ProcessLog.install(StandardStream::err);
        } catch (IOException e) {
            throw new UserError(ExitCodes.REFUSED, "cannot write to standard error: " + e.getMessage());
        }
    }
}
