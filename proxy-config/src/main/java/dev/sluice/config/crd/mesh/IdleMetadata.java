package dev.sluice.config.crd.mesh;

/** What {@code defaultConfig.proxyMetadata} says about silent clients: Istio has no field for it. Pure. */
public final class IdleMetadata {
    /** Istio's own: how long a connection from a client may be without a request; {@code 0s} for ever. */
    public static final String CONNECTION = "ISTIO_META_IDLE_TIMEOUT";
    /** Sluice's own: how long neither a request nor its response may move. */
    public static final String STREAM = "SLUICE_STREAM_IDLE_TIMEOUT";

    private IdleMetadata() {}
}
