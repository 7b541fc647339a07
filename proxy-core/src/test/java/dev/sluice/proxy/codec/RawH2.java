package dev.sluice.proxy.codec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http2.DefaultHttp2FrameReader;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Flags;
import io.netty.handler.codec.http2.Http2FrameListener;
import io.netty.handler.codec.http2.Http2FrameReader;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The peer of an HTTP/2 handler in a test: writes frames byte by byte, so that it can break every rule, and reads the
 * handler's frames as lines such as {@code HEADERS 1 :status=200 END} or {@code RST_STREAM 1 PROTOCOL_ERROR}.
 *
 * <p>SETTINGS, WINDOW_UPDATE and acknowledgements are left out of the lines unless they are asked for.
 */
public final class RawH2 implements AutoCloseable {
    public static final int DATA = 0;
    public static final int HEADERS = 1;
    public static final int PRIORITY = 2;
    public static final int RST_STREAM = 3;
    public static final int SETTINGS = 4;
    public static final int PING = 6;
    public static final int GOAWAY = 7;
    public static final int WINDOW_UPDATE = 8;
    public static final int CONTINUATION = 9;

    public static final int END_STREAM = 1;
    public static final int END_HEADERS = 4;

    public final EmbeddedChannel channel;
    private final ChannelHandlerContext context;
    private final Http2FrameReader reader =
            new DefaultHttp2FrameReader(new DefaultHttp2HeadersDecoder(false, 1_000_000));
    private final Lines lines = new Lines();
    private final boolean client;
    private ByteBuf unread = Unpooled.buffer();

    private RawH2(ChannelHandler handler, boolean client) {
        this.client = client;
        this.channel = new EmbeddedChannel(handler);
        this.context = channel.pipeline().firstContext();
        try {
            // Whatever a test may announce.
            reader.configuration().frameSizePolicy().maxFrameSize(Http2CodecUtil.MAX_FRAME_SIZE_UPPER_BOUND);
        } catch (Http2Exception e) {
            throw new AssertionError(e);
        }
    }

    /** A client before {@code server}: preface and SETTINGS are exchanged. */
    public static RawH2 client(ChannelHandler server) {
        RawH2 peer = new RawH2(server, true);
        peer.write(Http2CodecUtil.connectionPrefaceBuf());
        peer.frame(SETTINGS, 0, 0, Unpooled.EMPTY_BUFFER);
        peer.frame(SETTINGS, 1, 0, Unpooled.EMPTY_BUFFER);
        peer.received();
        return peer;
    }

    /** A server before {@code client}; SETTINGS are not exchanged yet. */
    public static RawH2 server(ChannelHandler client) {
        return new RawH2(client, false);
    }

    // ---- writing

    public RawH2 settings(int... idsAndValues) {
        ByteBuf payload = Unpooled.buffer();
        for (int i = 0; i < idsAndValues.length; i += 2) {
            payload.writeShort(idsAndValues[i]).writeInt(idsAndValues[i + 1]);
        }
        return frame(SETTINGS, 0, 0, payload);
    }

    public RawH2 headers(int stream, boolean end, String... namesAndValues) {
        return frame(HEADERS, END_HEADERS | (end ? END_STREAM : 0), stream, block(namesAndValues));
    }

    /** An ordinary GET, with further fields. */
    public RawH2 get(int stream, String... namesAndValues) {
        return headers(stream, true, request("GET", namesAndValues));
    }

    /** An ordinary POST whose body follows. */
    public RawH2 post(int stream, String... namesAndValues) {
        return headers(stream, false, request("POST", namesAndValues));
    }

