package dev.sluice.proxy.listener;

import dev.sluice.config.plan.ListenerPlan.BindAddress;
import dev.sluice.proxy.codec.ChannelConnection;
import dev.sluice.proxy.session.TcpObserver;
import dev.sluice.proxy.snapshot.ChainRuntime;
import dev.sluice.proxy.snapshot.ListenerRuntime;
import dev.sluice.proxy.snapshot.SnapshotHolder;
import dev.sluice.proxy.tcp.TcpRelay;
import dev.sluice.proxy.tcp.TcpRoute;
import io.netty.channel.Channel;
import org.jspecify.annotations.Nullable;

/**
 * Starts the connections of a listener that serves no cleartext HTTP: nothing is read before the upstream is reached, so that
 * a server may speak first. Shared by all event loops.
 */
final class StreamStarter {
    private final SnapshotHolder snapshots;
    private final BindAddress address;

    StreamStarter(SnapshotHolder snapshots, BindAddress address) {
        this.snapshots = snapshots;
        this.address = address;
    }

    /** Whether this connection carries bytes and is served from now on. */
    boolean take(Channel channel) {
        ListenerRuntime listener = snapshots.current().listener(address);
        if (listener != null && listener.plan().routes() != null) {
            return false;
        }
        TcpObserver observer = listener == null ? TcpObserver.NONE : listener.streams();
        TcpRelay.begin(channel, ChannelConnection.cleartext(channel), route(listener), observer);
        return true;
    }

    private static @Nullable TcpRoute route(@Nullable ListenerRuntime listener) {
        if (listener != null) {
            for (ChainRuntime chain : listener.chains()) {
                if (!chain.plan().match().tls() && chain.plan().tls() == null) {
                    return chain.route();
                }
            }
        }
        return null;
    }
}
