package dev.sluice.proxy.app.process;

import dev.sluice.config.crd.VirtualService;
import dev.sluice.config.source.ConfigDirectory;
import dev.sluice.config.source.LoadResult;
import dev.sluice.config.translate.Compiled;
import dev.sluice.config.validate.Finding;
import dev.sluice.proxy.admin.ReloadStatus;
import dev.sluice.proxy.assembly.RunningProxy;
import dev.sluice.proxy.listener.BindException;
import dev.sluice.proxy.log.Logs;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Puts every new load in force and remembers how it went. Called on the watcher's thread; its facts may be read from any.
 */
final class Reloads implements ConfigDirectory.Listener, AutoCloseable {
    private static final Logger LOG = Logs.of(Reloads.class);

    private final ConfigSession session;
    private final RunningProxy proxy;
    private final Observability observability;
    private final GrownHeap heap;
    private final FindingsLog log;
    private volatile ReloadStatus status;
    private @Nullable ConfigDirectory watcher;

    /**
     * The first load is in force already.
     *
     * @param log has told the first load's findings
     * @param first what they are
     */
    Reloads(
            ConfigSession session,
            RunningProxy proxy,
            Observability observability,
            GrownHeap heap,
            FindingsLog log,
            List<Finding> first) {
        this.session = session;
        this.proxy = proxy;
        this.observability = observability;
        this.heap = heap;
        this.log = log;
        this.status = ReloadStatus.first(first, System.currentTimeMillis());
        observability.configured(status, proxy);
    }

    ReloadStatus status() {
        return status;
    }

    void watchedBy(ConfigDirectory directory) {
        this.watcher = directory;
    }

    /** Reads everything again, changed or not. */
    void now() {
        if (watcher != null) {
            watcher.reloadNow();
        }
    }

    @Override
    public void loaded(LoadResult result) {
        Compiled compiled = session.compile(result);
        List<String> unbound = BindException.lines(proxy.apply(compiled.plan()));
        // In force by now: what there is to say of a large configuration takes its time.
        List<Finding> findings = session.findings(result, compiled);
        Set<Finding> told = new HashSet<>(status.kept());
        status = status.loaded(findings, unbound, System.currentTimeMillis());
        observability.configured(status, proxy);
        // Once: what is wrong since an earlier load would hide what this one changed.
        for (Finding finding : status.kept()) {
            if (told.contains(finding)) {
                continue;
            }
            LOG.log(Level.ERROR, finding.text() + " (its last good version stays in force)");
        }
        log.tell(findings);
        unbound.forEach(failure -> LOG.log(Level.ERROR, failure));
        LOG.log(
                Level.INFO,
                "configuration " + status.generation() + " in force: " + result.files() + " files, "
                        + compiled.plan().listeners().size() + " listeners"
                        + (status.outcome() == ReloadStatus.Outcome.APPLIED ? "" : ", not everything as written"));
    }

    @Override
    public void released(Map<VirtualService, VirtualService> others) {
        session.released(others);
    }

    @Override
    public void rested() {
        heap.released();
    }

    @Override
    public void failed(RuntimeException cause) {
        status = status.failed(cause.toString(), System.currentTimeMillis());
        observability.configured(status, proxy);
        LOG.log(Level.ERROR, "the configuration could not be put in force; the last one stays", cause);
    }

    @Override
    public void close() {
        if (watcher != null) {
            watcher.close();
        }
    }
}
