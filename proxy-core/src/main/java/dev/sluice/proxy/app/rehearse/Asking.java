package dev.sluice.proxy.app.rehearse;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.nio.charset.StandardCharsets;

/** A client's end: one request at a time, and word of each answer that the upstream gave. */
final class Asking extends ChannelInboundHandlerAdapter {
    private static final byte[] REQUEST =
            """
            GET /items?page=2 HTTP/1.1\r
            Host: rehearsal.test\r
            User-Agent: rehearsal/1.0\r
            Accept: */*\r
            \r
            """
                    .getBytes(StandardCharsets.US_ASCII);

    private final Runnable answered;

    /** @param answered run when an answer has come to its end, on the channel's event loop */
    Asking(Runnable answered) {
        this.answered = answered;
    }

    /** Sends one over {@code channel}. */
    static void ask(Channel channel) {
        ChannelFuture unused = channel.writeAndFlush(Unpooled.wrappedBuffer(REQUEST), channel.voidPromise());
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        boolean ended = bytes.getByte(bytes.writerIndex() - 1) == Answering.END;
        bytes.release();
        if (ended) {
            answered.run();
        }
    }
}
