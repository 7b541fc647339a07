package dev.sluice.config.plan;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One address to bind.
 *
 * @param name stable name for the admin port and logs, such as {@code gateway:0.0.0.0:8080}
 * @param bind where to listen
 * @param socketMode permissions of the file of a Unix domain socket; {@link #DEFAULT_MODE} for what the process's umask
 *     leaves
 * @param kind which side of the proxy it serves
 * @param traffic what becomes of its connections
 * @param gateways {@code ns/name} of the Gateways whose servers share it, in (name, namespace) order; empty when it is
 *     not a gateway listener
 * @param origin where the listener comes from
 */
public record ListenerPlan(
        String name,
        BindAddress bind,
        int socketMode,
        Kind kind,
        TrafficPlan traffic,
        List<String> gateways,
        SourceRef origin) {
    /** No permissions are set. */
    public static final int DEFAULT_MODE = -1;

    public ListenerPlan {
        gateways = List.copyOf(gateways);
    }

    /** A listener that is no Unix domain socket, or one with default permissions. */
    public ListenerPlan(
            String name, BindAddress bind, Kind kind, TrafficPlan traffic, List<String> gateways, SourceRef origin) {
        this(name, bind, DEFAULT_MODE, kind, traffic, gateways, origin);
    }

    /** The same with other tables. */
    public ListenerPlan withTraffic(TrafficPlan other) {
        return new ListenerPlan(name, bind, socketMode, kind, other, gateways, origin);
    }

    /** The same at another address. */
    public ListenerPlan withBind(BindAddress other) {
        return new ListenerPlan(name, other, socketMode, kind, traffic, gateways, origin);
    }

    /** The same with other permissions of its socket's file. */
    public ListenerPlan withSocketMode(int mode) {
        return new ListenerPlan(name, bind, mode, kind, traffic, gateways, origin);
    }

    /** Which side of the proxy a listener serves. */
    public enum Kind {
        /** A Gateway's servers: edge rules (client address trusted, x-envoy-* from outside stripped). */
        GATEWAY,
        /** {@code --outbound}: the explicit proxy listener, mesh rules. */
        OUTBOUND,
        /** A Sidecar's egress listener with captureMode NONE: mesh rules of the hosts it imports. */
        EGRESS,
        /** A Sidecar's ingress listener: forwards to the app. */
        INGRESS,
        /** {@code --intercept}: what the app sends to others, redirected; mesh rules. */
        VIRTUAL_OUTBOUND,
        /** {@code --intercept}: what others send to the app, redirected. */
        VIRTUAL_INBOUND;

        /** Whether the requests are those of the app beside this proxy. */
        public boolean isFromApp() {
            return this == OUTBOUND || this == EGRESS || this == VIRTUAL_OUTBOUND;
        }

        /** Whether the requests are for the app beside this proxy. */
        public boolean isToApp() {
            return this == INGRESS || this == VIRTUAL_INBOUND;
        }
    }

    /**
     * Address of a listener.
     *
     * @param host IP literal or Unix domain socket ({@link UnixSocket}); null means every address
     * @param port 1 to 65535; 0 takes an ephemeral port (tests), and is that of a Unix domain socket
     */
    public record BindAddress(@Nullable String host, int port) {
        // Written out: what a record has by itself is linked at its first use, milliseconds of each start.
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof BindAddress address && port == address.port && Objects.equals(host, address.host);
        }

        @Override
        public int hashCode() {
            return Objects.hashCode(host) * 31 + port;
        }

        /** Whether it is a Unix domain socket. */
        public boolean isUnix() {
            return UnixSocket.is(host);
        }

        @Override
        public String toString() {
            if (host != null && isUnix()) {
                return host;
            }
            if (host == null) {
                return "0.0.0.0:" + port;
            }
            return host.indexOf(':') >= 0 ? "[" + host + "]:" + port : host + ":" + port;
        }
    }
}
