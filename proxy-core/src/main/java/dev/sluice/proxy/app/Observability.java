package dev.sluice.proxy.app;

import dev.sluice.config.plan.ListenerPlan;
import dev.sluice.config.plan.ProxySettingsPlan;
import dev.sluice.proxy.exchange.ExchangeObserver;
import dev.sluice.proxy.telemetry.accesslog.AccessLog;
import dev.sluice.proxy.telemetry.accesslog.LogFormat;
import java.io.IOException;
import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/** What a process tells about its traffic: the access log. */
final class Observability implements AutoCloseable {
    private static final String OFF = "off";

    private final @Nullable AccessLog log;

    private Observability(@Nullable AccessLog log) {
        this.log = log;
    }

    /** Opens the log that the command line asks for, else the one that MeshConfig asks for, else none. */
    static Observability open(RunOptions options, ProxySettingsPlan settings) throws UserError {
        String target = RunOptions.given(options.accessLog);
        if (target == null) {
            target =
                    settings.accessLogFile() == null || settings.accessLogFile().isEmpty()
                            ? OFF
                            : settings.accessLogFile();
        }
        try {
            return new Observability(AccessLog.open(target, LogFormat.of(settings)));
        } catch (IOException | IllegalArgumentException e) {
            throw new UserError(ExitCodes.REFUSED, "access log " + target + ": " + e.getMessage());
        }
    }

    /** Who is told about the exchanges of {@code listener}. */
    ExchangeObserver observer(ListenerPlan listener) {
        return log == null ? ExchangeObserver.NONE : log;
    }

    /** Opens the log anew, after it was moved away. */
    void reopenLogs() {
        if (log != null) {
            log.reopen();
        }
    }

    @Override
    public void close() {
        if (log == null) {
            return;
        }
        try {
            log.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            System.getLogger(Observability.class.getName())
                    .log(Level.WARNING, "interrupted while the access log was written out");
        }
    }
}
