package dev.sluice.proxy.stream;

/**
 * Backpressure towards the sender of a body. Open at first. While paused at most what was already read arrives late, as
 * the codec holds it back; a reset is reported all the same.
 */
public interface ReadGate {
    /** No data until {@link #resume()}; idempotent. */
    void pause();

    /** Lets data flow again, also what was held back, possibly before this returns; idempotent. */
    void resume();
}
