package dev.sluice.proxy.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LoopTimeTest {
    private static final long A_WHILE_NANOS = TimeUnit.MILLISECONDS.toNanos(3);

    private final LoopWatchdog watchdog = new LoopWatchdog();
    private final BoundedLoops loops = new BoundedLoops(
            1, new DefaultThreadFactory("loop-time", true), watchdog.watching(NioIoHandler.newFactory()));
    private final EventLoop loop = loops.next();

    @AfterEach
    void stop() {
        loops.shutdownGracefully(0, 0, TimeUnit.SECONDS).syncUninterruptibly();
    }

    @Test
    void aLoopsTimeStandsUntilItLooks() throws Exception {
        onLoop(() -> {
            long before = LoopTime.nanos(loop);
            long millis = LoopTime.millis(loop);
            assertTrue(loop.ticker().nanoTime() - before >= 0);
            work();
            assertEquals(before, LoopTime.nanos(loop));
            assertEquals(millis, LoopTime.millis(loop));
            LoopTime.look(loop);
            assertTrue(LoopTime.nanos(loop) - before >= A_WHILE_NANOS);
            assertTrue(LoopTime.millis(loop) > millis);
            return null;
        });
    }

    @Test
    void itLooksBeforeItRunsTasks() throws Exception {
        long first = onLoop(() -> LoopTime.nanos(loop));
        work();
        assertTrue(onLoop(() -> LoopTime.nanos(loop)) - first >= A_WHILE_NANOS);
        long later = onLoop(() -> loop.schedule(() -> LoopTime.nanos(loop), 2 * A_WHILE_NANOS, TimeUnit.NANOSECONDS))
                .get();
        assertTrue(later - first >= 3 * A_WHILE_NANOS);
    }

    @Test
    void theEndOfAWaitIsOnTheLoopsOwnClock() throws Exception {
        CompletableFuture<Long> behind = new CompletableFuture<>();
        ServerBootstrap server = new ServerBootstrap()
                .group(loops)
                .channel(NioServerSocketChannel.class)
                .childHandler(new ChannelInboundHandlerAdapter() {
                    @Override
                    public void channelRead(ChannelHandlerContext ctx, Object message) {
                        ReferenceCountUtil.release(message);
                        LoopTime.look(loop);
                        behind.complete(loop.ticker().nanoTime() - LoopTime.nanos(loop));
                    }
                });
        Channel bound = server.bind(InetAddress.getLoopbackAddress(), 0).sync().channel();
        InetSocketAddress address = (InetSocketAddress) bound.localAddress();
        try (Socket client = new Socket(address.getAddress(), address.getPort())) {
            client.getOutputStream().write(1);
            long nanos = behind.get(60, TimeUnit.SECONDS);
            assertTrue(nanos >= 0 && nanos < TimeUnit.MINUTES.toNanos(1), () -> nanos + " ns");
        }
    }

    @Test
    void aLoopOfATestHasTheTimeOfItsTicker() {
        EmbeddedChannel channel = new EmbeddedChannel();
        channel.freezeTime();
        EventLoop frozen = channel.eventLoop();
        long before = LoopTime.nanos(frozen);
        assertEquals(before, LoopTime.nanos(frozen));
        channel.advanceTimeBy(7, TimeUnit.SECONDS);
        assertEquals(TimeUnit.SECONDS.toNanos(7), LoopTime.nanos(frozen) - before);
        channel.finishAndReleaseAll();
    }

    private <T> T onLoop(Callable<T> task) throws Exception {
        return loop.submit(task).get();
    }

    /** Takes its time without a sleep, which might end early. */
    private static void work() {
        long end = System.nanoTime() + A_WHILE_NANOS;
        while (System.nanoTime() - end < 0) {
            Thread.onSpinWait();
        }
    }
}
