package dev.sluice.proxy.codec.http2;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2EventAdapter;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import org.jspecify.annotations.Nullable;

/**
 * Brings what Netty's decoder reads to the owner of each stream, which is a property of Netty's stream, and counts
 * streams for the {@link FloodGuard}. What concerns the connection is left to a subclass. Belongs to the connection's
 * event loop.
 *
 * @param <O> the owners
 */
public abstract class StreamEvents<O extends StreamEvents.Owner> extends Http2EventAdapter {
    private final Http2Connection connection;
    private final FloodGuard guard;
    private final Http2Connection.PropertyKey key;

    /** Our end of one stream. */
    public interface Owner {
        /** A header list that is not the first from the peer on this stream; or the first, where we opened it. */
        void receivedHeaders(ReceivedBlock block, boolean end);

        /** Takes the payload of a DATA frame; returns how many bytes the window gets back now. */
        int receivedData(ByteBuf data, int padding, boolean end);

        /** The peer sent RST_STREAM. */
        void resetByPeer(long code);

        /** Netty let go of the stream, at its end or before. */
        void streamClosed();

        /** It was reset by the peer, or by us through its fault, early enough to look like an attack. */
        boolean wasPremature();
    }

    /** Listens to the codec of one connection. */
    protected StreamEvents(H2Settings.Parts parts) {
        this.connection = parts.connection();
        this.guard = parts.guard();
        this.key = connection.newKey();
        connection.addListener(this);
        parts.decoder().frameListener(this);
    }

    /** A header list arrived on a stream that has no owner yet. */
    protected abstract void onFirstHeaders(Http2Stream stream, ReceivedBlock block, boolean end);

    /** The peer's settings changed. */
    protected abstract void onPeerSettings(Http2Settings settings);

    /** The peer takes no streams above {@code lastStreamId}; told before those streams are closed. */
    protected abstract void onGoAway(int lastStreamId);

    /** Too many streams were reset prematurely. */
    protected abstract void onFlood();

    /** Makes {@code owner} the owner of {@code stream}. */
    public final void own(Http2Stream stream, O owner) {
        O previous = stream.setProperty(key, owner);
        assert previous == null : "A stream has one owner";
    }

    /** The owner of {@code stream}; null when there is none. */
    public final @Nullable O owner(@Nullable Http2Stream stream) {
        return stream == null ? null : stream.getProperty(key);
    }

    @Override
    public final void onHeadersRead(
            ChannelHandlerContext ctx, int streamId, Http2Headers headers, int padding, boolean end) {
        Http2Stream stream = connection.stream(streamId);
        O owner = owner(stream);
        // Our own reader made it.
        ReceivedBlock block = (ReceivedBlock) headers;
        if (owner == null) {
            onFirstHeaders(stream, block, end);
        } else {
            owner.receivedHeaders(block, end);
        }
    }

    @Override
    public final void onHeadersRead(
            ChannelHandlerContext ctx,
            int streamId,
            Http2Headers headers,
            int streamDependency,
            short weight,
            boolean exclusive,
            int padding,
            boolean end) {
        onHeadersRead(ctx, streamId, headers, padding, end);
    }

    @Override
    public final int onDataRead(ChannelHandlerContext ctx, int streamId, ByteBuf data, int padding, boolean end) {
        O owner = owner(connection.stream(streamId));
        return owner == null ? data.readableBytes() + padding : owner.receivedData(data, padding, end);
    }

    @Override
    public final void onRstStreamRead(ChannelHandlerContext ctx, int streamId, long code) {
        O owner = owner(connection.stream(streamId));
        if (owner != null) {
            owner.resetByPeer(code);
        }
    }

    @Override
    public final void onSettingsRead(ChannelHandlerContext ctx, Http2Settings settings) {
        onPeerSettings(settings);
    }

    @Override
    public final void onGoAwayRead(ChannelHandlerContext ctx, int lastStreamId, long code, ByteBuf debugData) {
        onGoAway(lastStreamId);
    }

    @Override
    public final void onStreamActive(Http2Stream stream) {
        guard.streamOpened();
    }

    @Override
    public final void onStreamClosed(Http2Stream stream) {
        O owner = owner(stream);
        if (owner != null) {
            owner.streamClosed();
            if (guard.streamClosed(owner.wasPremature())) {
                onFlood();
            }
        }
    }
}
