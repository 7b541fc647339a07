package dev.sluice.proxy.app;

import dev.sluice.config.plan.ListenerPlan;
import dev.sluice.config.plan.ProxySettingsPlan;
import dev.sluice.proxy.assembly.RunningProxy;
import dev.sluice.proxy.exchange.ExchangeObserver;

/** Access log, metrics and the admin port of a process. */
final class Observability implements AutoCloseable {
    private Observability() {}

    static Observability open(RunOptions options, ProxySettingsPlan settings) throws UserError {
        return new Observability();
    }

    ExchangeObserver observer(ListenerPlan listener) {
        return ExchangeObserver.NONE;
    }

    void serve(RunOptions options, RunningProxy proxy, Reloads reloads, Runnable stop) throws UserError {}

    String adminAddress() {
        return "off";
    }

    void reopenLogs() {}

    void draining() {}

    @Override
    public void close() {}
}
