package dev.sluice.proxy.exchange;

/** A stage that holds something for the length of an attempt: a permit, a count, a timer. */
@FunctionalInterface
public interface AttemptEnd {
    /** Called once, whatever way the attempt ended; {@link Attempt#status()} and {@link Attempt#error()} tell which. */
    void attemptEnded(Attempt attempt);
}
