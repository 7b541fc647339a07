package dev.sluice.proxy.stream.headers;

import io.netty.util.AsciiString;

/** Names that more than one package reads or writes, lower-case and with their hash computed once. */
public final class HeaderNames {
    public static final AsciiString CONTENT_LENGTH = AsciiString.cached("content-length");
    public static final AsciiString CONTENT_TYPE = AsciiString.cached("content-type");
    public static final AsciiString COOKIE = AsciiString.cached("cookie");
    public static final AsciiString DATE = AsciiString.cached("date");
    public static final AsciiString GRPC_MESSAGE = AsciiString.cached("grpc-message");
    public static final AsciiString GRPC_STATUS = AsciiString.cached("grpc-status");
    public static final AsciiString GRPC_TIMEOUT = AsciiString.cached("grpc-timeout");
    public static final AsciiString LOCATION = AsciiString.cached("location");
    public static final AsciiString SERVER = AsciiString.cached("server");
    public static final AsciiString RETRY_AFTER = AsciiString.cached("retry-after");
    public static final AsciiString X_ENVOY_EXTERNAL_ADDRESS = AsciiString.cached("x-envoy-external-address");
    public static final AsciiString X_ENVOY_LOCAL_OVERLOADED = AsciiString.cached("x-envoy-local-overloaded");
    public static final AsciiString X_ENVOY_OVERLOADED = AsciiString.cached("x-envoy-overloaded");
    public static final AsciiString X_ENVOY_UPSTREAM_SERVICE_TIME = AsciiString.cached("x-envoy-upstream-service-time");
    public static final AsciiString X_FORWARDED_CLIENT_CERT = AsciiString.cached("x-forwarded-client-cert");
    public static final AsciiString X_FORWARDED_FOR = AsciiString.cached("x-forwarded-for");
    public static final AsciiString X_FORWARDED_PROTO = AsciiString.cached("x-forwarded-proto");
    public static final AsciiString X_REQUEST_ID = AsciiString.cached("x-request-id");
    public static final AsciiString X_SLUICE_HOP = AsciiString.cached("x-sluice-hop");
    public static final AsciiString X_SLUICE_CODE = AsciiString.cached("x-sluice-code");

    private HeaderNames() {}
}
