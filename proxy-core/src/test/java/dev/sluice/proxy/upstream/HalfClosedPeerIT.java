package dev.sluice.proxy.upstream;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What each transport does for a peer that has sent FIN and goes on to listen. */
class HalfClosedPeerIT {
    private static final int PIECE = 256 * 1024;
    /** Together many times what two sockets hold. */
    private static final int PIECES = 256;

    private Transport transport;
    private Socket peer;
    private Channel channel;

    @AfterEach
    void close() throws IOException {
        peer.close();
        transport.group().shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    @ParameterizedTest
    @EnumSource(
            value = Transport.Kind.class,
            names = {"EPOLL", "IO_URING", "NIO"})
    void itGetsAllThatIsWrittenHoweverLongItsSocketIsFull(Transport.Kind kind) throws Exception {
        start(kind);
        ChannelFuture last = writeMuch();
        awaitStandstill();
        for (int piece = 0; piece < PIECES; piece++) {
            byte[] expected = new byte[PIECE];
            expected[0] = (byte) piece;
            assertArrayEquals(expected, peer.getInputStream().readNBytes(PIECE));
        }
        last.get(60, TimeUnit.SECONDS);
    }

    /** Connects, and sees the peer's FIN. */
    private void start(Transport.Kind kind) throws Exception {
        transport = Transport.start(kind, 1);
        assumeTrue(transport.kind() == kind, () -> kind + " does not load here");
        CompletableFuture<Channel> ended = new CompletableFuture<>();
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            new Bootstrap()
                    .group(transport.group())
                    .channel(transport.client())
                    .option(ChannelOption.ALLOW_HALF_CLOSURE, true)
                    .handler(new ChannelInboundHandlerAdapter() {
                        @Override
                        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
                            if (event instanceof ChannelInputShutdownEvent) {
                                ended.complete(ctx.channel());
                            }
                        }
                    })
                    .connect(listener.getLocalSocketAddress())
                    .sync();
            peer = listener.accept();
        }
        peer.setSoTimeout(20_000);
        peer.shutdownOutput();
        channel = ended.get(60, TimeUnit.SECONDS);
    }

    /** The last of the writes, which are flushed together. */
    private ChannelFuture writeMuch() {
        for (int piece = 0; piece < PIECES - 1; piece++) {
            ChannelFuture unused =
                    channel.write(Unpooled.directBuffer(PIECE).writeByte(piece).writeZero(PIECE - 1));
        }
        return channel.writeAndFlush(
                Unpooled.directBuffer(PIECE).writeByte(PIECES - 1).writeZero(PIECE - 1));
    }

    private void awaitStandstill() {
        long[] seen = {-1};
        await().atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(300))
                .until(() -> {
                    long unsent = channel.bytesBeforeWritable();
                    boolean still = unsent > 0 && unsent == seen[0];
                    seen[0] = unsent;
                    return still;
                });
    }
}
