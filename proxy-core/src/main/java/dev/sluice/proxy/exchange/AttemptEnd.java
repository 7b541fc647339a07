package dev.sluice.proxy.exchange;

/** A stage that holds something for the length of an attempt: a permit, a count, a timer. */
@FunctionalInterface
public interface AttemptEnd {
    /** Called once, whatever way the attempt ended; {@link Attempt#status()} and {@link Attempt#error()} tell which. */
    void attemptEnded(Attempt attempt);

    /** Called once for a response, when its head is here and nobody has decided what becomes of it. */
    default void responseBegan(Attempt attempt) {}
}
