package dev.sluice.proxy.app.rehearse;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.sluice.proxy.assembly.RunningProxy;
import dev.sluice.proxy.codec.CodecLimits;
import dev.sluice.proxy.exchange.ExchangeObserver;
import dev.sluice.proxy.listener.BindException;
import dev.sluice.proxy.log.Logs;
import dev.sluice.proxy.upstream.Transport;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Requests through a second proxy on the same event loops, for a time that is given, before the process binds its ports. A JVM
 * interprets what it runs for the first time, ten times as slow as later, and connections cost it most; who waits for that is
 * nobody here, and the first clients otherwise. In bursts, as clients come after a start, and with rests between them in which
 * the compiler has the core, where there is only one.
 *
 * <p>Of the proxy that is to serve nothing is touched: clusters, metrics and logs are its own. What cannot be rehearsed is no
 * reason not to start.
 */
public final class Rehearsal {
    private static final Logger LOG = Logs.of(Rehearsal.class);
    /** As many as a client's pool may open at once. */
    private static final int CONNECTIONS = 16;

    private static final long REST_NANOS = TimeUnit.MILLISECONDS.toNanos(8);

    private final Transport transport;
    /** Of all clients, so that a burst of them is one task. */
    private final EventLoop loop;

    private final long endNanos;
    private final Semaphore answers = new Semaphore(0);
    private final List<Channel> ends = new ArrayList<>();

    private Rehearsal(Transport transport, long endNanos) {
        this.transport = transport;
        this.loop = transport.group().next();
        this.endNanos = endNanos;
    }

    /**
     * Rehearses for {@code millis}, and collects what garbage the start has left: the first collection has its objects to move,
     * and would stop the first requests for it. Returns a full collection's time after that; 0 does nothing.
     *
     * @return how many requests were answered
     */
    @CanIgnoreReturnValue
    public static int hold(Transport transport, CodecLimits limits, long millis) {
        if (millis <= 0) {
            return 0;
        }
        long endNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        int answered = new Rehearsal(transport, endNanos).perform(limits);
        System.gc();
        return answered;
    }

    private int perform(CodecLimits limits) {
        RunningProxy proxy = new RunningProxy(transport, limits, listener -> ExchangeObserver.NONE);
        try {
            List<BindException> failures = proxy.apply(RehearsalPlan.towards(upstream()));
            if (!failures.isEmpty()) {
                throw new IOException(failures.get(0));
            }
            return converse(clients(proxy.listeners().addresses().get(0)));
        } catch (IOException e) {
            LOG.log(Level.INFO, "starts without a rehearsal: " + e.getMessage());
            return 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 0;
        } finally {
            ends.forEach(end -> end.close().awaitUninterruptibly());
            proxy.leave();
        }
    }

    private InetSocketAddress upstream() throws IOException, InterruptedException {
        ServerBootstrap upstream = new ServerBootstrap()
                .group(transport.group())
                .channel(transport.server())
                .childHandler(with(Answering::new));
        return (InetSocketAddress)
                opened(upstream.bind(InetAddress.getLoopbackAddress(), 0)).localAddress();
    }

    private List<Channel> clients(SocketAddress proxy) throws IOException, InterruptedException {
        Bootstrap client = new Bootstrap()
                .group(loop)
                .channel(transport.client())
                // They end by a reset, which leaves no connection behind in the kernel.
                .option(ChannelOption.SO_LINGER, 0)
                .handler(with(() -> new Asking(answers::release)));
        List<Channel> clients = new ArrayList<>();
        for (int i = 0; i < CONNECTIONS; i++) {
            clients.add(opened(client.connect(proxy)));
        }
        return clients;
    }

    private int converse(List<Channel> clients) throws InterruptedException {
        int answered = 0;
        while (leftNanos() > 0) {
            loop.execute(() -> clients.forEach(Asking::ask));
            if (!answers.tryAcquire(clients.size(), leftNanos(), TimeUnit.NANOSECONDS)) {
                break;
            }
            answered += clients.size();
            TimeUnit.NANOSECONDS.sleep(Math.min(leftNanos(), REST_NANOS));
        }
        return answered;
    }

    private long leftNanos() {
        return endNanos - System.nanoTime();
    }

    private Channel opened(ChannelFuture opening) throws IOException, InterruptedException {
        if (!opening.await().isSuccess()) {
            throw new IOException(opening.cause());
        }
        ends.add(opening.channel());
        return opening.channel();
    }

    private static ChannelHandler with(Supplier<ChannelHandler> handler) {
        return new ChannelInitializer<Channel>() {
            @Override
            protected void initChannel(Channel channel) {
                channel.pipeline().addLast(handler.get());
            }
        };
    }
}
