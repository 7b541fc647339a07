package dev.sluice.proxy.listener;

import dev.sluice.config.plan.ListenerPlan;
import dev.sluice.config.plan.ListenerPlan.BindAddress;
import dev.sluice.proxy.codec.CodecLimits;
import dev.sluice.proxy.snapshot.ListenerRuntime;
import dev.sluice.proxy.snapshot.SnapshotHolder;
import dev.sluice.proxy.tls.HandshakeLog;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** What the connections of one listener share: who takes their requests, by chain, and their limits. Thread-safe. */
final class ListenerPipelines {
    private final SnapshotHolder snapshots;
    private final BindAddress address;
    private final CodecLimits limits;
    private final HandshakeLog handshakes;
    private final ProxyProtocolLog proxyProtocol;
    private final ExchangeStarter cleartext;
    private final Map<String, ExchangeStarter> chains = new ConcurrentHashMap<>();

    ListenerPipelines(
            SnapshotHolder snapshots,
            BindAddress address,
            CodecLimits limits,
            HandshakeLog handshakes,
            ProxyProtocolLog proxyProtocol) {
        this.proxyProtocol = proxyProtocol;
        this.snapshots = snapshots;
        this.address = address;
        this.limits = limits;
        this.handshakes = handshakes;
        this.cleartext = new ExchangeStarter(snapshots, address, null);
    }

    /** The listener as of now; null when it is no longer configured. */
    @Nullable
    ListenerRuntime runtime() {
        return snapshots.current().listener(address);
    }

    /** Takes the requests of a chain, or of cleartext for null. */
    ExchangeStarter requests(@Nullable String chain) {
        return chain == null
                ? cleartext
                : chains.computeIfAbsent(chain, name -> new ExchangeStarter(snapshots, address, name));
    }

    /** Takes the requests of a connection that was redirected from {@code dialled}. */
    ExchangeStarter redirected(InetSocketAddress dialled) {
        return ExchangeStarter.redirected(snapshots, address, dialled);
    }

    CodecLimits limits() {
        return limits;
    }

    HandshakeLog handshakes() {
        return handshakes;
    }

    ProxyProtocolLog proxyProtocol() {
        return proxyProtocol;
    }

    /** Whether connections that come now say whose they are by the PROXY protocol: those of a gateway may. */
    boolean expectsProxyProtocol(ListenerPlan listener) {
        return listener.kind() == ListenerPlan.Kind.GATEWAY
                && snapshots.current().plan().settings().topology().proxyProtocol();
    }
}
