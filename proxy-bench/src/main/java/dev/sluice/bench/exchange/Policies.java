package dev.sluice.bench.exchange;

/** What the configuration under test sets beside its routes. */
public enum Policies {
    /** Nothing: the defaults of Istio. */
    NONE("{}", ""),

    /** The three that most services set; none of them ever takes effect here. */
    TIMEOUT_RETRIES_BREAKER(
            "{connectionPool: {tcp: {maxConnections: 1000}, http: {http1MaxPendingRequests: 1000, http2MaxRequests: 1000,"
                    + " maxRetries: 10}}}",
            "timeout: 30s\n    retries: {attempts: 3, perTryTimeout: 10s, retryOn: \"5xx,reset\"}"),

    /** The same with outlier detection. */
    AND_OUTLIER_DETECTION(
            "{connectionPool: {tcp: {maxConnections: 1000}, http: {http1MaxPendingRequests: 1000, http2MaxRequests: 1000,"
                    + " maxRetries: 10}}, outlierDetection: {consecutive5xxErrors: 5, interval: 10s}}",
            TIMEOUT_RETRIES_BREAKER.route);

    private final String cluster;
    private final String route;

    Policies(String cluster, String route) {
        this.cluster = cluster;
        this.route = route;
    }

    /** A DestinationRule's trafficPolicy, as YAML of one line. */
    String cluster() {
        return cluster;
    }

    /** Fields of an HTTPRoute, as YAML indented by four. */
    String route() {
        return route;
    }
}
