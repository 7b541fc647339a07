package dev.sluice.config.plan;

import dev.sluice.config.plan.chain.ChainPlan;
import dev.sluice.config.plan.chain.ChainTarget;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One address to bind.
 *
 * @param name stable name for the admin port and logs, such as {@code gateway:0.0.0.0:8080}
 * @param bind where to listen
 * @param kind which side of the proxy it serves
 * @param protocols what may arrive on it
 * @param routes the route table of its cleartext HTTP traffic; null where it serves none
 * @param chains what else may become of its connections: TLS, and bytes; of those that no chain takes the cleartext table
 *     serves HTTP, and without one they are closed
 * @param capture null as a rule. Set for a listener of redirected connections: which chain takes one goes by the address
 *     that the client dialled
 * @param gateways {@code ns/name} of the Gateways whose servers share it, in (name, namespace) order; empty when it is
 *     not a gateway listener
 * @param origin where the listener comes from
 * @param socketMode permissions of the file of a Unix domain socket; {@link #DEFAULT_MODE} for what the process's umask
 *     leaves
 */
public record ListenerPlan(
        String name,
        BindAddress bind,
        Kind kind,
        Protocols protocols,
        @Nullable RouteTablePlan routes,
        List<ChainPlan> chains,
        @Nullable CapturePlan capture,
        List<String> gateways,
        SourceRef origin,
        int socketMode) {
    /** No permissions are set. */
    public static final int DEFAULT_MODE = -1;

    public ListenerPlan {
        chains = List.copyOf(chains);
        gateways = List.copyOf(gateways);
    }

    /** A listener that is no Unix domain socket, or one with default permissions. */
    public ListenerPlan(
            String name,
            BindAddress bind,
            Kind kind,
            Protocols protocols,
            @Nullable RouteTablePlan routes,
            List<ChainPlan> chains,
            @Nullable CapturePlan capture,
            List<String> gateways,
            SourceRef origin) {
        this(name, bind, kind, protocols, routes, chains, capture, gateways, origin, DEFAULT_MODE);
    }

    /** A listener that is connected to explicitly. */
    public ListenerPlan(
            String name,
            BindAddress bind,
            Kind kind,
            Protocols protocols,
            @Nullable RouteTablePlan routes,
            List<ChainPlan> chains,
            List<String> gateways,
            SourceRef origin) {
        this(name, bind, kind, protocols, routes, chains, null, gateways, origin);
    }

    /** A listener of cleartext HTTP alone. */
    public ListenerPlan(
            String name,
            BindAddress bind,
            Kind kind,
            Protocols protocols,
            RouteTablePlan routes,
            List<String> gateways,
            SourceRef origin) {
        this(name, bind, kind, protocols, routes, List.of(), gateways, origin);
    }

    /** The same with other tables. */
    public ListenerPlan withRoutes(@Nullable RouteTablePlan otherRoutes, List<ChainPlan> otherChains) {
        return new ListenerPlan(
                name, bind, kind, protocols, otherRoutes, otherChains, capture, gateways, origin, socketMode);
    }

    /** The same at another address. */
    public ListenerPlan withBind(BindAddress other) {
        return new ListenerPlan(name, other, kind, protocols, routes, chains, capture, gateways, origin, socketMode);
    }

    /** The same with other permissions of its socket's file. */
    public ListenerPlan withSocketMode(int mode) {
        return new ListenerPlan(name, bind, kind, protocols, routes, chains, capture, gateways, origin, mode);
    }

    /** Every table of requests: that of cleartext first, then those of chains. */
    public List<RouteTablePlan> tables() {
        List<RouteTablePlan> tables = new ArrayList<>(1 + chains.size());
        if (routes != null) {
            tables.add(routes);
        }
        for (ChainPlan chain : chains) {
            if (chain.target() instanceof ChainTarget.Http http) {
                tables.add(http.routes());
            }
        }
        return tables;
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

    /** What may arrive on a listener. */
    public enum Protocols {
        /** HTTP/1.x and HTTP/2 with prior knowledge, told apart by the first bytes. */
        HTTP,
        /** What its chains are for; no cleartext HTTP beside them. */
        CHAINS
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
