package dev.sluice.proxy.listener;

import dev.sluice.config.plan.ListenerPlan.BindAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** What is bound for an address of a plan. Static; any thread that may wait. */
public final class BindSockets {
    private BindSockets() {}

    /** Of an address that is no Unix domain socket; unresolved where its host is a name, and nobody's. Asks the system for a name. */
    public static InetSocketAddress of(BindAddress address) {
        String host = address.host();
        return host == null ? new InetSocketAddress(address.port()) : new InetSocketAddress(host, address.port());
    }

    /** Whether whoever connects to one may have meant the other: the same port, and the same address or every one. */
    public static boolean overlap(InetSocketAddress one, InetSocketAddress other) {
        InetAddress first = one.getAddress();
        InetAddress second = other.getAddress();
        return one.getPort() == other.getPort()
                && first != null
                && second != null
                && (first.isAnyLocalAddress() || second.isAnyLocalAddress() || first.equals(second));
    }
}
