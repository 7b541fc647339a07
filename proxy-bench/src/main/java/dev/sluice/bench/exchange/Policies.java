package dev.sluice.bench.exchange;

import java.util.Map;

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
            TIMEOUT_RETRIES_BREAKER.route),

    /** A timeout of the route, set and cancelled. */
    TIMEOUT("{}", "timeout: 30s"),

    /** Retries that are not called for, with a timeout of each try. */
    RETRIES("{}", "retries: {attempts: 3, perTryTimeout: 10s, retryOn: \"5xx,reset\"}"),

    /** A fault that is drawn for and as good as never hits. */
    FAULT("{}", "fault: {abort: {httpStatus: 503, percentage: {value: 0.0001}}}"),

    /** Each request is sent a second time. */
    MIRROR("{}", "mirror: {host: reviews, subset: v2}\n    mirrorPercentage: {value: 100}"),

    /** Another path and another host. */
    REWRITE("{}", "rewrite: {uri: /v2, authority: other.test}"),

    /** The origin is allowed, and told so. */
    CORS(
            "{}",
            "corsPolicy: {allowOrigins: [{exact: \"https://a.test\"}], allowMethods: [GET], exposeHeaders: [x-rate],"
                    + " allowCredentials: true}",
            "https://a.test"),

    /** Headers set, added and taken away, of the request and of the response; one of them from a format. */
    HEADERS(
            "{}",
            "headers: {request: {set: {x-tier: gold, x-from: \"%DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%\"}, add: {x-via: sluice},"
                    + " remove: [cookie]}, response: {set: {x-served-by: bench}, remove: [date]}}"),

    /** Subset and endpoint by a header. */
    HASH_HEADER("{loadBalancer: {consistentHash: {httpHeaderName: end-user}}}", ""),

    /** By a cookie that the request carries. */
    HASH_COOKIE("{loadBalancer: {consistentHash: {httpCookie: {name: session, ttl: 0s}}}}", ""),

    /** By the client's address. */
    HASH_SOURCE_IP("{loadBalancer: {consistentHash: {useSourceIp: true}}}", "");

    private final String cluster;
    private final String route;
    private final String origin;

    Policies(String cluster, String route) {
        this(cluster, route, "");
    }

    Policies(String cluster, String route, String origin) {
        this.cluster = cluster;
        this.route = route;
        this.origin = origin;
    }

    /** A DestinationRule's trafficPolicy, as YAML of one line. */
    String cluster() {
        return cluster;
    }

    /** Fields of an HTTPRoute, as YAML indented by four. */
    String route() {
        return route;
    }

    /** Headers that the request needs for them to take effect. */
    Map<String, String> fields() {
        return origin.isEmpty() ? Map.of() : Map.of("origin", origin);
    }
}
