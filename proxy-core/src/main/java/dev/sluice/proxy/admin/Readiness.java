package dev.sluice.proxy.admin;

import java.util.function.BooleanSupplier;

/** Whether the process wants traffic, as {@code /ready} tells load balancers and probes. Thread-safe. */
public final class Readiness {
    private final BooleanSupplier draining;
    private volatile boolean failed;

    /** What {@code /ready} and {@code /server_info} say, in Envoy's words. */
    public enum State {
        LIVE,
        /** Listeners drain, or somebody asked for {@code /healthcheck/fail}. */
        DRAINING
    }

    /** @param draining whether listeners drain */
    public Readiness(BooleanSupplier draining) {
        this.draining = draining;
    }

    /** Until further notice no traffic is wanted; what comes is served all the same. */
    public void fail() {
        failed = true;
    }

    /** Takes {@link #fail} back. */
    public void ok() {
        failed = false;
    }

    /** What is true now. */
    public State state() {
        return failed || draining.getAsBoolean() ? State.DRAINING : State.LIVE;
    }
}
