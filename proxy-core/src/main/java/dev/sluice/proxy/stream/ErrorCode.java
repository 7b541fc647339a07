package dev.sluice.proxy.stream;

/**
 * Stable codes of {@code x-sluice-code}, the access log and the metrics, each with what Envoy answers in that situation
 * (spec/istio-fields.md §9.1).
 */
public enum ErrorCode {
    NO_ROUTE(404, "NR", "route_not_found", ""),
    NO_CLUSTER(503, "NC", "cluster_not_found", ""),
    NO_HEALTHY_UPSTREAM(503, "UH", "no_healthy_upstream", "no healthy upstream"),
    BREAKER_OPEN(503, "UO", "upstream_reset_before_response_started{overflow}", Text.RESET + "overflow"),
    PENDING_FULL(503, "UO", "upstream_reset_before_response_started{overflow}", Text.RESET + "overflow"),
    CONNECT_FAILED(
            503,
            "UF",
            "upstream_reset_before_response_started{remote_connection_failure}",
            Text.RESET + "remote connection failure"),
    CONNECT_TIMEOUT(
            503, "UF", "upstream_reset_before_response_started{connection_timeout}", Text.RESET + "connection timeout"),
    UPSTREAM_CLOSED(
            503,
            "UC",
            "upstream_reset_before_response_started{connection_termination}",
            Text.RESET + "connection termination"),
    UPSTREAM_RESET(503, "UR", "upstream_reset_before_response_started{remote_reset}", Text.RESET + "remote reset"),
    UPSTREAM_REFUSED(
            503,
            "UR",
            "upstream_reset_before_response_started{remote_refused_stream_reset}",
            Text.RESET + "remote refused stream reset"),
    LOCAL_RESET(503, "LR", "upstream_reset_before_response_started{local_reset}", Text.RESET + "local reset"),
    UPSTREAM_PROTOCOL(
            502, "UPE", "upstream_reset_before_response_started{protocol_error}", Text.RESET + "protocol error"),
    TIMEOUT(504, "UT", "response_timeout", "upstream request timeout"),
    TRY_TIMEOUT(504, "UT", "upstream_per_try_timeout", "upstream request timeout"),
    STREAM_IDLE_TIMEOUT(504, "SI", "stream_idle_timeout", "stream timeout"),
    CONNECTION_DURATION(0, "DT", "max_connection_duration_reached", ""),
    FAULT_ABORT(503, "FI", "fault_filter_abort", "fault filter abort"),
    BLACK_HOLE(502, "-", "direct_response", ""),
    DIRECT_RESPONSE(200, "-", "direct_response", ""),
    REFUSED_ADDRESS(403, "-", "refused_address", "this address may not be reached through the proxy"),
    LOOP_DETECTED(508, "-", "loop_detected", "the request came back to the proxy that sent it"),
    OVERLOADED(503, "OM", "overload", "the proxy is overloaded"),
    BAD_REQUEST(400, "DPE", "bad_request", "bad request"),
    METHOD_NOT_ALLOWED(405, "-", "method_not_allowed", "method not allowed"),
    REQUEST_TIMEOUT(408, "DPE", "request_headers_timeout", "request head not received in time"),
    URI_TOO_LONG(414, "DPE", "uri_too_long", "request target too long"),
    EXPECTATION_FAILED(417, "-", "expectation_failed", "unknown expectation"),
    UPGRADE_REQUIRED(426, "DPE", "low_version", "HTTP/1.1 or newer is required"),
    HEADERS_TOO_LARGE(431, "DPE", "request_headers_too_large", "request headers too large"),
    NOT_IMPLEMENTED(501, "DPE", "not_implemented", "transfer coding not implemented"),
    VERSION_NOT_SUPPORTED(505, "DPE", "version_not_supported", "HTTP version not supported"),
    INTERNAL(500, "-", "internal_error", "internal error"),
    CLIENT_GONE(0, "DC", "downstream_remote_disconnect", "");

    private final int status;
    private final String flag;
    private final String details;
    private final String lateDetails;
    private final String body;

    ErrorCode(int status, String flag, String details, String body) {
        this.status = status;
        this.flag = flag;
        this.details = details;
        this.lateDetails = details.replace("_before_response_started", "_after_response_started");
        this.body = body;
    }

    /** HTTP status of the local reply; 0 when there is nobody left to answer. */
    public int status() {
        return status;
    }

    /** Envoy's response flag; {@code -} when it has none. */
    public String flag() {
        return flag;
    }

    /** Envoy's response code details. */
    public String details() {
        return details;
    }

    /** The same where the upstream's response had begun before. */
    public String lateDetails() {
        return lateDetails;
    }

    /** Body text of the local reply, Envoy's where Envoy has one; may be empty. */
    public String body() {
        return body;
    }

    private static final class Text {
        static final String RESET = "upstream connect error or disconnect/reset before headers. reset reason: ";
    }
}
