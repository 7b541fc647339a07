package dev.sluice.proxy.app.rehearse;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.nio.charset.StandardCharsets;

/** The upstream's end: whatever comes at once is one request, for the proxy sends the next when it has the answer. */
final class Answering extends ChannelInboundHandlerAdapter {
    /** Last byte of every answer, and no other byte of it. */
    static final byte END = 0;

    private static final int BODY_BYTES = 1024;
    private static final byte[] ANSWER = answer();

    private static byte[] answer() {
        String text = "HTTP/1.1 200 OK\r\nServer: rehearsal\r\nDate: Sun, 22 Nov 2026 12:00:00 GMT\r\n"
                + "Content-Type: text/plain\r\nContent-Length: " + BODY_BYTES + "\r\n\r\n" + "x".repeat(BODY_BYTES);
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        bytes[bytes.length - 1] = END;
        return bytes;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ((ByteBuf) message).release();
        ChannelFuture unused = ctx.writeAndFlush(Unpooled.wrappedBuffer(ANSWER), ctx.voidPromise());
    }

    /** The proxy is done with the connection, and resets those that it does not keep. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ChannelFuture unused = ctx.close();
    }
}
