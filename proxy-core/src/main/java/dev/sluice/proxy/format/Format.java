package dev.sluice.proxy.format;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A text with command operators, compiled once. Text is wire text (one char for one byte). Immutable.
 *
 * <p>Operators, as in Envoy's access log: REQ(X?Y):Z, REQ_WITHOUT_QUERY(X?Y):Z, RESP(X?Y):Z, TRAILER(X?Y):Z, PROTOCOL, START_TIME(strftime), DURATION,
 * REQUEST_DURATION, RESPONSE_DURATION, RESPONSE_TX_DURATION, BYTES_RECEIVED, BYTES_SENT, RESPONSE_CODE,
 * RESPONSE_CODE_DETAILS, RESPONSE_FLAGS, CONNECTION_TERMINATION_DETAILS, GRPC_STATUS, GRPC_STATUS_NUMBER, ROUTE_NAME,
 * VIRTUAL_CLUSTER_NAME (always missing: there are no virtual clusters), UPSTREAM_HOST, UPSTREAM_CLUSTER,
 * UPSTREAM_CLUSTER_RAW, UPSTREAM_PROTOCOL, UPSTREAM_TRANSPORT_FAILURE_REASON, UPSTREAM_REQUEST_ATTEMPT_COUNT, HOSTNAME,
 * CONNECTION_ID, STREAM_ID (x-request-id), PATH(WQ|NQ:ORIG|PATH|ORIG_OR_PATH), QUERY_PARAM(X), REQUESTED_SERVER_NAME, and UPSTREAM_REMOTE, UPSTREAM_LOCAL, DOWNSTREAM_REMOTE, DOWNSTREAM_DIRECT_REMOTE and
 * DOWNSTREAM_LOCAL, each with _ADDRESS, _ADDRESS_WITHOUT_PORT and _PORT, and those of {@link TlsFact} with DOWNSTREAM_ and UPSTREAM_. Any may be followed by {@code :Z}, its greatest
 * length. {@code %%} is a percent sign.
 */
public final class Format {
    private final List<Part> parts;
    private final @Nullable String literal;

    /** Either text or an operator. */
    record Part(String text, @Nullable Operator operator) {}

    private Format(List<Part> parts) {
        this.parts = List.copyOf(parts);
        StringBuilder all = new StringBuilder();
        boolean constant = true;
        for (Part part : parts) {
            all.append(part.text);
            constant &= part.operator == null;
        }
        this.literal = constant ? all.toString() : null;
    }

    /** @throws IllegalArgumentException for an unknown or malformed operator; the message names it */
    public static Format compile(String text) {
        return new Format(new FormatParser(text, false).parse());
    }

    /**
     * The same for a text that was told to be wrong and is used all the same: what cannot be read never has a value, and a
     * percent sign that nothing closes is text.
     */
    public static Format lenient(String text) {
        return new Format(new FormatParser(text, true).parse());
    }

    /** The whole text when it has no operators, else null. */
    public @Nullable String literal() {
        return literal;
    }

    /** Appends the text; an operator whose value is missing adds nothing. */
    public void append(FormatSource source, StringBuilder to) {
        for (Part part : parts) {
            if (part.operator == null) {
                to.append(part.text);
            } else {
                part.operator.append(source, to);
            }
        }
    }
}
