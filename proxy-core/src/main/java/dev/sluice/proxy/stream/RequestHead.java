package dev.sluice.proxy.stream;

import dev.sluice.proxy.stream.headers.H1Headers;
import dev.sluice.proxy.stream.headers.H2Headers;
import dev.sluice.proxy.stream.headers.HeaderOverlay;
import dev.sluice.proxy.stream.headers.Headers;
import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;

/**
 * Start of a request. Edits (path normalisation, rewrites, header operations) are made in place, once per request and
 * before the first attempt; what belongs to one attempt is a {@link HeaderOverlay}. The first value of an edited path
 * or authority stays readable for the access log.
 *
 * <p>Not thread-safe; belongs to the stream's event loop.
 */
public final class RequestHead {
    /** Stands in for a method or a path that was not read. */
    public static final String UNREAD = "-";

    private static final AsciiString CONTENT_TYPE = AsciiString.cached("content-type");
    private static final String GRPC = "application/grpc";

    private final HttpVersion version;
    private final String method;
    private final Headers headers;
    private final long contentLength;
    private final boolean expectContinue;
    private final @Nullable String upgrade;
    private String scheme;
    private String authority;
    private String path;
    private @Nullable String receivedAuthority;
    private @Nullable String receivedPath;

    private RequestHead(Builder builder) {
        this.version = builder.version;
        this.method = builder.method;
        this.scheme = builder.scheme;
        this.authority = builder.authority;
        this.path = builder.path;
        this.headers = builder.headers;
        this.contentLength = builder.contentLength;
        this.expectContinue = builder.expectContinue;
        this.upgrade = builder.upgrade;
    }

    /** Stands in for a head that could not be read, of which no more than its version is known. */
    public static RequestHead unread(HttpVersion version) {
        Headers none = version == HttpVersion.HTTP_2 ? H2Headers.create() : H1Headers.create();
        return builder(version, UNREAD, UNREAD, none).build();
    }

    /** Starts a head; everything not said is a body-less {@code http} request without authority. */
    public static Builder builder(HttpVersion version, String method, String path, Headers headers) {
        return new Builder(version, method, path, headers);
    }

    /** Version it was received in. */
    public HttpVersion version() {
        return version;
    }

    /** Method, with case. An HTTP/2 extended CONNECT arrives as {@code GET} with {@link #upgrade()}. */
    public String method() {
        return method;
    }

    /** {@code http} or {@code https}. */
    public String scheme() {
        return scheme;
    }

    /** Replaces the scheme. */
    public void rewriteScheme(String newScheme) {
        scheme = newScheme;
    }

    /** Host with its port if given; empty when the client sent none (HTTP/1.0). */
    public String authority() {
        return authority;
    }

    /** Origin form with its query, or {@code *}. */
    public String path() {
        return path;
    }

    /** End-to-end headers without {@code host} and pseudo headers. */
    public Headers headers() {
        return headers;
    }

    /** Declared length in bytes; -1 when there is none (no body, or one of unknown length: the {@code last} flag tells). */
    public long contentLength() {
        return contentLength;
    }

    /** The client waits for 100 Continue before it sends the body. */
    public boolean expectContinue() {
        return expectContinue;
    }

    /** Lower-case protocol that the client wants to switch to, such as {@code websocket}; null when none. */
    public @Nullable String upgrade() {
        return upgrade;
    }

    /** Path as the client sent it, before normalisation and rewrites. */
    public String receivedPath() {
        return receivedPath == null ? path : receivedPath;
    }

    /** Authority as the client sent it. */
    public String receivedAuthority() {
        return receivedAuthority == null ? authority : receivedAuthority;
    }

    /** Replaces the path; {@link #receivedPath()} keeps the first one. */
    public void rewritePath(String newPath) {
        if (receivedPath == null) {
            receivedPath = path;
        }
        path = newPath;
    }

    /** Replaces the authority; {@link #receivedAuthority()} keeps the first one. */
    public void rewriteAuthority(String newAuthority) {
        if (receivedAuthority == null) {
            receivedAuthority = authority;
        }
        authority = newAuthority;
    }

    /** Content type is {@code application/grpc} or {@code application/grpc+…} (spec/istio-fields.md §9.3). */
    public boolean isGrpc() {
        CharSequence type = headers.get(CONTENT_TYPE);
        return type != null
                && type.length() >= GRPC.length()
                && AsciiString.regionMatches(type, true, 0, GRPC, 0, GRPC.length())
                && (type.length() == GRPC.length()
                        || type.charAt(GRPC.length()) == '+'
                        || type.charAt(GRPC.length()) == ';');
    }

    @Override
    public String toString() {
        return method + " " + scheme + "://" + authority + path + " " + version.text();
    }

    /** Collects the parts of a head. */
    public static final class Builder {
        private final HttpVersion version;
        private final String method;
        private final String path;
        private final Headers headers;
        private String scheme = "http";
        private String authority = "";
        private long contentLength = -1;
        private boolean expectContinue;
        private @Nullable String upgrade;

        private Builder(HttpVersion version, String method, String path, Headers headers) {
            this.version = version;
            this.method = method;
            this.path = path;
            this.headers = headers;
        }

        public Builder scheme(String value) {
            this.scheme = value;
            return this;
        }

        public Builder authority(String value) {
            this.authority = value;
            return this;
        }

        public Builder contentLength(long value) {
            this.contentLength = value;
            return this;
        }

        public Builder expectContinue(boolean value) {
            this.expectContinue = value;
            return this;
        }

        public Builder upgrade(@Nullable String value) {
            this.upgrade = value;
            return this;
        }

        public RequestHead build() {
            return new RequestHead(this);
        }
    }
}
