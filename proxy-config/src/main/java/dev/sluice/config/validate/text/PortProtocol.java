package dev.sluice.config.validate.text;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Protocols that a port of a Gateway, ServiceEntry or Sidecar may name, in either case. */
public enum PortProtocol {
    HTTP(true, false, false),
    HTTP2(true, false, false),
    HTTP_PROXY(true, false, false),
    GRPC(true, false, false),
    GRPC_WEB(true, false, false),
    HTTPS(false, true, true),
    TLS(false, true, true),
    TCP(false, false, true),
    MONGO(false, false, true),
    REDIS(false, false, true),
    MYSQL(false, false, true),
    UDP(false, false, false);

    /** For messages. */
    public static final String NAMES =
            "HTTP, HTTP2, HTTP_PROXY, GRPC, GRPC-WEB, HTTPS, TLS, TCP, MONGO, REDIS, MYSQL or UDP";

    private final boolean http;
    private final boolean tls;
    private final boolean tcp;

    PortProtocol(boolean http, boolean tls, boolean tcp) {
        this.http = http;
        this.tls = tls;
        this.tcp = tcp;
    }

    /** The protocol of that name, or null. */
    public static @Nullable PortProtocol of(String name) {
        String upper = name.toUpperCase(Locale.ROOT);
        for (PortProtocol protocol : values()) {
            if (protocol.label().equals(upper)) {
                return protocol;
            }
        }
        return null;
    }

    /** As Istio spells it. */
    public String label() {
        return this == GRPC_WEB ? "GRPC-WEB" : name();
    }

    /** Whether requests are seen, in cleartext. */
    public boolean isHttp() {
        return http;
    }

    /** Whether connections begin with a TLS handshake. */
    public boolean isTls() {
        return tls;
    }

    /** Whether only a stream of bytes is seen, TLS or not. */
    public boolean isTcp() {
        return tcp;
    }
}
