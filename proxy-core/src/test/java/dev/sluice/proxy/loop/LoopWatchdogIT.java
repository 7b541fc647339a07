package dev.sluice.proxy.loop;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.proxy.upstream.Transport;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Real event loops, blocked on purpose. */
class LoopWatchdogIT {
    private static final Duration LONG = Duration.ofSeconds(60);

    private final Lines lines = new Lines();
    private Transport transport;

    @AfterEach
    void close() {
        transport.group().shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
        await().atMost(LONG).until(() -> transport.watchdog().clocks().isEmpty());
        lines.close();
    }

    @ParameterizedTest
    @EnumSource(
            value = Transport.Kind.class,
            names = {"EPOLL", "IO_URING", "NIO"})
    void aLoopThatIsStuckIsToldOfWithWhatItIsIn(Transport.Kind kind) throws InterruptedException {
        start(kind);
        TurnClock clock = transport.watchdog().clocks().get(0);
        CountDownLatch isTold = new CountDownLatch(1);
        long startNanos = System.nanoTime();
        transport.group().execute(() -> standStillUntil(isTold));
        await().atMost(LONG).until(() -> lines.all().stream().anyMatch(line -> line.contains("and still is")));
        long atLeastNanos = System.nanoTime() - startNanos;
        String line = lines.all().get(0);
        assertTrue(line.contains("standStillUntil"), line);
        isTold.countDown();
        await().atMost(LONG).until(() -> clock.blocks().count() > 0);
        assertTrue(
                clock.blocks().longestNanos() >= TimeUnit.SECONDS.toNanos(1),
                () -> clock.blocks().longestNanos() + "");
        assertTrue(clock.blocks().totalNanos() >= atLeastNanos - TimeUnit.SECONDS.toNanos(1) / 2);
    }

    @Test
    void whatIsSlowOnlyBecauseItIsManyIsNoTurnOfItsOwn() throws Exception {
        start(Transport.Kind.EPOLL);
        TurnClock clock = transport.watchdog().clocks().get(0);
        Map<Long, Integer> readsPerTurn = new HashMap<>();
        int many = 200;
        CountDownLatch read = new CountDownLatch(many);
        Channel server = new ServerBootstrap()
                .group(transport.group())
                .channel(transport.server())
                .childHandler(new CountsTurns(clock, readsPerTurn, read))
                .bind(InetAddress.getLoopbackAddress(), 0)
                .sync()
                .channel();
        int port = ((InetSocketAddress) server.localAddress()).getPort();
        CountDownLatch standing = new CountDownLatch(1);
        CountDownLatch allSent = new CountDownLatch(1);
        List<Socket> clients = new ArrayList<>();
        try {
            for (int i = 0; i < many; i++) {
                clients.add(new Socket(InetAddress.getLoopbackAddress(), port));
            }
            transport.group().execute(() -> {
                standing.countDown();
                standStillUntil(allSent);
            });
            assertTrue(standing.await(LONG.toSeconds(), TimeUnit.SECONDS));
            for (Socket client : clients) {
                client.getOutputStream().write('x');
            }
            allSent.countDown();
            assertTrue(read.await(LONG.toSeconds(), TimeUnit.SECONDS));
        } finally {
            for (Socket client : clients) {
                client.close();
            }
            server.close().sync();
        }
        Map<Long, Integer> perTurn = new HashMap<>();
        transport.group().submit(() -> perTurn.putAll(readsPerTurn)).sync();
        int most = perTurn.values().stream().mapToInt(Integer::intValue).max().orElseThrow();
        assertEquals(many, perTurn.values().stream().mapToInt(Integer::intValue).sum());
        assertTrue(most > 1 && most <= 16, perTurn::toString);
    }

    private void start(Transport.Kind kind) {
        transport = Transport.start(kind, 1);
        assumeTrue(transport.kind() == kind, "does not load here");
    }

    private static void standStillUntil(CountDownLatch event) {
        try {
            if (!event.await(LONG.toSeconds(), TimeUnit.SECONDS)) {
                throw new IllegalStateException("never told to go on");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Counts reads by the turn of the loop that they are in. */
    @ChannelHandler.Sharable
    private static final class CountsTurns extends ChannelInboundHandlerAdapter {
        private final TurnClock clock;
        private final Map<Long, Integer> readsPerTurn;
        private final CountDownLatch read;

        CountsTurns(TurnClock clock, Map<Long, Integer> readsPerTurn, CountDownLatch read) {
            this.clock = clock;
            this.readsPerTurn = readsPerTurn;
            this.read = read;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ReferenceCountUtil.release(message);
            readsPerTurn.merge(clock.turn(), 1, Integer::sum);
            read.countDown();
        }
    }
}
