package dev.sluice.config.translate.listener;

import dev.sluice.config.translate.registry.PortProtocol;
import dev.sluice.config.translate.registry.Service;
import dev.sluice.config.translate.registry.ServicePort;
import dev.sluice.config.translate.scope.EgressHosts;
import dev.sluice.config.translate.scope.SidecarScope;
import java.util.Objects;
import java.util.function.IntFunction;

/**
 * What a listener of the mesh side is for.
 *
 * @param onlyPort the one service port that it serves, which is its own; 0 where it serves all, told by the authority
 * @param loneToo whether a service that lacks that port, but has exactly one, is served by the one it has
 * @param redirected whether its connections were made to some address of the services, rather than to the listener
 * @param imports what is let in, by service port
 */
record MeshScope(int onlyPort, boolean loneToo, boolean redirected, IntFunction<EgressHosts> imports) {
    /** An explicit outbound listener: everything that the Sidecar lets in. */
    static MeshScope outbound(SidecarScope scope) {
        return new MeshScope(0, false, false, scope::importsOf);
    }

    /**
     * A Sidecar's egress listener with a port of its own. Istio leaves out services that lack this port. Here one with a
     * single port is meant by its name, as on the explicit outbound listener: who connects to a listener without
     * interception cannot tell it another port, and on a shared host the service's own may be taken. A Unix domain socket has
     * no port, and serves all.
     */
    static MeshScope egress(SidecarScope.Egress listener) {
        boolean allPorts = listener.protocol() == PortProtocol.HTTP_PROXY || listener.isUnix();
        return new MeshScope(allPorts ? 0 : listener.port(), !allPorts, false, port -> listener.hosts());
    }

    /** A port of a Sidecar's egress listener without a port. */
    static MeshScope port(SidecarScope.Egress listener, int port) {
        return new MeshScope(port, false, false, any -> listener.hosts());
    }

    /** Redirected connections to a port. */
    static MeshScope captured(SidecarScope scope, int port) {
        return new MeshScope(port, false, true, scope::importsOfRedirected);
    }

    /** Whether a service port is served. */
    boolean serves(int port) {
        return onlyPort == 0 || onlyPort == port;
    }

    /** Whether a port of {@code service} is served. */
    boolean serves(Service service, ServicePort port) {
        if (serves(port.number())) {
            return true;
        }
        return loneToo && Objects.equals(service.onlyPort(), port);
    }
}
