package dev.sluice.proxy.listener;

import dev.sluice.proxy.codec.ChannelConnection;
import dev.sluice.proxy.codec.CodecLimits;
import dev.sluice.proxy.codec.DrainEvent;
import dev.sluice.proxy.stream.ServerStreamHandler;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.group.ChannelGroup;
import java.util.function.BooleanSupplier;

/**
 * The pipeline of an accepted connection, in one screen: what carries bytes is relayed; elsewhere the first bytes tell HTTP/2 with prior knowledge from HTTP/1, and
 * the detector puts the codec in its place.
 */
final class DownstreamInitializer extends ChannelInitializer<Channel> {
    private final ServerStreamHandler requests;
    private final StreamStarter streams;
    private final CodecLimits limits;
    private final ChannelGroup connections;
    private final BooleanSupplier draining;

    /** @param draining whether the listener is going away, so that a connection accepted now hears of it at once */
    DownstreamInitializer(
            ServerStreamHandler requests,
            StreamStarter streams,
            CodecLimits limits,
            ChannelGroup connections,
            BooleanSupplier draining) {
        this.requests = requests;
        this.streams = streams;
        this.limits = limits;
        this.connections = connections;
        this.draining = draining;
    }

    @Override
    protected void initChannel(Channel channel) {
        connections.add(channel);
        if (streams.take(channel)) {
            return;
        }
        ChannelConnection connection = ChannelConnection.cleartext(channel);
        channel.pipeline().addLast(new ProtocolDetector(requests, connection, limits));
        if (draining.getAsBoolean()) {
            channel.pipeline().fireUserEventTriggered(DrainEvent.ANNOUNCE);
            // The others were told to close before this one was accepted.
            ProtocolDetector.closeIdleLater(channel);
        }
    }
}
