package dev.sluice.proxy.app;

import dev.sluice.config.source.ConfigDirectory;
import dev.sluice.config.source.LoadResult;
import dev.sluice.config.translate.Compiled;
import dev.sluice.config.validate.Finding;
import dev.sluice.proxy.assembly.RunningProxy;
import dev.sluice.proxy.listener.BindException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Puts every new load in force and remembers how it went. Called on the watcher's thread; its facts may be read from any.
 */
final class Reloads implements ConfigDirectory.Listener, AutoCloseable {
    private static final Logger LOG = System.getLogger(Reloads.class.getName());

    private final ConfigSession session;
    private final RunningProxy proxy;
    private volatile Status status;
    private @Nullable ConfigDirectory watcher;

    /**
     * How reloading stands.
     *
     * @param generation loads so far, the first is 1
     * @param rejected loads in which something was not in force as written
     * @param lastMillis wall clock of the last load, milliseconds since the epoch
     * @param findings of the last load
     */
    record Status(long generation, long rejected, long lastMillis, List<Finding> findings) {}

    Reloads(ConfigSession session, RunningProxy proxy, LoadResult first) {
        this.session = session;
        this.proxy = proxy;
        this.status = new Status(1, 0, System.currentTimeMillis(), first.findings());
    }

    Status status() {
        return status;
    }

    void watchedBy(ConfigDirectory directory) {
        this.watcher = directory;
    }

    @Override
    public void loaded(LoadResult result) {
        Compiled compiled = session.compile(result);
        List<BindException> failures = proxy.apply(compiled.plan());
        Status before = status;
        boolean rejected = result.blocked() || !failures.isEmpty();
        status = new Status(
                before.generation + 1,
                before.rejected + (rejected ? 1 : 0),
                System.currentTimeMillis(),
                result.findings());
        for (Finding finding : result.findings()) {
            if (finding.blocking()) {
                LOG.log(Level.ERROR, finding.text() + " (its last good version stays in force)");
            }
        }
        failures.forEach(failure -> LOG.log(Level.ERROR, failure.getMessage()));
        LOG.log(
                Level.INFO,
                "configuration " + status.generation + " in force: " + result.files() + " files, "
                        + compiled.plan().listeners().size() + " listeners"
                        + (rejected ? ", not everything as written" : ""));
    }

    @Override
    public void failed(RuntimeException cause) {
        Status before = status;
        status = new Status(before.generation, before.rejected + 1, System.currentTimeMillis(), before.findings);
        LOG.log(Level.ERROR, "the configuration could not be put in force; the last one stays", cause);
    }

    @Override
    public void close() {
        if (watcher != null) {
            watcher.close();
        }
    }
}
