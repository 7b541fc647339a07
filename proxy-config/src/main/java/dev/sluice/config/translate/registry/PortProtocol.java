package dev.sluice.config.translate.registry;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What is spoken on a service's or server's port (Istio's {@code protocol.Parse}; names compare without case). */
public enum PortProtocol {
    HTTP,
    HTTP2,
    GRPC,
    GRPC_WEB,
    /** An explicit forward proxy; listeners only. */
    HTTP_PROXY,
    HTTPS,
    TLS,
    TCP,
    MONGO,
    REDIS,
    MYSQL,
    UDP,
    /** None given, or none that Istio knows: HTTP or something else, told by the bytes. */
    UNKNOWN;

    private static final Map<String, PortProtocol> BY_NAME = Map.ofEntries(
            Map.entry("http", HTTP),
            Map.entry("http2", HTTP2),
            Map.entry("grpc", GRPC),
            Map.entry("grpc-web", GRPC_WEB),
            Map.entry("http_proxy", HTTP_PROXY),
            Map.entry("https", HTTPS),
            Map.entry("tls", TLS),
            Map.entry("tcp", TCP),
            Map.entry("mongo", MONGO),
            Map.entry("redis", REDIS),
            Map.entry("mysql", MYSQL),
            Map.entry("udp", UDP));

    /** Names of Kubernetes' own in {@code appProtocol}. */
    private static final Map<String, PortProtocol> KUBERNETES_NAMES =
            Map.of("kubernetes.io/h2c", HTTP2, "kubernetes.io/ws", HTTP, "kubernetes.io/wss", HTTPS);

    /** Ports on which the server speaks first, so that telling by the bytes would wait for ever: SMTP, DNS, MySQL, Mongo. */
    private static final Set<Integer> SERVER_FIRST_PORTS = Set.of(25, 53, 3306, 27017);

    /** The protocol of that name; {@link #UNKNOWN} for null and for names that are none. */
    public static PortProtocol of(@Nullable String name) {
        return name == null ? UNKNOWN : BY_NAME.getOrDefault(name.toLowerCase(Locale.ROOT), UNKNOWN);
    }

    /**
     * The protocol of a Kubernetes Service's port: {@code appProtocol}, else the port's name up to the first dash.
     *
     * @param transport TCP, UDP or SCTP; null is TCP
     */
    public static PortProtocol ofKubernetes(
            int port, @Nullable String name, @Nullable String transport, @Nullable String appProtocol) {
        if (transport != null && transport.equalsIgnoreCase("UDP")) {
            return UDP;
        }
        String hint = appProtocol != null ? appProtocol : name == null ? "" : name;
        PortProtocol named = KUBERNETES_NAMES.get(hint);
        if (named != null) {
            return named;
        }
        if (hint.regionMatches(true, 0, "grpc-web", 0, "grpc-web".length())) {
            return GRPC_WEB;
        }
        int dash = hint.indexOf('-');
        PortProtocol parsed = of(dash < 0 ? hint : hint.substring(0, dash));
        return parsed == UNKNOWN && SERVER_FIRST_PORTS.contains(port) ? TCP : parsed;
    }

    /** Whether it is HTTP in the clear, of whatever version. */
    public boolean isHttp() {
        return this == HTTP || this == HTTP2 || this == GRPC || this == GRPC_WEB || this == HTTP_PROXY;
    }

    /** Whether HTTP routes apply to a service's port of this protocol. */
    public boolean maybeHttp() {
        return isHttp() || this == UNKNOWN;
    }

    /** Whether it is carried as bytes: neither HTTP nor TLS, and not told by the bytes. */
    public boolean isStream() {
        return this == TCP || this == MONGO || this == REDIS || this == MYSQL;
    }

    /** Whether it is TLS with whatever inside. */
    public boolean isTls() {
        return this == HTTPS || this == TLS;
    }

    /** Whether it is HTTP/2 in the clear. */
    public boolean isHttp2() {
        return this == HTTP2 || this == GRPC || this == GRPC_WEB;
    }
}
