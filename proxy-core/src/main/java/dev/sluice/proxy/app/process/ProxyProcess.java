package dev.sluice.proxy.app.process;

import dev.sluice.config.plan.IdlePlan;
import dev.sluice.config.plan.ListenerPlan;
import dev.sluice.config.plan.ProxyPlan;
import dev.sluice.config.source.ConfigDirectory;
import dev.sluice.config.source.LoadResult;
import dev.sluice.config.translate.Compiled;
import dev.sluice.config.translate.DrainSettings;
import dev.sluice.config.translate.intercept.InterceptSettings;
import dev.sluice.config.validate.Finding;
import dev.sluice.proxy.admin.Readiness;
import dev.sluice.proxy.admin.ServerFacts;
import dev.sluice.proxy.admin.status.StatusPorts;
import dev.sluice.proxy.app.options.AdminOptions;
import dev.sluice.proxy.app.options.ExitCodes;
import dev.sluice.proxy.app.options.RunOptions;
import dev.sluice.proxy.app.options.UserError;
import dev.sluice.proxy.app.rehearse.Rehearsal;
import dev.sluice.proxy.assembly.RunningProxy;
import dev.sluice.proxy.codec.CodecLimits;
import dev.sluice.proxy.listener.BindException;
import dev.sluice.proxy.listener.SystemReason;
import dev.sluice.proxy.log.Logs;
import dev.sluice.proxy.telemetry.ProcessLog;
import dev.sluice.proxy.tls.TlsProvider;
import dev.sluice.proxy.tls.TlsRegistry;
import dev.sluice.proxy.upstream.Transport;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** The process of {@code run} and {@code demo}: a running proxy, its reloads, its access log, its admin port, its signals. */
public final class ProxyProcess implements AutoCloseable {
    /** The launcher's word for how many milliseconds the ports are held back (docs/tuning.md). */
    private static final String REHEARSAL = "sluice.rehearsal";
    /** Its word for how many MiB the heap may creep up by; 0 with a collector that needs no help. */
    private static final String CREEP = "sluice.creep";

    private static final long MIB = 1024 * 1024;

    private static final Logger LOG = Logs.of(ProxyProcess.class);

    private final RunOptions options;
    private final DrainSettings drain;
    private final RunningProxy proxy;
    private final Observability observability;
    private final Readiness readiness;
    private final CountDownLatch stop = new CountDownLatch(1);
    private AdminPort admin = AdminPort.OFF;
    private @Nullable Reloads reloads;
    private @Nullable AdminView view;
    private @Nullable StatusPorts status;

    private ProxyProcess(
            RunOptions options,
            Transport transport,
            DrainSettings drain,
            CodecLimits limits,
            Observability observability) {
        this.options = options;
        this.drain = drain;
        this.observability = observability;
        this.proxy = new RunningProxy(
                transport,
                limits,
                observability::observer,
                observability::streams,
                new TlsRegistry(options.certs(), TlsProvider::best));
        this.readiness = new Readiness(proxy.listeners()::isDraining);
    }

    /**
     * Loads, binds and starts to watch. Nothing is bound when the configuration is refused.
     *
     * @param log the process's own, whose level the admin port may change
     * @param err where findings and bind failures are told
     */
    public static ProxyProcess start(ConfigSession session, RunOptions options, ProcessLog log, PrintWriter err)
            throws UserError {
        try {
            return open(session, options, log, err);
        } catch (IllegalStateException e) {
            // So Netty says that an event loop cannot have the files it needs.
            if (!SystemReason.isOutOfFiles(e)) {
                throw e;
            }
            throw new UserError(ExitCodes.CANNOT_BIND, "cannot start: " + SystemReason.of(e));
        }
    }

    private static ProxyProcess open(ConfigSession session, RunOptions options, ProcessLog log, PrintWriter err)
            throws UserError {
        AdminOptions.Wanted admin = options.admin().wanted();
        GrownHeap heap = new GrownHeap(Long.getLong(CREEP, 0) * MIB);
        int workers = options.workers();
        Transport.Kind kind = options.transport();
        Long drainMillis = options.drainMillis();
        options.checkCerts();
        StatusPorts.App app = new StatusPorts.App(options.appProbes(), options.appMetrics());
        boolean status = options.status() || session.identity().intercept();
        LoadResult loaded = load(session, err);
        Compiled compiled = session.compile(loaded);
        List<Finding> findings = session.findings(loaded, compiled);
        FindingsLog told = new FindingsLog();
        told.tell(findings);
        ProxyPlan plan = compiled.plan();
        Observability observability =
                Observability.open(options, plan.settings(), admin == null && !status ? null : session.identity());
        DrainSettings drain = DrainSettings.of(loaded.set().mesh(), drainMillis);
        ProxyProcess process = new ProxyProcess(
                options, transport(kind, workers), drain, limits(plan.settings().idle()), observability);
        try {
            Rehearsal.hold(process.proxy.transport(), CodecLimits.DEFAULT, Long.getLong(REHEARSAL, 0));
            process.bind(plan, err);
            process.reloads = new Reloads(session, process.proxy, observability, heap, told, findings);
            process.observe(session, log);
            // Before the admin port, which tells that it is ready as well.
            if (status) {
                process.openStatus(InterceptSettings.of(loaded.set().mesh()), app);
            }
            process.openAdmin(admin);
            process.reloads.watchedBy(ConfigDirectory.watch(session.loader(), process.reloads));
            heap.watch(process.proxy.transport().group());
            return process;
        } catch (UserError | IllegalStateException e) {
            process.close();
            throw e;
        }
    }

