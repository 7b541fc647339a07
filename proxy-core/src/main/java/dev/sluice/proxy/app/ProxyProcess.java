package dev.sluice.proxy.app;

import dev.sluice.config.plan.ListenerPlan;
import dev.sluice.config.source.ConfigDirectory;
import dev.sluice.config.source.LoadResult;
import dev.sluice.config.translate.Compiled;
import dev.sluice.config.validate.Finding;
import dev.sluice.proxy.assembly.RunningProxy;
import dev.sluice.proxy.codec.CodecLimits;
import dev.sluice.proxy.listener.BindException;
import dev.sluice.proxy.upstream.Transport;
import java.io.PrintWriter;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** The process of {@code run} and {@code demo}: a running proxy, its reloads, its access log and its signals. */
final class ProxyProcess implements AutoCloseable {
    private static final int FINDINGS_LOGGED = 50;
    private static final Logger LOG = System.getLogger(ProxyProcess.class.getName());
    private static final int MAX_DEFAULT_WORKERS = 2;

    private final RunOptions options;
    private final RunningProxy proxy;
    private final Observability observability;
    private final Reloads reloads;
    private final CountDownLatch stop = new CountDownLatch(1);

    private ProxyProcess(RunOptions options, RunningProxy proxy, Observability observability, Reloads reloads) {
        this.options = options;
        this.proxy = proxy;
        this.observability = observability;
        this.reloads = reloads;
    }

    /**
     * Loads, binds and starts to watch. Nothing is bound when the configuration is refused.
     *
     * @param err where findings and bind failures are told
     */
    static ProxyProcess start(ConfigSession session, RunOptions options, PrintWriter err) throws UserError {
        LoadResult loaded = session.load();
        if (loaded.blocked()) {
            loaded.findings().stream()
                    .filter(finding -> finding.severity() == Finding.Severity.ERROR)
                    .forEach(finding -> err.println(finding.text()));
            throw new UserError(ExitCodes.REFUSED, "the configuration is refused; nothing was bound");
        }
        Compiled compiled = session.compile(loaded);
        compiled.notices().forEach(notice -> LOG.log(Level.WARNING, notice.text()));
        warn(session.analyze(loaded));
        Observability observability =
                Observability.open(options, compiled.plan().settings());
        RunningProxy proxy = new RunningProxy(
                Transport.start(Transport.Kind.AUTO, workers(options)), CodecLimits.DEFAULT, observability::observer);
        List<BindException> failures = proxy.apply(compiled.plan());
        if (!failures.isEmpty()) {
            proxy.close();
            observability.close();
            failures.forEach(failure -> err.println("sluice: " + failure.getMessage()));
            throw new UserError(ExitCodes.CANNOT_BIND, failures.get(0).getMessage());
        }
        Reloads reloads = new Reloads(session, proxy, loaded);
        ProxyProcess process = new ProxyProcess(options, proxy, observability, reloads);
        process.serve(session);
        return process;
    }

    /** A large configuration may have thousands; {@code check} tells them all. */
    private static void warn(List<Finding> findings) {
        findings.stream().limit(FINDINGS_LOGGED).forEach(finding -> LOG.log(Level.WARNING, finding.text()));
        if (findings.size() > FINDINGS_LOGGED) {
            LOG.log(
                    Level.WARNING,
                    (findings.size() - FINDINGS_LOGGED) + " more findings; sluice check prints them all");
        }
    }

    private void serve(ConfigSession session) {
        ConfigDirectory watcher = ConfigDirectory.watch(session.loader(), reloads);
        reloads.watchedBy(watcher);
        Signals.on("TERM", this::requestStop);
        Signals.on("INT", this::requestStop);
        Signals.on("HUP", watcher::reloadNow);
        Signals.on("USR1", observability::reopenLogs);
    }

    private static int workers(RunOptions options) throws UserError {
        if (options.workers < 0) {
            throw new UserError(ExitCodes.USAGE, "--workers takes a positive number");
        }
        return options.workers > 0
                ? options.workers
                : Math.min(MAX_DEFAULT_WORKERS, Runtime.getRuntime().availableProcessors());
    }

    /** The line that tells that everything is bound (contract.md). */
    String readyLine() {
        return "ready listeners=" + proxy.listeners().addresses().size() + " admin=off";
    }

    RunningProxy proxy() {
        return proxy;
    }

    /** Listeners of the plan in force. */
    List<ListenerPlan> listeners() {
        return proxy.snapshot().plan().listeners();
    }

    /** The first call begins the drain, the second ends the process at once. */
    private void requestStop() {
        if (stop.getCount() == 0) {
            Runtime.getRuntime().halt(ExitCodes.OK);
        }
        stop.countDown();
    }

    /** Waits for SIGTERM or SIGINT. */
    void awaitStop() throws InterruptedException {
        stop.await();
    }

    /** Ends in peace; the exit code. */
    int drain() throws InterruptedException {
        reloads.close();
        boolean clean = proxy.drain((long) (options.drainSeconds * 1000));
        if (!clean) {
            LOG.log(Level.WARNING, "the drain's time was up; connections were cut");
        }
        return ExitCodes.OK;
    }

    @Override
    public void close() {
        reloads.close();
        proxy.close();
        observability.close();
    }
}
