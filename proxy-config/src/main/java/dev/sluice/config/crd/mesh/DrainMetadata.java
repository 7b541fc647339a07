package dev.sluice.config.crd.mesh;

/** What {@code defaultConfig.proxyMetadata} says about the end of a process, by the names of Istio's agent. Pure. */
public final class DrainMetadata {
    /** Whether the end waits for the last connection, however long that takes. */
    public static final String ON_ZERO = "EXIT_ON_ZERO_ACTIVE_CONNECTIONS";
    /** How long new connections are taken even when none is left. */
    public static final String LEAST = "MINIMUM_DRAIN_DURATION";

    private DrainMetadata() {}
}
