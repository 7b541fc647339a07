package dev.sluice.proxy.exchange;

/** Told about exchanges, for the access log and metrics. Must be quick and must not throw. */
@FunctionalInterface
public interface ExchangeObserver {
    /** Observes nothing. */
    ExchangeObserver NONE = exchange -> {};

    /** The exchange is over; called once, on its event loop. */
    void onEnd(Exchange exchange);
}
