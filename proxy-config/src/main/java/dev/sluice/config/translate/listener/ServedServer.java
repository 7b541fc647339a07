package dev.sluice.config.translate.listener;

import dev.sluice.config.crd.Gateway;
import dev.sluice.config.crd.Gateway.Server;

/** A server that is served, and the Gateway it is of. */
record ServedServer(Gateway gateway, Server server, GatewayHosts hosts) {
    ServedServer(Gateway gateway, Server server) {
        this(
                gateway,
                server,
                new GatewayHosts(server.hosts(), gateway.metadata().namespace()));
    }

    /** {@code ns/name} of the Gateway. */
    String id() {
        return gateway.metadata().id();
    }

    /** Whether cleartext requests are sent to https. */
    boolean redirects() {
        return server.tls() != null && Boolean.TRUE.equals(server.tls().httpsRedirect());
    }
}
