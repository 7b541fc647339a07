package dev.sluice.proxy.listener;

import dev.sluice.proxy.codec.DrainEvent;
import io.netty.channel.Channel;
import io.netty.channel.group.ChannelGroup;

/**
 * One address that is bound.
 *
 * @param connections those that came by it and are open
 * @param turnstile lets them in
 */
record Bound(Channel server, ChannelGroup connections, Turnstile turnstile) {
    /** Its clients hear that they should go; requests in flight end in peace. */
    void announce() {
        fire(DrainEvent.ANNOUNCE);
    }

    /** Nobody is accepted any more; waits until that is so. Not for event loops. */
    void stop() {
        server.close().awaitUninterruptibly();
    }

    /** Connections on which nothing is under way end. */
    void closeIdle() {
        fire(DrainEvent.CLOSE_IDLE);
    }

    private void fire(DrainEvent event) {
        for (Channel connection : connections) {
            connection.eventLoop().execute(() -> connection.pipeline().fireUserEventTriggered(event));
        }
    }
}
