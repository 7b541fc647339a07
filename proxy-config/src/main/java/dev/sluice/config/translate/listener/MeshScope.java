package dev.sluice.config.translate.listener;

import dev.sluice.config.translate.registry.PortProtocol;
import dev.sluice.config.translate.scope.EgressHosts;
import dev.sluice.config.translate.scope.SidecarScope;
import java.util.function.IntFunction;

/**
 * What a listener of the mesh side is for.
 *
 * @param onlyPort the one service port that it serves, which is its own; 0 where it serves all, told by the authority
 * @param imports what is let in, by service port
 */
record MeshScope(int onlyPort, IntFunction<EgressHosts> imports) {
    /** An explicit outbound listener: everything that the Sidecar lets in. */
    static MeshScope outbound(SidecarScope scope) {
        return new MeshScope(0, scope::importsOf);
    }

    /** A Sidecar's egress listener with a port of its own. */
    static MeshScope egress(SidecarScope.Egress listener) {
        boolean allPorts = listener.protocol() == PortProtocol.HTTP_PROXY;
        return new MeshScope(allPorts ? 0 : listener.port(), port -> listener.hosts());
    }

    /** A port of a Sidecar's egress listener without a port. */
    static MeshScope port(SidecarScope.Egress listener, int port) {
        return new MeshScope(port, any -> listener.hosts());
    }

    /** Whether a service port is served. */
    boolean serves(int port) {
        return onlyPort == 0 || onlyPort == port;
    }
}
