package dev.sluice.proxy.listener;

import dev.sluice.config.plan.ListenerPlan;
import dev.sluice.config.plan.ListenerPlan.BindAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketAddress;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which addresses lead to this process: those of its listeners, and those of its own pages, the admin port and the status
 * ports. Changed by one thread at a time; asked by any.
 */
final class OwnAddresses {
    private volatile List<InetSocketAddress> pages = List.of();
    private volatile List<InetSocketAddress> listeners = List.of();
    private volatile List<InetSocketAddress> captures = List.of();

    /** Adds a port of this process that is no listener. */
    void reserve(InetSocketAddress address) {
        List<InetSocketAddress> more = new ArrayList<>(pages);
        more.add(address);
        pages = List.copyOf(more);
    }

    /**
     * Where listeners are bound from now on; Unix domain sockets are passed over.
     *
     * @param capturing those of them that take redirected connections only
     */
    void listeners(Collection<? extends SocketAddress> bound, Collection<? extends SocketAddress> capturing) {
        listeners = inet(bound);
        captures = inet(capturing);
    }

    /**
     * Addresses that overlap with another of the same port: every address and a single one, as Envoy's listeners may have
     * it; a connection goes to the nearest. Those of redirected connections have their ports alone.
     */
    static Set<BindAddress> overlapping(List<ListenerPlan> wanted) {
        Set<BindAddress> overlapping = new HashSet<>();
        for (ListenerPlan plan : wanted) {
            BindAddress every = plan.bind();
            if (every.port() == 0 || plan.traffic().capture() != null || !isEvery(every)) {
                continue;
            }
            for (ListenerPlan single : wanted) {
                BindAddress address = single.bind();
                if (address.port() == every.port() && single.traffic().capture() == null && !address.equals(every)) {
                    overlapping.add(address);
                    overlapping.add(every);
                }
            }
        }
        return overlapping;
    }

    /** Whether a port of this process that is no listener has the address, so that it cannot be bound. */
    boolean isReserved(BindAddress address) {
        InetSocketAddress socket = BindSockets.of(address);
        return pages.stream().anyMatch(page -> BindSockets.overlap(page, socket));
    }

    private static boolean isEvery(BindAddress address) {
        InetSocketAddress found = BindSockets.of(address);
        return !found.isUnresolved() && found.getAddress().isAnyLocalAddress();
    }

    private static List<InetSocketAddress> inet(Collection<? extends SocketAddress> addresses) {
        List<InetSocketAddress> inet = new ArrayList<>(addresses.size());
        for (SocketAddress address : addresses) {
            if (address instanceof InetSocketAddress found) {
                inet.add(found);
            }
        }
        return List.copyOf(inet);
    }

    /** Whether connecting to {@code address} would reach this process. */
    boolean isOwn(InetSocketAddress address) {
        return isAmong(pages, address) || isAmong(listeners, address);
    }

    /** Whether it would reach what is no route's to reach: the admin port, a status port, or where connections are redirected to. */
    boolean isClosedToRoutes(InetSocketAddress address) {
        return isAmong(pages, address) || isAmong(captures, address);
    }

    private static boolean isAmong(List<InetSocketAddress> addresses, InetSocketAddress address) {
        for (int i = 0; i < addresses.size(); i++) {
            InetSocketAddress own = addresses.get(i);
            if (own.getPort() == address.getPort() && reaches(own.getAddress(), address.getAddress())) {
                return true;
            }
        }
        return false;
    }

    private static boolean reaches(InetAddress own, @Nullable InetAddress address) {
        if (own.isAnyLocalAddress()) {
            return isOfThisHost(address);
        }
        // Connecting to the address that stands for all of them is connecting to loopback.
        return own.equals(address) || (address != null && address.isAnyLocalAddress() && own.isLoopbackAddress());
    }

    private static boolean isOfThisHost(@Nullable InetAddress address) {
        if (address == null || address.isLoopbackAddress() || address.isAnyLocalAddress()) {
            return true;
        }
        try {
            return NetworkInterface.getByInetAddress(address) != null;
        } catch (SocketException e) {
            // Not to be told apart from our own: refusing is the safe side.
            return true;
        }
    }
}
