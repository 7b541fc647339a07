package dev.sluice.proxy.app.rehearse;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.sluice.proxy.codec.CodecLimits;
import dev.sluice.proxy.upstream.Transport;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the proxy asks itself before its ports are open. */
class RehearsalIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Transport transport = Transport.start(Transport.Kind.AUTO, 1);

    @AfterEach
    void end() {
        transport.group().shutdownGracefully().syncUninterruptibly();
    }

    /** An answer counts that came from behind the proxy, to its last byte. */
    @Test
    void requestsAreAnsweredBurstByBurst() {
        await().atMost(PATIENCE).until(() -> {
            int answered = Rehearsal.hold(transport, CodecLimits.DEFAULT, 500);
            assertEquals(0, answered % 16);
            return answered >= 32;
        });
    }

    /** Remembers each connection that was opened, towards the proxy and behind it. */
    public static final class Remembered extends NioSocketChannel {
        private static final Queue<Channel> OPENED = new ConcurrentLinkedQueue<>();

        public Remembered() {
            OPENED.add(this);
        }
    }

    @Test
    void closesItsConnectionsAndLeavesTheEventLoops() {
        Transport nio = Transport.start(Transport.Kind.NIO, 1);
        try {
            Rehearsal.hold(
                    new Transport(
                            nio.kind(), nio.group(), nio.server(), Remembered.class, nio.datagram(), nio.watchdog()),
                    CodecLimits.DEFAULT,
                    500);
            assertFalse(Remembered.OPENED.isEmpty());
            await().atMost(PATIENCE).until(() -> Remembered.OPENED.stream().noneMatch(Channel::isOpen));
            assertEquals(
                    "goes on",
                    nio.group().submit(() -> "goes on").syncUninterruptibly().getNow());
        } finally {
            nio.group().shutdownGracefully().syncUninterruptibly();
        }
    }

    @Test
    void noTimeIsNoRehearsal() {
        assertEquals(0, Rehearsal.hold(transport, CodecLimits.DEFAULT, 0));
        assertEquals(0, Rehearsal.hold(transport, CodecLimits.DEFAULT, -1));
    }

    /** As where the system has no more of them. */
    public static final class NoSocket extends NioServerSocketChannel {
        public NoSocket() {
            super(none());
        }

        private static ServerSocketChannel none() {
            throw new ChannelException("too many open files");
        }
    }

    @Test
    void startsWithoutOneWhereNoSocketIsToBeHad() {
        Transport poor = new Transport(
                transport.kind(),
                transport.group(),
                NoSocket.class,
                transport.client(),
                transport.datagram(),
                transport.watchdog());
        assertEquals(0, Rehearsal.hold(poor, CodecLimits.DEFAULT, 60_000));
        assertFalse(transport.group().isShuttingDown());
    }
}
