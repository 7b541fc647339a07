package dev.sluice.proxy.exchange;

/** Something that waits on behalf of an exchange: a timer, a place in a queue, a connect. */
@FunctionalInterface
public interface Cancellable {
    /** Stops waiting; nothing of it is called back afterwards. */
    void cancel();
}