    private static Transport transport(Transport.Kind wanted, int workers) {
        Transport started = Transport.start(wanted, workers);
        if (wanted != Transport.Kind.AUTO && wanted != started.kind()) {
            LOG.log(Level.WARNING, "{0} does not load here; {1} takes its place", wanted, started.kind());
        }
        return started;
    }

    /** What clients may cost; of a time that is none, more than anybody lives to see. */
    private static CodecLimits limits(IdlePlan idle) {
        Duration connection = idle.connection();
        if (connection == null) {
            return CodecLimits.DEFAULT;
        }
        Duration ever = Duration.ofDays(36_500);
        boolean none = connection.isZero() || connection.compareTo(ever) > 0;
        return CodecLimits.DEFAULT.withIdleMillis(Math.max(1, (none ? ever : connection).toMillis()));
    }

    private static LoadResult load(ConfigSession session, PrintWriter err) throws UserError {
        LoadResult loaded = session.load();
        if (loaded.blocked()) {
            loaded.findings().stream()
                    .filter(finding -> finding.severity() == Finding.Severity.ERROR)
                    .forEach(finding -> err.println(finding.text()));
            throw new UserError(ExitCodes.REFUSED, "the configuration is refused; nothing was bound");
        }
        return loaded;
    }

    private void bind(ProxyPlan plan, PrintWriter err) throws UserError {
        List<String> failures = BindException.lines(proxy.apply(plan));
        if (!failures.isEmpty()) {
            failures.stream().skip(1).forEach(failure -> err.println("sluice: " + failure));
            throw new UserError(ExitCodes.CANNOT_BIND, failures.get(0));
        }
    }

    /** Begins to watch, where something tells what is seen. */
    private void observe(ConfigSession session, ProcessLog log) throws UserError {
        Metrics metrics = observability.metrics();
        if (metrics == null || reloads == null) {
            return;
        }
        ServerFacts facts = new ServerFacts(
                Version.version(),
                Runtime.version().toString(),
                Version.transport(proxy.transport().kind()),
                options.workers(),
                System.currentTimeMillis(),
                session.identity().namespace(),
                session.identity().labels());
        observability.watch(proxy, facts);
        view = new AdminView(proxy, metrics.registry(), reloads, readiness, facts, log, stop::countDown);
    }

    private void openAdmin(AdminOptions.@Nullable Wanted wanted) throws UserError {
        if (wanted != null && view != null) {
            admin = AdminPort.open(wanted, view);
        }
    }

    private void openStatus(InterceptSettings settings, StatusPorts.App app) throws UserError {
        if (view == null) {
            return;
        }
        if (app.metrics() != null && app.metrics().port() == settings.statusPort()) {
            throw new UserError(
                    ExitCodes.USAGE,
                    "--app-metrics: port " + settings.statusPort() + " is the proxy's own, which would ask itself");
        }
        try {
            StatusPorts.Numbers numbers =
                    new StatusPorts.Numbers(settings.statusPort(), settings.readyPort(), settings.metricsPort());
            status = StatusPorts.open(numbers, view, app);
        } catch (IOException e) {
            throw new UserError(ExitCodes.CANNOT_BIND, e.getMessage());
        }
    }

    /** From now on signals steer it; for the one of a JVM. */
    public void takeSignals() {
        Signals.on("TERM", this::requestStop);
        Signals.on("INT", this::requestStop);
        Signals.on("HUP", this::reload);
        Signals.on("USR1", this::reopenLogs);
    }

    /** Opens the access log anew, after it was moved away. */
    public void reopenLogs() {
        observability.reopenLogs();
    }

    private void reload() {
        if (reloads != null) {
            reloads.now();
        }
    }

    /** The line that tells that everything is bound (contract.md). */
    public String readyLine() {
        return "ready listeners=" + proxy.listeners().addresses().size() + " admin=" + admin;
    }

    /** {@code HOST:PORT} of the admin port, or {@code off}. */
    public String adminAddress() {
        return admin.toString();
    }

    /** What runs. */
    public RunningProxy proxy() {
        return proxy;
    }

    /** Listeners of the plan in force. */
    public List<ListenerPlan> listeners() {
        return proxy.snapshot().plan().listeners();
    }

    /** The first call begins the drain, the second ends the process at once. */
    private void requestStop() {
        if (stop.getCount() == 0) {
            Runtime.getRuntime().halt(ExitCodes.OK);
        }
        stop.countDown();
    }

    /** Waits for SIGTERM, SIGINT or the admin port's {@code /quitquitquit}. */
    public void awaitStop() throws InterruptedException {
        stop.await();
    }

    /** Ends in peace; the exit code. The admin port answers until the end: /ready says that this one drains. */
    public int drain() throws InterruptedException {
        closeReloads();
        StatusPorts ports = status;
        boolean clean =
                proxy.drain(drain.leastMillis(), drain.mostMillis(), () -> ports != null && ports.isHookUnderWay());
        if (!clean) {
            LOG.log(Level.WARNING, "the drain's time was up; connections were cut");
        }
        return ExitCodes.OK;
    }

    private void closeReloads() {
        if (reloads != null) {
            reloads.close();
        }
    }

    @Override
    public void close() {
        closeReloads();
        if (status != null) {
            status.close();
        }
        admin.close();
        proxy.close();
        observability.close();
    }
}
