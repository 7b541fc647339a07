package dev.sluice.proxy.listener;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.config.plan.ConnectionCapsPlan;
import dev.sluice.config.plan.ListenerPlan;
import dev.sluice.config.plan.ListenerPlan.BindAddress;
import dev.sluice.config.plan.ListenerPlan.Kind;
import dev.sluice.config.plan.SourceRef;
import dev.sluice.config.plan.TrafficPlan;
import dev.sluice.proxy.assembly.RunningProxy;
import dev.sluice.proxy.codec.CodecLimits;
import dev.sluice.proxy.exchange.ExchangeObserver;
import dev.sluice.proxy.upstream.Transport;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Clients that come at once while the event loop is busy. */
class CrowdIT {
    private static final int CROWD = 100;
    private static final int LONG_SECONDS = 60;

    @ParameterizedTest
    @EnumSource(names = {"AUTO", "NIO"})
    void aCrowdIsLetInWithinOneTurn(Transport.Kind kind) throws Exception {
        Transport transport = Transport.start(kind, 1);
        EventLoop loop = transport.group().next();
        ListenerPlan plan = new ListenerPlan(
                "crowd",
                new BindAddress("127.0.0.1", 0),
                Kind.GATEWAY,
                TrafficPlan.chains(List.of()),
                List.of(),
                SourceRef.NONE);
        CountDownLatch isBusy = new CountDownLatch(1);
        CountDownLatch allAreHere = new CountDownLatch(1);
        CompletableFuture<Integer> inNextTurn = new CompletableFuture<>();
        List<Socket> clients = new ArrayList<>();
        try (RunningProxy proxy = new RunningProxy(transport, CodecLimits.DEFAULT, listener -> ExchangeObserver.NONE)) {
            assertEquals(List.of(), proxy.listeners().apply(List.of(plan), ConnectionCapsPlan.NONE));
            int port = proxy.listeners().address(plan.bind()).getPort();
            loop.execute(() -> {
                isBusy.countDown();
                await(allAreHere);
                // Scheduled tasks are looked at after the sockets of the next turn.
                ScheduledFuture<?> unused = loop.schedule(
                        () -> inNextTurn.complete(proxy.listeners().connections()), 0, TimeUnit.NANOSECONDS);
            });
            await(isBusy);
            for (int i = 0; i < CROWD; i++) {
                clients.add(new Socket(InetAddress.getLoopbackAddress(), port));
            }
            allAreHere.countDown();
            assertEquals(CROWD, inNextTurn.get(LONG_SECONDS, TimeUnit.SECONDS));
        } finally {
            allAreHere.countDown();
            for (Socket client : clients) {
                client.close();
            }
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            if (!latch.await(LONG_SECONDS, TimeUnit.SECONDS)) {
                throw new IllegalStateException("waited in vain");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
