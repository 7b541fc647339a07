package dev.sluice.proxy.listener;

import dev.sluice.config.plan.CapturePlan;
import dev.sluice.proxy.codec.ChannelConnection;
import dev.sluice.proxy.codec.DrainEvent;
import dev.sluice.proxy.log.Logs;
import dev.sluice.proxy.snapshot.ListenerRuntime;
import dev.sluice.proxy.snapshot.Ways;
import dev.sluice.proxy.tcp.TcpRelay;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.group.ChannelGroup;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/**
 * The pipeline of a redirected connection. Where it was going is asked once, here; a connection that was made to the
 * listener itself, or to another of this process, is refused: it would be sent round for ever (spec/reliability.md E8).
 */
final class CaptureInitializer extends ChannelInitializer<Channel> {
    private static final Logger LOG = Logs.of(CaptureInitializer.class);

    private final Redirection redirection;
    private final ListenerPipelines pipelines;
    private final ChannelGroup connections;
    private final BooleanSupplier draining;

    /**
     * @param dialled tells where a connection was going
     * @param own whether an address is this process's
     * @param turnstile counts its connections
     */
    record Redirection(DialledAddress dialled, Predicate<InetSocketAddress> own, Turnstile turnstile) {}

    /** @param draining whether the listener is going away, so that a connection accepted now hears of it at once */
    CaptureInitializer(
            Redirection redirection, ListenerPipelines pipelines, ChannelGroup connections, BooleanSupplier draining) {
        this.redirection = redirection;
        this.pipelines = pipelines;
        this.connections = connections;
        this.draining = draining;
    }

    @Override
    protected void initChannel(Channel channel) {
        if (!redirection.turnstile.letIn(channel)) {
            return;
        }
        InetSocketAddress dialled = redirection.dialled.of(channel);
        ListenerRuntime runtime = pipelines.runtime();
        if (dialled == null || redirection.own.test(dialled) || runtime == null) {
            LOG.log(Level.DEBUG, "refused a connection of {0} that was not redirected", channel.remoteAddress());
            ChannelFuture unused = channel.close();
            return;
        }
        connections.add(channel);
        ChannelConnection connection = ChannelConnection.redirected(channel, dialled);
        Ways ways = runtime.ways(dialled);
        if (ways == null) {
            // Closed, and told as any connection that no chain takes.
            TcpRelay.begin(channel, connection, null, runtime.streams());
            return;
        }
        ExchangeStarter requests = pipelines.redirected(dialled);
        CapturePlan capture = runtime.plan().traffic().capture();
        long silence = capture == null ? 0 : capture.detectionMillis();
        channel.pipeline().addLast(new WayDetector(pipelines, runtime, ways, requests, connection, silence));
        if (draining.getAsBoolean()) {
            channel.pipeline().fireUserEventTriggered(DrainEvent.ANNOUNCE);
            // The others were told to close before this one was accepted.
            OpeningHandler.closeIdleLater(channel);
        }
    }
}
