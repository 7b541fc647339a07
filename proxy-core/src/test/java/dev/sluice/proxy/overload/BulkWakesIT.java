package dev.sluice.proxy.overload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.unix.IntegerUnixChannelOption;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BulkWakesIT {
    private static final IntegerUnixChannelOption LEAST = new IntegerUnixChannelOption("SO_RCVLOWAT", 1, 18);

    private final AtomicInteger received = new AtomicInteger();
    private final AtomicInteger ended = new AtomicInteger();
    private final BlockingQueue<Channel> accepted = new LinkedBlockingQueue<>();
    private final BulkWaits waits = new BulkWaits();
    private EventLoopGroup loops;
    private Socket peer;
    private Channel channel;

    @BeforeEach
    void connect() throws Exception {
        assumeTrue(Epoll.isAvailable());
        loops = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
        Channel server = new ServerBootstrap()
                .group(loops)
                .channel(EpollServerSocketChannel.class)
                .childOption(ChannelOption.RECVBUF_ALLOCATOR, ReadSizes.ADAPTIVE)
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel child) {
                        child.pipeline().addLast(new Counter());
                        accepted.add(child);
                    }
                })
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .sync()
                .channel();
        InetSocketAddress address = (InetSocketAddress) server.localAddress();
        peer = new Socket(address.getAddress(), address.getPort());
        channel = Objects.requireNonNull(accepted.poll(60, TimeUnit.SECONDS));
    }

    @AfterEach
    void close() throws Exception {
        if (peer != null) {
            peer.close();
            loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).await();
        }
    }

    @Test
    void aFewBytesBehindABulkAreReadAllTheSame() throws Exception {
        reads(BulkWaits.FIRST_READS, BulkWakes.BYTES);
        peer.getOutputStream().write(new byte[5]);
        Awaitility.await().untilAsserted(() -> assertEquals(5, received.get()));
        Awaitility.await().untilAsserted(() -> assertEquals(1, least()));
    }

    @Test
    void anEndBehindABulkIsHeardOf() throws Exception {
        reads(BulkWaits.FIRST_READS, BulkWakes.BYTES);
        peer.getOutputStream().write(new byte[5]);
        peer.shutdownOutput();
        Awaitility.await().untilAsserted(() -> assertEquals(1, ended.get()));
        assertEquals(5, received.get());
    }

    @Test
    void aConnectionThatClosesMeanwhileDisturbsNobody() throws Exception {
        try (Socket second = new Socket(peer.getInetAddress(), peer.getPort())) {
            Channel closed = Objects.requireNonNull(accepted.poll(60, TimeUnit.SECONDS));
            channel.eventLoop()
                    .submit(() -> {
                        feed(waits, channel, BulkWaits.FIRST_READS, BulkWakes.BYTES);
                        feed(new BulkWaits(), closed, BulkWaits.FIRST_READS, BulkWakes.BYTES);
                        ChannelFuture unused = closed.close();
                    })
                    .sync();
            peer.getOutputStream().write(new byte[7]);
            Awaitility.await().untilAsserted(() -> assertEquals(7, received.get()));
            assertEquals(-1, second.getInputStream().read());
        }
    }

    @Test
    void smallerReadsAreWaitedForNever() throws Exception {
        assertEquals(1, leastAfter(10_000, BulkWakes.BYTES - 1));
    }

    @Test
    void aBulkThatIsOverSoonMakesTheNextOneProveItselfForLonger() throws Exception {
        assertEquals(1, leastAfter(BulkWaits.FIRST_READS - 1, BulkWakes.BYTES));
        assertEquals(BulkWakes.BYTES, leastAfter(1, BulkWakes.BYTES));
        Awaitility.await().untilAsserted(() -> assertEquals(1, least()));
        assertEquals(1, leastAfter(2 * BulkWaits.FIRST_READS - 1, BulkWakes.BYTES));
        assertEquals(BulkWakes.BYTES, leastAfter(1, BulkWakes.BYTES));
    }

    @Test
    void aLongBulkIsWaitedForAsSoonTheNextTime() throws Exception {
        reads(BulkWaits.FIRST_READS + 1, BulkWaits.WORTH_BYTES);
        Awaitility.await().untilAsserted(() -> assertEquals(1, least()));
        assertEquals(BulkWakes.BYTES, leastAfter(BulkWaits.FIRST_READS, BulkWakes.BYTES));
    }

    @Test
    void whatIsKnownToEndSoonIsNotWaitedFor() throws Exception {
        int least = channel.eventLoop()
                .submit(() -> {
                    feed(waits, channel, BulkWaits.FIRST_READS, BulkWakes.BYTES);
                    waits.endIfOf(channel.config());
                    return channel.config().getOption(LEAST);
                })
                .get();
        assertEquals(1, least);
        // The next message is another bulk.
        Awaitility.await().untilAsserted(() -> assertEquals(BulkWakes.BYTES, leastAfter(1, BulkWakes.BYTES)));
    }

    @Test
    void readsOfTheChannelAreCountedAndItsMessagesEndHeeded() throws Exception {
        List<Integer> least = channel.eventLoop()
                .submit(() -> {
                    for (int i = 0; i < BulkWaits.FIRST_READS; i++) {
                        var handle = channel.unsafe().recvBufAllocHandle();
                        handle.reset(channel.config());
                        handle.lastBytesRead(BulkWakes.BYTES);
                        handle.readComplete();
                    }
                    int inBulk = channel.config().getOption(LEAST);
                    ReadSizes.expect(channel, BulkWakes.BYTES);
                    int beforeItsEnd = channel.config().getOption(LEAST);
                    ReadSizes.expect(channel, BulkWakes.BYTES - 1);
                    return List.of(inBulk, beforeItsEnd, channel.config().getOption(LEAST));
                })
                .get();
        assertEquals(List.of(BulkWakes.BYTES, BulkWakes.BYTES, 1), least);
    }

    private void reads(int times, int bytes) throws Exception {
        channel.eventLoop().submit(() -> feed(waits, channel, times, bytes)).sync();
    }

    /** What the socket wakes for directly after reads, before the loop can look again. */
    private int leastAfter(int times, int bytes) throws Exception {
        return channel.eventLoop()
                .submit(() -> {
                    feed(waits, channel, times, bytes);
                    return channel.config().getOption(LEAST);
                })
                .get();
    }

    private int least() throws Exception {
        return channel.eventLoop()
                .submit(() -> channel.config().getOption(LEAST))
                .get();
    }

    private static void feed(BulkWaits of, Channel socket, int times, int bytes) {
        for (int i = 0; i < times; i++) {
            of.read(socket.config(), bytes);
        }
    }

    private final class Counter extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ByteBuf bytes = (ByteBuf) message;
            received.addAndGet(bytes.readableBytes());
            bytes.release();
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (event instanceof ChannelInputShutdownEvent) {
                ended.incrementAndGet();
            }
        }
    }
}
