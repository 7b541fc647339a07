package dev.sluice.config.crd;

import dev.sluice.config.crd.schema.Rules;
import dev.sluice.config.crd.tree.MapNode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One rule of a VirtualService (spec §1.1); the first whose match fits takes the request. */
public record HttpRoute(
        MapNode at,
        @Nullable String name,
        List<HttpMatchRequest> match,
        List<HttpRouteDestination> route,
        @Nullable HttpRedirect redirect,
        @Nullable HttpDirectResponse directResponse,
        @Nullable Delegate delegate,
        @Nullable HttpRewrite rewrite,
        @Nullable Duration timeout,
        @Nullable HttpRetry retries,
        @Nullable HttpFaultInjection fault,
        @Nullable Destination mirror,
        List<HttpMirrorPolicy> mirrors,
        @Nullable Long mirrorPercent,
        @Nullable Percent mirrorPercentage,
        @Nullable CorsPolicy corsPolicy,
        @Nullable Headers headers) {

    /** A weighted destination (spec §1.3). */
    public record HttpRouteDestination(
            MapNode at, @Nullable Destination destination, @Nullable Integer weight, @Nullable Headers headers) {
        static Rules rules() {
            return new Rules().required("destination");
        }
    }

    /** Answers with a redirect (spec §1.5). */
    public record HttpRedirect(
            MapNode at,
            @Nullable String uri,
            @Nullable String prefixRewrite,
            @Nullable String authority,
            @Nullable Long port,
            @Nullable RedirectPortSelection derivePort,
            @Nullable String scheme,
            @Nullable Long redirectCode) {
        static Rules rules() {
            return new Rules().oneOf("port", "derivePort");
        }
    }

    /** Where a redirect's port comes from when it is not written out. */
    public enum RedirectPortSelection {
        FROM_PROTOCOL_DEFAULT,
        FROM_REQUEST_PORT
    }

    /** Answers with a fixed response (spec §1.6). */
    public record HttpDirectResponse(MapNode at, @Nullable Long status, @Nullable HttpBody body) {
        static Rules rules() {
            return new Rules().required("status");
        }
    }

    /** The fixed body: text, or bytes in base64. */
    public record HttpBody(MapNode at, @Nullable String string, @Nullable String bytes) {
        static Rules rules() {
            return new Rules().oneOf("string", "bytes").base64("bytes");
        }
    }

    /** Hands the rule on to another VirtualService (spec §1.10). */
    public record Delegate(MapNode at, @Nullable String name, @Nullable String namespace) {
        /** The namespace that it is looked for in, by a rule of namespace {@code own}. */
        public String namespaceFrom(String own) {
            return namespace == null || namespace.isEmpty() ? own : namespace;
        }
    }

    /** Changes path or authority before forwarding (spec §1.4). */
    public record HttpRewrite(
            MapNode at, @Nullable String uri, @Nullable String authority, @Nullable RegexRewrite uriRegexRewrite) {}

    /** Search and replace on the path. */
    public record RegexRewrite(MapNode at, @Nullable String match, @Nullable String rewrite) {}

    /** How often and on what to try again (spec §1.7). */
    public record HttpRetry(
            MapNode at,
            @Nullable Integer attempts,
            @Nullable Duration perTryTimeout,
            @Nullable String retryOn,
            @Nullable Boolean retryRemoteLocalities,
            @Nullable Boolean retryIgnorePreviousHosts,
            @Nullable Duration backoff) {}

    /** A shadow target. */
    public record HttpMirrorPolicy(MapNode at, @Nullable Destination destination, @Nullable Percent percentage) {
        static Rules rules() {
            return new Rules().required("destination");
        }
    }

    /** Delays and aborts on purpose (spec §1.8). */
    public record HttpFaultInjection(MapNode at, @Nullable Delay delay, @Nullable Abort abort) {
        /** Holds a request back. */
        public record Delay(
                MapNode at,
                @Nullable Integer percent,
                @Nullable Percent percentage,
                @Nullable Duration fixedDelay,
                @Nullable Duration exponentialDelay) {
            static Rules rules() {
                return new Rules().oneOf("fixedDelay", "exponentialDelay");
            }
        }

        /** Answers instead of the upstream. */
        public record Abort(
                MapNode at,
                @Nullable Integer httpStatus,
                @Nullable String grpcStatus,
                @Nullable String http2Error,
                @Nullable Percent percentage) {
            static Rules rules() {
                return new Rules().oneOf("httpStatus", "grpcStatus", "http2Error");
            }
        }
    }

    /** A share of requests in percent; unset is 0. */
    public record Percent(MapNode at, @Nullable Double value) {}

    /** Header operations on requests and responses (spec §1.3). */
    public record Headers(MapNode at, @Nullable HeaderOperations request, @Nullable HeaderOperations response) {}

    /** Applied as: remove, then set (overwrite), then add (append). */
    public record HeaderOperations(MapNode at, Map<String, String> set, Map<String, String> add, List<String> remove) {}
}
