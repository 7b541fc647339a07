package dev.sluice.proxy.exchange;

/** Runs once a try. Immutable; shared by all event loops. */
@FunctionalInterface
public interface AttemptStage {
    /** Passes {@code attempt} on to its next stage, or fails it. Must not block. */
    void handle(Attempt attempt);
}