    public RawH2 data(int stream, boolean end, String text) {
        return frame(DATA, end ? END_STREAM : 0, stream, Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1));
    }

    public RawH2 rst(int stream, Http2Error code) {
        return frame(RST_STREAM, 0, stream, Unpooled.buffer().writeInt((int) code.code()));
    }

    public RawH2 goAway(int last, Http2Error code) {
        return frame(GOAWAY, 0, 0, Unpooled.buffer().writeInt(last).writeInt((int) code.code()));
    }

    public RawH2 windowUpdate(int stream, int bytes) {
        return frame(WINDOW_UPDATE, 0, stream, Unpooled.buffer().writeInt(bytes));
    }

    public RawH2 frame(int type, int flags, int stream, ByteBuf payload) {
        ByteBuf frame = Unpooled.buffer();
        frame.writeMedium(payload.readableBytes())
                .writeByte(type)
                .writeByte(flags)
                .writeInt(stream)
                .writeBytes(payload);
        payload.release();
        return write(frame);
    }

    public RawH2 write(ByteBuf bytes) {
        channel.writeInbound(bytes);
        return this;
    }

    /** Header block of literals without indexing (RFC 7541 section 6.2.2): any bytes, any order. */
    public static ByteBuf block(String... namesAndValues) {
        ByteBuf block = Unpooled.buffer();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            block.writeByte(0);
            string(block, namesAndValues[i]);
            string(block, namesAndValues[i + 1]);
        }
        return block;
    }

    public static String[] request(String method, String... further) {
        String[] all = new String[8 + further.length];
        String[] pseudo = {":method", method, ":scheme", "http", ":authority", "shop", ":path", "/"};
        System.arraycopy(pseudo, 0, all, 0, 8);
        System.arraycopy(further, 0, all, 8, further.length);
        return all;
    }

    private static void string(ByteBuf block, String text) {
        int length = text.length();
        if (length < 127) {
            block.writeByte(length);
        } else {
            block.writeByte(127);
            int rest = length - 127;
            for (; rest >= 128; rest >>>= 7) {
                block.writeByte((rest & 127) | 128);
            }
            block.writeByte(rest);
        }
        block.writeCharSequence(text, StandardCharsets.ISO_8859_1);
    }

    // ---- reading

    /** What the handler has sent since the last call, without housekeeping. */
    public List<String> received() {
        return allReceived().stream().filter(line -> !isHousekeeping(line)).toList();
    }

    /** What the handler has sent since the last call. */
    public List<String> allReceived() {
        channel.runPendingTasks();
        ByteBuf out;
        while ((out = channel.readOutbound()) != null) {
            unread.writeBytes(out);
            out.release();
        }
        if (!client && unread.readableBytes() >= 24 && unread.getByte(unread.readerIndex()) == 'P') {
            unread.skipBytes(24);
        }
        try {
            reader.readFrame(context, unread, lines);
        } catch (Http2Exception e) {
            throw new AssertionError("The handler wrote a broken frame", e);
        }
        unread.discardReadBytes();
        List<String> seen = List.copyOf(lines.seen);
        lines.seen.clear();
        return seen;
    }

    /** The socket takes nothing more. */
    public void stopReading() {
        channel.pipeline().addFirst(new ChannelOutboundHandlerAdapter() {
            @Override
            public void flush(ChannelHandlerContext ctx) {
                // Kept in the outbound buffer.
            }
        });
    }

    /** The connection is lost. */
    public void disconnect() {
        ChannelFuture unused = channel.close();
    }

    public boolean isClosed() {
        channel.runPendingTasks();
        return !channel.isOpen();
    }

    @Override
    public void close() {
        channel.finishAndReleaseAll();
        unread.release();
        reader.close();
    }

    private static boolean isHousekeeping(String line) {
        return line.startsWith("SETTINGS") || line.startsWith("WINDOW_UPDATE") || line.startsWith("PING ACK");
    }

    private static final class Lines implements Http2FrameListener {
        final List<String> seen = new ArrayList<>();

        private void add(String line, boolean end) {
            seen.add(end ? line + " END" : line);
        }

        @Override
        public int onDataRead(ChannelHandlerContext ctx, int stream, ByteBuf data, int padding, boolean end) {
            String text = data.toString(StandardCharsets.ISO_8859_1);
            add(("DATA " + stream + " " + (text.length() > 64 ? "<" + text.length() + ">" : text)).strip(), end);
            return data.readableBytes() + padding;
        }

        @Override
        public void onHeadersRead(
                ChannelHandlerContext ctx, int stream, Http2Headers headers, int padding, boolean end) {
            StringBuilder line = new StringBuilder("HEADERS ").append(stream);
            headers.forEach(
                    entry -> line.append(' ').append(entry.getKey()).append('=').append(entry.getValue()));
            add(line.toString(), end);
        }

        @Override
        public void onHeadersRead(
                ChannelHandlerContext ctx,
                int stream,
                Http2Headers headers,
                int dependency,
                short weight,
                boolean exclusive,
                int padding,
                boolean end) {
            onHeadersRead(ctx, stream, headers, padding, end);
        }

        @Override
        public void onPriorityRead(ChannelHandlerContext ctx, int stream, int dependency, short weight, boolean e) {
            add("PRIORITY " + stream, false);
        }

        @Override
        public void onRstStreamRead(ChannelHandlerContext ctx, int stream, long code) {
            add("RST_STREAM " + stream + " " + Http2Error.valueOf(code), false);
        }

        @Override
        public void onSettingsAckRead(ChannelHandlerContext ctx) {
            add("SETTINGS ACK", false);
        }

        @Override
        public void onSettingsRead(ChannelHandlerContext ctx, Http2Settings settings) {
            add("SETTINGS " + settings, false);
        }

        @Override
        public void onPingRead(ChannelHandlerContext ctx, long data) {
            add("PING " + data, false);
        }

        @Override
        public void onPingAckRead(ChannelHandlerContext ctx, long data) {
            add("PING ACK " + data, false);
        }

        @Override
        public void onPushPromiseRead(
                ChannelHandlerContext ctx, int stream, int promised, Http2Headers headers, int padding) {
            add("PUSH_PROMISE " + stream, false);
        }

        @Override
        public void onGoAwayRead(ChannelHandlerContext ctx, int last, long code, ByteBuf debug) {
            add("GOAWAY " + last + " " + Http2Error.valueOf(code), false);
        }

        @Override
        public void onWindowUpdateRead(ChannelHandlerContext ctx, int stream, int increment) {
            add("WINDOW_UPDATE " + stream + " " + increment, false);
        }

        @Override
        public void onUnknownFrame(
                ChannelHandlerContext ctx, byte type, int stream, Http2Flags flags, ByteBuf payload) {
            add("UNKNOWN " + type, false);
        }
    }
}
