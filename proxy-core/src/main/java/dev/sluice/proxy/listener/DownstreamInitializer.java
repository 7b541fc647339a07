package dev.sluice.proxy.listener;

import dev.sluice.config.plan.DetectionPlan;
import dev.sluice.proxy.codec.ChannelConnection;
import dev.sluice.proxy.codec.DrainEvent;
import dev.sluice.proxy.snapshot.ListenerRuntime;
import dev.sluice.proxy.snapshot.Ways;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.group.ChannelGroup;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The pipeline of an accepted connection, in one screen. Where a listener has chains, the first bytes and where they were
 * sent choose one, which may end TLS and then puts the codec in place that was agreed on ({@link ChainChooser}, {@link
 * TlsEntrance}), or none, where servers pass TLS through and have no rule; elsewhere, and in cleartext, the first bytes tell HTTP/2 with prior knowledge from HTTP/1 ({@link
 * ProtocolDetector}). Where nobody declared the protocol they tell HTTP from anything else ({@link WayDetector}). Where a
 * proxy in front of a gateway says by the PROXY protocol whose connections it brings, that comes before all else ({@link
 * ProxyProtocolOpening}).
 */
final class DownstreamInitializer extends ChannelInitializer<Channel> {
    private final ListenerPipelines pipelines;
    private final ChannelGroup connections;
    private final Turnstile turnstile;
    private final BooleanSupplier draining;

    /** @param draining whether the listener is going away, so that a connection accepted now hears of it at once */
    DownstreamInitializer(
            ListenerPipelines pipelines, ChannelGroup connections, Turnstile turnstile, BooleanSupplier draining) {
        this.turnstile = turnstile;
        this.pipelines = pipelines;
        this.connections = connections;
        this.draining = draining;
    }

    @Override
    protected void initChannel(Channel channel) {
        if (!turnstile.letIn(channel)) {
            return;
        }
        connections.add(channel);
        ListenerRuntime listener = pipelines.runtime();
        if (listener != null && pipelines.expectsProxyProtocol(listener.plan())) {
            channel.pipeline()
                    .addLast(new ProxyProtocolOpening(
                            listener.plan().name(),
                            pipelines.proxyProtocol(),
                            (same, connection) -> serve(same, connection, pipelines.runtime())));
        } else {
            serve(channel, ChannelConnection.cleartext(channel), listener);
        }
        if (draining.getAsBoolean()) {
            channel.pipeline().fireUserEventTriggered(DrainEvent.ANNOUNCE);
            // The others were told to close before this one was accepted.
            OpeningHandler.closeIdleLater(channel);
        }
    }

    /** @param listener null when it is no longer configured */
    private void serve(Channel channel, ChannelConnection connection, @Nullable ListenerRuntime listener) {
        Ways told = listener == null ? null : listener.told();
        if (listener != null && told != null) {
            DetectionPlan detection = listener.plan().traffic().detection();
            long silence = detection == null ? 0 : detection.silenceMillis();
            channel.pipeline()
                    .addLast(new WayDetector(pipelines, listener, told, pipelines.requests(null), connection, silence));
        } else if (listener == null || (listener.chains().isEmpty() && listener.http() != null)) {
            channel.pipeline().addLast(new ProtocolDetector(pipelines.requests(null), connection, pipelines.limits()));
        } else if (listener.http() == null
                && !listener.chains().isEmpty()
                && !listener.chains().needsBytes()) {
            // Nothing is read before the upstream is reached, so that a server may speak first.
            ChainChooser.carry(channel, listener, ChainChooser.withoutBytes(connection, listener), connection);
        } else {
            channel.pipeline().addLast(new ChainChooser(pipelines, listener, connection));
        }
    }
}
