package dev.sluice.proxy.telemetry.accesslog;

import dev.sluice.config.plan.ClusterKey;
import dev.sluice.proxy.exchange.Attempt;
import dev.sluice.proxy.exchange.Destination;
import dev.sluice.proxy.exchange.Exchange;
import dev.sluice.proxy.stream.ErrorCode;
import dev.sluice.proxy.stream.ProxyError;
import dev.sluice.proxy.telemetry.line.LogLine;
import org.jspecify.annotations.Nullable;

/** What became of a request, and why. */
final class ExchangeFields {
    private ExchangeFields() {}

    static @Nullable String details(Exchange exchange) {
        ProxyError error = exchange.error();
        Attempt attempt = exchange.attempt();
        boolean answered = attempt != null && attempt.status() != 0;
        if (error == null) {
            return answered ? "via_upstream" : null;
        }
        return answered ? error.code().lateDetails() : error.code().details();
    }

    /** Tries that had somewhere to go: where there was no endpoint for the first, none was made. */
    static int attempts(Exchange exchange) {
        ProxyError error = exchange.error();
        boolean nowhere = error != null && error.code() == ErrorCode.NO_HEALTHY_UPSTREAM;
        return nowhere && exchange.attempts() == 1 ? 0 : exchange.attempts();
    }

    static @Nullable String code(Exchange exchange) {
        ProxyError error = exchange.error();
        return error == null ? null : error.code().name();
    }

    static @Nullable String routeName(Exchange exchange) {
        return exchange.route() == null ? null : exchange.route().rule().name();
    }

    /** As {@link ClusterKey#envoyName}, without making the string. */
    static boolean cluster(Exchange exchange, LogLine line) {
        Destination destination = exchange.destination();
        if (destination == null || destination.cluster() == null) {
            return false;
        }
        ClusterKey key = destination.plan().cluster();
        int start = line.size();
        if (!line.again(key)) {
            cluster(key, line);
            line.remember(key, start);
        }
        return true;
    }

    private static void cluster(ClusterKey key, LogLine line) {
        if (key.host().equals(ClusterKey.INBOUND_HOST) || key.equals(ClusterKey.PASSTHROUGH)) {
            line.raw(key.envoyName());
            return;
        }
        line.raw("outbound|").number(key.port()).raw('|');
        if (key.subset() != null) {
            line.escaped(key.subset());
        }
        line.raw('|').escaped(key.host());
    }

    static @Nullable String failureReason(Exchange exchange) {
        ProxyError error = exchange.error();
        return error != null
                        && error.code() == ErrorCode.CONNECT_FAILED
                        && !error.detail().isEmpty()
                ? error.detail()
                : null;
    }
}
