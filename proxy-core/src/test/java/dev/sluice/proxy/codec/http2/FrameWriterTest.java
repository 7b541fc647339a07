package dev.sluice.proxy.codec.http2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.sluice.proxy.stream.headers.H2Headers;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http2.Http2FrameTypes;
import io.netty.util.AsciiString;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FrameWriterTest {
    private final EmbeddedChannel channel = new EmbeddedChannel(new ChannelInboundHandlerAdapter());
    private final ChannelHandlerContext ctx = channel.pipeline().firstContext();
    private final FrameWriter writer = new FrameWriter();
    private final SentBlock block = new SentBlock();

    @AfterEach
    void close() {
        writer.close();
        channel.finishAndReleaseAll();
    }

    @Test
    void smallFramesShareABuffer() {
        writer.headers(ctx, 3, block.trailers(fields("a", "b")), false);
        data(3, 100, true);
        writer.headers(ctx, 5, block.trailers(fields("a", "b")), true);
        writer.pass(ctx);
        channel.flush();
        ByteBuf all = channel.readOutbound();
        assertEquals(List.of("HEADERS 3 4 5", "DATA 3 1 100", "HEADERS 5 5 5"), frames(all));
        assertNull(channel.readOutbound());
    }

    @Test
    void aLargePieceIsNotCopied() {
        PieceQueue pieces = new PieceQueue();
        ByteBuf piece = Unpooled.directBuffer().writeZero(5_000);
        pieces.add(piece);
        writer.headers(ctx, 3, block.trailers(fields("a", "b")), false);
        writer.data(ctx, 3, pieces, 5_000, true);
        writer.headers(ctx, 5, block.trailers(fields("a", "b")), true);
        writer.pass(ctx);
        channel.flush();
        ByteBuf heads = channel.readOutbound();
        assertEquals("HEADERS 3 4 5", frame(heads));
        assertEquals(9, heads.readableBytes());
        heads.release();
        ByteBuf same = channel.readOutbound();
        assertEquals(piece, same);
        same.release();
        assertEquals(List.of("HEADERS 5 5 5"), frames(channel.readOutbound()));
    }

    @Test
    void whatNettyWritesComesBehindWhatWasHeldBack() {
        writer.headers(ctx, 3, block.trailers(fields("a", "b")), false);
        ChannelFuture unused = writer.writeWindowUpdate(ctx, 3, 100, ctx.newPromise());
        data(3, 1, true);
        unused = writer.writeRstStream(ctx, 5, 0, ctx.newPromise());
        unused = writer.writePing(ctx, false, 1, ctx.newPromise());
        unused = writer.writeGoAway(ctx, 5, 0, Unpooled.EMPTY_BUFFER, ctx.newPromise());
        channel.flush();
        assertEquals(
                List.of(
                        "HEADERS 3 4 5",
                        "WINDOW_UPDATE 3 0 4",
                        "DATA 3 1 1",
                        "RST_STREAM 5 0 4",
                        "PING 0 0 8",
                        "GO_AWAY 0 0 8"),
                frames(Unpooled.wrappedBuffer(everything())));
    }

    @Test
    void aBlockThatDoesNotFitAFrameGoesOnInOthers() throws Exception {
        H2Headers large = H2Headers.create();
        for (int i = 0; i < 10; i++) {
            large.addChecked(AsciiString.of("x-" + i), "v".repeat(4_000));
        }
        writer.headers(ctx, 3, block.trailers(large), true);
        writer.pass(ctx);
        channel.flush();
        ByteBuf all = Unpooled.wrappedBuffer(everything());
        int size = all.readableBytes() - 3 * 9;
        assertEquals(
                List.of("HEADERS 3 1 16384", "CONTINUATION 3 0 16384", "CONTINUATION 3 4 " + (size - 2 * 16_384)),
                frames(all));
    }

    @Test
    void nothingStaysBehindTheClose() {
        data(3, 10, false);
        writer.close();
        data(3, 20, true);
        channel.flush();
        assertEquals(List.of("DATA 3 1 20"), frames(channel.readOutbound()));
    }

    private void data(int streamId, int length, boolean end) {
        PieceQueue pieces = new PieceQueue();
        pieces.add(Unpooled.buffer().writeZero(length));
        writer.data(ctx, streamId, pieces, length, end);
    }

    private static H2Headers fields(String name, String value) {
        H2Headers fields = H2Headers.withRoomFor(1);
        fields.addChecked(AsciiString.of(name), value);
        return fields;
    }

    private ByteBuf[] everything() {
        List<ByteBuf> buffers = new ArrayList<>();
        for (ByteBuf next = channel.readOutbound(); next != null; next = channel.readOutbound()) {
            buffers.add(next);
        }
        return buffers.toArray(ByteBuf[]::new);
    }

    private static List<String> frames(ByteBuf bytes) {
        List<String> frames = new ArrayList<>();
        while (bytes.isReadable()) {
            frames.add(frame(bytes));
        }
        bytes.release();
        return frames;
    }

    /** Type, stream, flags and length of the next frame. */
    private static String frame(ByteBuf bytes) {
        int length = bytes.readUnsignedMedium();
        String type =
                switch (bytes.readByte()) {
                    case Http2FrameTypes.DATA -> "DATA";
                    case Http2FrameTypes.HEADERS -> "HEADERS";
                    case Http2FrameTypes.CONTINUATION -> "CONTINUATION";
                    case Http2FrameTypes.RST_STREAM -> "RST_STREAM";
                    case Http2FrameTypes.PING -> "PING";
                    case Http2FrameTypes.GO_AWAY -> "GO_AWAY";
                    case Http2FrameTypes.WINDOW_UPDATE -> "WINDOW_UPDATE";
                    default -> "another";
                };
        int flags = bytes.readByte();
        int stream = bytes.readInt();
        bytes.skipBytes(length);
        return type + " " + stream + " " + flags + " " + length;
    }
}
