package dev.sluice.proxy.codec.http2.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.proxy.codec.ChannelConnection;
import dev.sluice.proxy.codec.CodecLimits;
import dev.sluice.proxy.codec.RawH2;
import dev.sluice.proxy.codec.TakenRequests;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** On a real socket a peer that floods reads why it is left, although it goes on sending. */
class H2FloodIT {
    private static final int ENHANCE_YOUR_CALM = 11;

    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(
            1, Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());

    @AfterEach
    void close() {
        loops.shutdownGracefully().syncUninterruptibly();
    }

    @Test
    void theGoAwayArrives() throws Exception {
        Channel server = new ServerBootstrap()
                .group(loops)
                .channel(Epoll.isAvailable() ? EpollServerSocketChannel.class : NioServerSocketChannel.class)
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline()
                                .addLast(new H2ServerHandler(
                                        new TakenRequests(),
                                        ChannelConnection.cleartext(channel),
                                        CodecLimits.DEFAULT));
                    }
                })
                .bind(InetAddress.getLoopbackAddress(), 0)
                .sync()
                .channel();
        try (Socket socket = new Socket()) {
            socket.setSoTimeout(60_000);
            socket.connect(server.localAddress());
            flood(socket.getOutputStream());
            DataInputStream in = new DataInputStream(socket.getInputStream());
            assertEquals(ENHANCE_YOUR_CALM, goAwayCode(in));
            // An orderly end; a reset would be an exception, and on some systems have cost us the GOAWAY.
            assertEquals(-1, in.read());
        }
    }

    private static void flood(OutputStream out) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(60_000)
                .put("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII))
                .put(new byte[] {0, 0, 0, 4, 0, 0, 0, 0, 0});
        for (int i = 0; i < 3000; i++) {
            bytes.put(new byte[] {0, 0, 8, 6, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8});
        }
        // In one go, so that the server cannot have read all of it when it has had enough.
        out.write(bytes.array(), 0, bytes.position());
        out.flush();
    }

    private static int goAwayCode(DataInputStream in) throws IOException {
        while (true) {
            int length = (in.readUnsignedByte() << 16) | in.readUnsignedShort();
            int type = in.readUnsignedByte();
            in.readFully(new byte[5]);
            ByteBuffer payload = ByteBuffer.wrap(in.readNBytes(length));
            if (payload.remaining() < length) {
                throw new EOFException("A frame was cut");
            }
            if (type == RawH2.GOAWAY) {
                return payload.getInt(4);
            }
        }
    }
}
