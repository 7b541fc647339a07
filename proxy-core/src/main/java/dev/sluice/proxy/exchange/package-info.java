/**
 * Step: the life of one request. In: a request head and a {@link dev.sluice.proxy.stream.ServerStream} from the
 * listener. Out: exactly one response or reset on that stream, and one call of the {@link
 * dev.sluice.proxy.exchange.ExchangeObserver}. Thread: the event loop of the downstream connection, from first to last.
 *
 * <p>{@link dev.sluice.proxy.exchange.RouteStage}s run once a request, {@link dev.sluice.proxy.exchange.AttemptStage}s
 * once a try. A stage either passes on or answers. Stages are immutable and shared by all loops; what belongs to one
 * request is a field of {@link dev.sluice.proxy.exchange.Exchange} or {@link dev.sluice.proxy.exchange.Attempt}.
 */
@NullMarked
package dev.sluice.proxy.exchange;

import org.jspecify.annotations.NullMarked;
