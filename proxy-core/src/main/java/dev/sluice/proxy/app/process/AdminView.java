package dev.sluice.proxy.app.process;

import dev.sluice.proxy.admin.AdminSubject;
import dev.sluice.proxy.admin.Readiness;
import dev.sluice.proxy.admin.ReloadStatus;
import dev.sluice.proxy.admin.ServerFacts;
import dev.sluice.proxy.assembly.RunningProxy;
import dev.sluice.proxy.telemetry.ProcessLog;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;

/** A process as its admin port sees it. */
record AdminView(
        RunningProxy proxy,
        PrometheusMeterRegistry metrics,
        Reloads source,
        Readiness readiness,
        ServerFacts facts,
        ProcessLog log,
        Runnable end)
        implements AdminSubject {
    @Override
    public ReloadStatus reloads() {
        return source.status();
    }

    @Override
    public String logLevel() {
        return log.level();
    }

    @Override
    public void logLevel(String level) {
        log.level(level);
    }

    @Override
    public void beginDrain() {
        proxy.beginDrain();
    }

    @Override
    public void drainListeners() {
        proxy.stopAccepting();
    }

    @Override
    public void quit() {
        end.run();
    }
}
