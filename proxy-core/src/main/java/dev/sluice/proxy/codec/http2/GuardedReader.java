package dev.sluice.proxy.codec.http2;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Flags;
import io.netty.handler.codec.http2.Http2FrameListener;
import io.netty.handler.codec.http2.Http2FrameListenerDecorator;
import io.netty.handler.codec.http2.Http2FrameReader;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import org.jspecify.annotations.Nullable;

/**
 * Stands between Netty's frame reader and its decoder, the only place that sees every frame: the decoder swallows what
 * arrives for closed streams before a listener is told.
 *
 * <p>It shows each frame to the {@link FloodGuard}, and drops frames of streams above the last one our GOAWAY named.
 * Netty means to ignore those too, but takes DATA on such a stream, which it refused to create, for a connection error
 * (DefaultHttp2ConnectionDecoder.verifyStreamMayHaveExisted): a POST that crosses our GOAWAY would abort every exchange
 * that the drain waits for. It also follows which {@linkplain OpenBlock header block} is under way.
 */
final class GuardedReader implements Http2FrameReader {
    private final Http2FrameReader reader;
    private final Http2Connection connection;
    private final FloodGuard guard;
    private final StrayFrames strays;
    private final OpenBlock openBlock = new OpenBlock();
    private @Nullable Watch watch;

    GuardedReader(Http2FrameReader reader, Http2Connection connection, FloodGuard guard, StrayFrames strays) {
        this.reader = reader;
        this.connection = connection;
        this.guard = guard;
        this.strays = strays;
    }

    /** The header block that is under way. */
    OpenBlock openBlock() {
        return openBlock;
    }

    @Override
    public void readFrame(ChannelHandlerContext ctx, ByteBuf input, Http2FrameListener listener) throws Http2Exception {
        // The decoder changes its listener once, after the first SETTINGS.
        Watch current = watch;
        if (current == null || current.target != listener) {
            current = new Watch(listener);
            watch = current;
        }
        int from = input.readerIndex();
        try {
            reader.readFrame(ctx, input, current);
        } finally {
            openBlock.consumed(input, from);
        }
    }

    @Override
    public Configuration configuration() {
        return reader.configuration();
    }

    @Override
    public void close() {
        reader.close();
    }

    private boolean isBeyondGoAway(int streamId) {
        return connection.goAwaySent()
                && connection.remote().isValidStreamId(streamId)
                && streamId > connection.remote().lastStreamKnownByPeer();
    }

    private final class Watch extends Http2FrameListenerDecorator {
        private final Http2FrameListener target;

        Watch(Http2FrameListener target) {
            super(target);
            this.target = target;
        }

        @Override
        public int onDataRead(ChannelHandlerContext ctx, int streamId, ByteBuf data, int padding, boolean end)
                throws Http2Exception {
            guard.dataRead(!end && !data.isReadable());
            if (isBeyondGoAway(streamId)) {
                guard.strayRead();
                // Its bytes still count towards the connection window, which refills by itself.
                connection.local().flowController().receiveFlowControlledFrame(null, data, padding, end);
                return data.readableBytes() + padding;
            }
            return target.onDataRead(ctx, streamId, data, padding, end);
        }

        @Override
        public void onHeadersRead(
                ChannelHandlerContext ctx, int streamId, Http2Headers headers, int padding, boolean end)
                throws Http2Exception {
            guard.headersRead();
            if (isBeyondGoAway(streamId)) {
                guard.strayRead();
                return;
            }
            strays.headersRead(streamId);
            target.onHeadersRead(ctx, streamId, headers, padding, end);
        }

        @Override
        public void onHeadersRead(
                ChannelHandlerContext ctx,
                int streamId,
                Http2Headers headers,
                int streamDependency,
                short weight,
                boolean exclusive,
                int padding,
                boolean end)
                throws Http2Exception {
            // The priority that a HEADERS frame may carry is of no use to us: requests are served alike.
            onHeadersRead(ctx, streamId, headers, padding, end);
        }

        @Override
        public void onPriorityRead(
                ChannelHandlerContext ctx, int streamId, int streamDependency, short weight, boolean exclusive)
                throws Http2Exception {
            guard.priorityRead();
            target.onPriorityRead(ctx, streamId, streamDependency, weight, exclusive);
        }

        @Override
        public void onRstStreamRead(ChannelHandlerContext ctx, int streamId, long errorCode) throws Http2Exception {
            if (isBeyondGoAway(streamId)) {
                guard.strayRead();
                return;
            }
            if (connection.stream(streamId) == null) {
                guard.strayRead();
            }
            target.onRstStreamRead(ctx, streamId, errorCode);
        }

        @Override
        public void onSettingsRead(ChannelHandlerContext ctx, Http2Settings settings) throws Http2Exception {
            guard.settingsRead();
            target.onSettingsRead(ctx, settings);
        }

        @Override
        public void onSettingsAckRead(ChannelHandlerContext ctx) throws Http2Exception {
            guard.settingsRead();
            target.onSettingsAckRead(ctx);
        }

        @Override
        public void onPingRead(ChannelHandlerContext ctx, long data) throws Http2Exception {
            guard.pingRead();
            target.onPingRead(ctx, data);
        }

        @Override
        public void onPingAckRead(ChannelHandlerContext ctx, long data) throws Http2Exception {
            guard.pingRead();
            target.onPingAckRead(ctx, data);
        }

        @Override
        public void onGoAwayRead(ChannelHandlerContext ctx, int lastStreamId, long errorCode, ByteBuf debugData)
                throws Http2Exception {
            guard.settingsRead();
            target.onGoAwayRead(ctx, lastStreamId, errorCode, debugData);
        }

        @Override
        public void onWindowUpdateRead(ChannelHandlerContext ctx, int streamId, int increment) throws Http2Exception {
            guard.windowUpdateRead();
            if (!isBeyondGoAway(streamId)) {
                target.onWindowUpdateRead(ctx, streamId, increment);
            }
        }

        @Override
        public void onUnknownFrame(
                ChannelHandlerContext ctx, byte frameType, int streamId, Http2Flags flags, ByteBuf payload)
                throws Http2Exception {
            guard.priorityRead();
            target.onUnknownFrame(ctx, frameType, streamId, flags, payload);
        }
    }
}
