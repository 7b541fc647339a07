package dev.sluice.proxy.exchange;

/** Runs once a request, before any attempt. Immutable; shared by all event loops. */
@FunctionalInterface
public interface RouteStage {
    /** Passes {@code exchange} on to its next stage, or answers it. Must not block. */
    void handle(Exchange exchange);
}
