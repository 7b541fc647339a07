package dev.sluice.proxy.admin;

import dev.sluice.proxy.assembly.RunningProxy;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;

/** The process that the admin port shows and steers. Called on the admin thread; nothing here may take long. */
public interface AdminSubject {
    /** What runs. */
    RunningProxy proxy();

    /** Its metrics. */
    PrometheusMeterRegistry metrics();

    /** How reloading stands. */
    ReloadStatus reloads();

    /** Whether it wants traffic. */
    Readiness readiness();

    /** What it is. */
    ServerFacts facts();

    /** From which level on the process log writes. */
    String logLevel();

    /**
     * Changes that.
     *
     * @throws IllegalArgumentException when it is no level; the message says which there are
     */
    void logLevel(String level);

    /** Clients are asked to go elsewhere; who comes all the same is served, and the process stays. */
    void beginDrain();

    /** Listeners stop accepting; connections end in peace; the process stays. */
    void drainListeners();

    /** Ends the process as SIGTERM does; a second call does nothing. */
    void quit();
}
