package dev.sluice.proxy.app.process;

import dev.sluice.config.plan.ListenerPlan;
import dev.sluice.config.plan.ProxySettingsPlan;
import dev.sluice.config.translate.scope.ProxyIdentity;
import dev.sluice.proxy.admin.ReloadStatus;
import dev.sluice.proxy.admin.ServerFacts;
import dev.sluice.proxy.app.options.ExitCodes;
import dev.sluice.proxy.app.options.RunOptions;
import dev.sluice.proxy.app.options.UserError;
import dev.sluice.proxy.assembly.RunningProxy;
import dev.sluice.proxy.exchange.Exchange;
import dev.sluice.proxy.exchange.ExchangeObserver;
import dev.sluice.proxy.log.Logs;
import dev.sluice.proxy.session.TcpObserver;
import dev.sluice.proxy.session.TcpSession;
import dev.sluice.proxy.telemetry.accesslog.AccessLog;
import dev.sluice.proxy.telemetry.accesslog.LogFormat;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/** What a process tells about its traffic: the access log and the metrics. What is off costs a request nothing. */
final class Observability implements AutoCloseable {
    private static final Logger LOG = Logs.of(Observability.class);
    private static final String OFF = "off";

    private final @Nullable AccessLog log;
    private final @Nullable Metrics metrics;

    private Observability(@Nullable AccessLog log, @Nullable Metrics metrics) {
        this.log = log;
        this.metrics = metrics;
    }

    /**
     * Opens the log that the command line asks for, else the one that MeshConfig asks for, else none.
     *
     * @param exposed who this is, where something exposes metrics; null to keep none
     */
    static Observability open(RunOptions options, ProxySettingsPlan settings, @Nullable ProxyIdentity exposed)
            throws UserError {
        String target = options.accessLog();
        if (target == null) {
            target =
                    settings.accessLogFile() == null || settings.accessLogFile().isEmpty()
                            ? OFF
                            : settings.accessLogFile();
        }
        AccessLog log;
        try {
            log = target.equals(OFF) ? null : AccessLog.open(target, LogFormat.of(settings));
        } catch (IOException e) {
            throw new UserError(ExitCodes.REFUSED, e.getMessage());
        } catch (IllegalArgumentException e) {
            throw new UserError(ExitCodes.REFUSED, "access log " + target + ": " + e.getMessage());
        }
        Metrics metrics = exposed == null ? null : new Metrics(exposed);
        if (log != null && metrics != null) {
            metrics.accessLogDropped(log::dropped);
        }
        return new Observability(log, metrics);
    }

    /** Metrics before the log, so that who reads a line finds its request counted. */
    private record Both(ExchangeObserver first, ExchangeObserver second) implements ExchangeObserver {
        @Override
        public void onEnd(Exchange exchange) {
            first.onEnd(exchange);
            second.onEnd(exchange);
        }
    }

    /** Who is told about the exchanges of {@code listener}. */
    ExchangeObserver observer(ListenerPlan listener) {
        if (metrics == null) {
            return log == null ? ExchangeObserver.NONE : log;
        }
        ExchangeObserver counted = metrics.observer(listener);
        return log == null ? counted : new Both(counted, log);
    }

    /** The same for connections of bytes. */
    private record BothStreams(TcpObserver first, TcpObserver second) implements TcpObserver {
        @Override
        public void onOpen(TcpSession session) {
            first.onOpen(session);
            second.onOpen(session);
        }

        @Override
        public void onBytes(TcpSession session, long received, long sent) {
            first.onBytes(session, received, sent);
            second.onBytes(session, received, sent);
        }

        @Override
        public void onEnd(TcpSession session) {
            first.onEnd(session);
            second.onEnd(session);
        }
    }

    /** Who is told about the connections of {@code listener} that carry bytes. */
    TcpObserver streams(ListenerPlan listener) {
        if (metrics == null) {
            return log == null ? TcpObserver.NONE : log;
        }
        TcpObserver counted = metrics.streams(listener);
        return log == null ? counted : new BothStreams(counted, log);
    }

    /** Null where nothing exposes any. */
    @Nullable
    Metrics metrics() {
        return metrics;
    }

    /** Begins to watch what runs. */
    void watch(RunningProxy proxy, ServerFacts facts) {
        if (metrics != null) {
            metrics.watch(proxy, facts);
        }
    }

    /** A configuration was read; {@code proxy} runs what is in force of it. */
    void configured(ReloadStatus status, RunningProxy proxy) {
        if (log != null) {
            try {
                log.format(LogFormat.of(proxy.snapshot().plan().settings()));
            } catch (IllegalArgumentException e) {
                LOG.log(Level.ERROR, "the access log keeps its format: " + e.getMessage());
            }
        }
        if (metrics != null) {
            metrics.configured(status, proxy);
        }
    }

    /** Opens the log anew, after it was moved away. */
    void reopenLogs() {
        if (log != null) {
            log.reopen();
        }
    }

    @Override
    public void close() {
        if (metrics != null) {
            metrics.close();
        }
        if (log == null) {
            return;
        }
        try {
            log.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            LOG.log(Level.WARNING, "interrupted while the access log was written out");
        }
    }
}
