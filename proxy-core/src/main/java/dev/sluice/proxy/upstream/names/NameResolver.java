package dev.sluice.proxy.upstream.names;

import io.netty.resolver.dns.DnsErrorCauseException;
import io.netty.resolver.dns.DnsNameResolverException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
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

    /** One that asks {@code second}, the system's, where this one, of DNS, fails. */
    default NameResolver orElse(NameResolver second) {
        return host -> resolve(host).exceptionallyCompose(first -> second.resolve(host)
                .exceptionallyCompose(failure -> CompletableFuture.failedStage(new UnknownHostException(
                        "DNS says " + reason(first) + "; the system's resolver says " + reason(failure)))));
    }

    /** Why a stage of {@link #resolve} failed, as the one says it who knows it first-hand. */
    static String reason(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        String message = cause.getMessage();
        boolean telling = cause instanceof IOException
                || cause instanceof DnsErrorCauseException
                || cause instanceof DnsNameResolverException;
        return message == null || !telling
                ? cause.toString()
                : message.replace(" (no stack trace available)", "").strip();
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
