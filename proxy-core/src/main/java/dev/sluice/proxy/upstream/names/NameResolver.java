package dev.sluice.proxy.upstream.names;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/** Asks for the addresses of a name, once. Thread-safe. */
@FunctionalInterface
public interface NameResolver {
    /**
     * Resolves {@code host}.
     *
     * @return completes on any thread; exceptionally when there is no address, whatever the reason. Never throws.
     */
    CompletionStage<Answer> resolve(String host);

    /** One that asks {@code second} where this one fails. */
    default NameResolver orElse(NameResolver second) {
        return host -> resolve(host).exceptionallyCompose(first -> second.resolve(host)
                .exceptionallyCompose(failure -> CompletableFuture.failedStage(
                        new UnknownHostException(host + ": " + reason(first) + ", " + reason(failure)))));
    }

    /** One sentence about why a stage of {@link #resolve} failed. */
    static String reason(Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        return String.valueOf(cause == null ? failure : cause);
    }

    /**
     * Addresses of a name.
     *
     * @param addresses at least one, in the order of the answer
     * @param ttl how long it may be relied on; zero when nothing is known about that
     */
    record Answer(List<InetAddress> addresses, Duration ttl) {
        public Answer {
            addresses = List.copyOf(addresses);
            if (addresses.isEmpty()) {
                throw new IllegalArgumentException("An answer without addresses is a failure");
            }
        }
    }
}
