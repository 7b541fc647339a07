package dev.sluice.proxy.telemetry.accesslog;

import dev.sluice.proxy.format.HostName;
import dev.sluice.proxy.format.TargetPart;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Envoy's command operators, as far as a sidecar has their values, and our own {@code SLUICE_CODE}. */
final class Operators {
    /** What Envoy knows and what there is nothing of in Sluice: written as a missing value, so that such formats load. */
    private static final Set<String> WITHOUT_VALUE = Set.of(
            "CLUSTER_METADATA",
            "CONNECTION_TERMINATION_DETAILS",
            "DOWNSTREAM_LOCAL_OTHERNAME_SAN",
            "DOWNSTREAM_TRANSPORT_FAILURE_REASON",
            "DYNAMIC_METADATA",
            "FILTER_STATE",
            "METADATA",
            "UPSTREAM_FILTER_STATE",
            "UPSTREAM_LOCAL_OTHERNAME_SAN",
            "UPSTREAM_METADATA",
            "VIRTUAL_CLUSTER_NAME");

    private static final Set<String> PREFIXES_WITHOUT_VALUE =
            Set.of("DOWNSTREAM_PEER_", "DOWNSTREAM_TLS_", "UPSTREAM_PEER_", "UPSTREAM_TLS_");

    private Operators() {}

    /**
     * The field that an operator stands for.
     *
     * @throws IllegalArgumentException when it is not known or its arguments are wrong
     */
    static LogField compile(FormatPart.Operator operator) {
        String name = operator.name();
        String arguments = operator.arguments();
        LogField field = withArguments(name, arguments);
        if (field == null) {
            field = plain(name);
            if (field != null && arguments != null && field != LogField.NEVER) {
                throw new IllegalArgumentException("access log format: %" + name + "% takes no arguments");
            }
        }
        if (field == null) {
            throw new IllegalArgumentException("access log format: unknown operator %" + name + "%");
        }
        return field;
    }

    /** The same; what is wrong never has a value. */
    static LogField compileLeniently(FormatPart.Operator operator) {
        try {
            return compile(operator);
        } catch (IllegalArgumentException e) {
            // told by check; a line with one value missing is worth more than no log, and more than no proxy
            return LogField.NEVER;
        }
    }

    private static @Nullable LogField withArguments(String name, @Nullable String arguments) {
        return switch (name) {
            case "REQ" -> Headers.field(Headers.Side.REQUEST, required(name, arguments));
            case "RESP" -> Headers.field(Headers.Side.RESPONSE, required(name, arguments));
            case "TRAILER" -> Headers.field(Headers.Side.TRAILERS, required(name, arguments));
            case "REQ_WITHOUT_QUERY" -> Headers.withoutQuery(required(name, arguments));
            case "START_TIME" -> StartTime.field(arguments);
            case "GRPC_STATUS" -> GrpcStatusField.field(arguments);
            case "PATH" -> target(TargetPart::path, arguments);
            case "QUERY_PARAM" -> target(TargetPart::queryParameter, arguments);
            default -> null;
        };
    }

    private static LogField target(Function<@Nullable String, TargetPart> compiler, @Nullable String arguments) {
        TargetPart part;
        try {
            part = compiler.apply(arguments);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("access log format: " + e.getMessage(), e);
        }
        return (exchange, line) -> line.escapedIfAny(part.of(exchange.request()));
    }

    private static LogField hostName() {
        String name = HostName.ask();
        return (exchange, line) -> line.escapedIfAny(name);
    }

    private static String required(String name, @Nullable String arguments) {
        if (arguments == null || arguments.isBlank()) {
            throw new IllegalArgumentException("access log format: %" + name + "(…)% needs the name of a header");
        }
        return arguments.strip();
    }

    private static @Nullable LogField plain(String name) {
        LogField field = ofRequest(name);
        StreamFields.StreamField stream = StreamFields.find(name);
        return field == null || stream == null ? field : field.or(stream);
    }

    private static @Nullable LogField ofRequest(String name) {
        LogField tls = TlsFields.find(name);
        if (tls != null) {
            return tls;
        }
        if (WITHOUT_VALUE.contains(name) || PREFIXES_WITHOUT_VALUE.stream().anyMatch(name::startsWith)) {
            return LogField.NEVER;
        }
        if (name.equals("HOSTNAME")) {
            return hostName();
        }
        if (name.equals("STREAM_ID")) {
            return Headers.field(Headers.Side.REQUEST, "x-request-id");
        }
        Fact fact = Fact.find(name);
        return fact != null ? fact : PeerFields.partOfAddress(name);
    }
}
