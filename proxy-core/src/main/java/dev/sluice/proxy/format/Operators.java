package dev.sluice.proxy.format;

import dev.sluice.config.plan.words.GrpcStatusNames;
import dev.sluice.proxy.stream.ConnectionTls;
import dev.sluice.proxy.stream.DownstreamConnection;
import dev.sluice.proxy.stream.headers.WireText;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** The operators by name. */
final class Operators {
    private static final long NANOS_PER_MILLI = 1_000_000;

    private static final String DOWNSTREAM = "DOWNSTREAM_";
    private static final String UPSTREAM = "UPSTREAM_";

    private static final Map<String, Operator> PLAIN = new HashMap<>();

    static {
        text("PROTOCOL", source -> source.request().version().text());
        text("RESPONSE_FLAGS", FormatSource::responseFlags);
        text("RESPONSE_CODE_DETAILS", FormatSource::responseCodeDetails);
        text("CONNECTION_TERMINATION_DETAILS", FormatSource::connectionTerminationDetails);
        text("UPSTREAM_TRANSPORT_FAILURE_REASON", FormatSource::upstreamFailureReason);
        text("UPSTREAM_CLUSTER", FormatSource::upstreamCluster);
        text("UPSTREAM_CLUSTER_RAW", FormatSource::upstreamCluster);
        text("UPSTREAM_PROTOCOL", FormatSource::upstreamProtocol);
        PLAIN.put("STREAM_ID", HeaderOperator.ofRequest("x-request-id"));
        text("ROUTE_NAME", FormatSource::routeName);
        text("REQUESTED_SERVER_NAME", connection(DownstreamConnection::serverName));
        text("GRPC_STATUS", source -> grpcName(source.grpcStatus()));
        PLAIN.put("VIRTUAL_CLUSTER_NAME", (source, to) -> false);

        number("RESPONSE_CODE", FormatSource::status);
        number("GRPC_STATUS_NUMBER", FormatSource::grpcStatus);
        number("BYTES_RECEIVED", FormatSource::requestBytes);
        number("BYTES_SENT", FormatSource::responseBytes);
        number("UPSTREAM_REQUEST_ATTEMPT_COUNT", FormatSource::attempts);
        number("CONNECTION_ID", source -> {
            DownstreamConnection connection = source.connection();
            return connection == null ? -1 : connection.id();
        });
        number("DURATION", source -> millis(source.startedNanos(), source.endNanos()));
        number("REQUEST_DURATION", source -> millis(source.startedNanos(), source.requestEndNanos()));
        number("RESPONSE_DURATION", source -> millis(source.startedNanos(), source.responseHeadNanos()));
        number("RESPONSE_TX_DURATION", source -> millis(source.responseHeadNanos(), source.endNanos()));

        PLAIN.put("UPSTREAM_HOST", AddressOperator.whole(FormatSource::upstreamAddress));
        PLAIN.putAll(AddressOperator.all("UPSTREAM_REMOTE", FormatSource::upstreamAddress));
        PLAIN.putAll(AddressOperator.all("UPSTREAM_LOCAL", FormatSource::upstreamLocalAddress));
        PLAIN.putAll(AddressOperator.all("DOWNSTREAM_REMOTE", FormatSource::clientAddress));
        PLAIN.putAll(
                AddressOperator.all("DOWNSTREAM_DIRECT_REMOTE", connection(DownstreamConnection::directRemoteAddress)));
        PLAIN.putAll(AddressOperator.all("DOWNSTREAM_LOCAL", connection(DownstreamConnection::localAddress)));
    }

    private Operators() {}

    /**
     * Null when there is no such operator.
     *
     * @throws IllegalArgumentException when its argument is wrong
     */
    static @Nullable Operator find(String name, @Nullable String argument) {
        switch (name) {
            case "REQ" -> {
                return HeaderOperator.ofRequest(argument);
            }
            case "REQ_WITHOUT_QUERY" -> {
                return HeaderOperator.ofRequestWithoutQuery(argument);
            }
            case "RESP" -> {
                return HeaderOperator.ofResponse(argument);
            }
            case "TRAILER" -> {
                return HeaderOperator.ofTrailers(argument);
            }
            case "START_TIME" -> {
                return TimeOperator.of(argument);
            }
            case "HOSTNAME" -> {
                return hostName();
            }
            case "PATH" -> {
                return of(TargetPart.path(argument));
            }
            case "QUERY_PARAM" -> {
                return of(TargetPart.queryParameter(argument));
            }
            default -> {}
        }
        Operator known = PLAIN.get(name);
        Operator plain = known == null ? ofTls(name) : known;
        if (plain != null && argument != null) {
            throw new IllegalArgumentException(
                    "operator %" + name + "% takes no argument, was given (" + argument + ")");
        }
        return plain;
    }

    private static @Nullable Operator ofTls(String name) {
        if (name.startsWith(DOWNSTREAM)) {
            return tls(name.substring(DOWNSTREAM.length()), connection(DownstreamConnection::tls));
        }
        return name.startsWith(UPSTREAM) ? tls(name.substring(UPSTREAM.length()), FormatSource::upstreamTls) : null;
    }

    private static @Nullable Operator tls(String what, Function<FormatSource, @Nullable ConnectionTls> reader) {
        TlsFact fact = TlsFact.find(what);
        if (fact == null) {
            return null;
        }
        return (source, to) -> {
            ConnectionTls tls = reader.apply(source);
            String text = tls == null ? null : fact.of(tls);
            return text != null && append(WireText.of(text), to);
        };
    }

    private static <T> Function<FormatSource, @Nullable T> connection(
            Function<DownstreamConnection, @Nullable T> reader) {
        return source -> {
            DownstreamConnection connection = source.connection();
            return connection == null ? null : reader.apply(connection);
        };
    }

    private static void text(String name, Function<FormatSource, @Nullable String> reader) {
        PLAIN.put(name, (source, to) -> {
            String value = reader.apply(source);
            return value != null && append(WireText.of(value), to);
        });
    }

    /** Negative is missing; so is a status of 0, which only says that nothing was sent. */
    private static void number(String name, ToLongFunction<FormatSource> reader) {
        boolean zeroIsMissing = name.equals("RESPONSE_CODE");
        PLAIN.put(name, (source, to) -> {
            long value = reader.applyAsLong(source);
            if (value < 0 || (value == 0 && zeroIsMissing)) {
                return false;
            }
            to.append(value);
            return true;
        });
    }

    private static long millis(long from, long to) {
        return from == 0 || to == 0 ? -1 : Math.max(0, (to - from) / NANOS_PER_MILLI);
    }

    private static @Nullable String grpcName(int status) {
        return status < 0 || status >= GrpcStatusNames.CAMEL.size() ? null : GrpcStatusNames.CAMEL.get(status);
    }

    /** Asked when the operator is compiled: the system may have to look it up. */
    private static Operator hostName() {
        String name = HostName.ask();
        return (source, to) -> append(name, to);
    }

    private static Operator of(TargetPart part) {
        return (source, to) -> append(part.of(source.request()), to);
    }

    private static boolean append(@Nullable CharSequence value, StringBuilder to) {
        if (value == null || value.isEmpty()) {
            return false;
        }
        to.append(value);
        return true;
    }
}
