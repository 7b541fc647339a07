package dev.sluice.proxy.codec.http2;

import io.netty.handler.codec.http2.DefaultHttp2Connection;
import io.netty.handler.codec.http2.DefaultHttp2ConnectionDecoder;
import io.netty.handler.codec.http2.DefaultHttp2ConnectionEncoder;
import io.netty.handler.codec.http2.DefaultHttp2FrameReader;
import io.netty.handler.codec.http2.DefaultHttp2LocalFlowController;
import io.netty.handler.codec.http2.DefaultHttp2RemoteFlowController;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameReader;
import io.netty.handler.codec.http2.Http2PromisedRequestVerifier;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.UniformStreamByteDistributor;

/**
 * Everything of Netty's HTTP/2 codec that must not stay at its default (spec/reliability.md A4), in one place. Immutable;
 * any thread.
 *
 * @param maxHeaderBytes size of a header list as RFC 9113 section 6.5.2 counts it
 * @param maxStreams streams that the peer may have open, enforced from the first frame on
 * @param streamWindow what a stream's sender may send unread, in bytes: the most that a paused stream holds back
 * @param connectionWindow the same for the connection; it refills by itself, so that a paused stream stalls no other
 * @param maxQueuedControlFrames acknowledgements and resets waiting to be read by the peer
 */
public record H2Settings(
        int maxHeaderBytes, int maxStreams, int streamWindow, int connectionWindow, int maxQueuedControlFrames) {
    /** Envoy's edge profile. */
    public static final H2Settings DEFAULT = new H2Settings(61_440, 100, 65_536, 1_048_576, 1_000);

    private static final int MAX_SMALL_CONTINUATIONS = 16;
    private static final float WINDOW_UPDATE_RATIO = 0.5f;
    /** A header block up to this many times the limit is read to its end and answered with 431; beyond, GOAWAY. */
    private static final int OVERSIZE_FACTOR = 4;

    /** The codec of one connection, wired but not yet in a pipeline. */
    public record Parts(
            Http2Connection connection,
            DefaultHttp2ConnectionDecoder decoder,
            Http2ConnectionEncoder encoder,
            FrameWriter writer,
            Http2Settings initialSettings,
            FloodGuard guard,
            StrayFrames strays,
            OpenBlock openBlock,
            ReceivedBlock received) {}

    /** The defaults with a header limit of one's own. */
    public static H2Settings with(int maxHeaderBytes) {
        return new H2Settings(
                maxHeaderBytes,
                DEFAULT.maxStreams,
                DEFAULT.streamWindow,
                DEFAULT.connectionWindow,
                DEFAULT.maxQueuedControlFrames);
    }

    /** What we announce in our first SETTINGS. */
    public Http2Settings initialSettings(boolean server) {
        // Netty enforces limits only where the settings name them: a fresh Http2Settings would drop both of its own.
        Http2Settings settings = Http2Settings.defaultSettings()
                .maxHeaderListSize(maxHeaderBytes)
                .maxConcurrentStreams(maxStreams)
                .initialWindowSize(streamWindow);
        return server
                ? settings.connectProtocolEnabled(true)
                : settings.maxConcurrentStreams(0).pushEnabled(false);
    }

    /** Builds the codec of a connection. */
    public Parts assemble(boolean server, FloodGuard guard) {
        Http2Settings settings = initialSettings(server);
        Http2Connection connection = new DefaultHttp2Connection(server, 0);
        connection.local().flowController(new DefaultHttp2LocalFlowController(connection, WINDOW_UPDATE_RATIO, true));
        // Streams share alike: priorities are deprecated (RFC 9113 section 5.3), and a tree of them is work for us.
        connection
                .remote()
                .flowController(
                        new DefaultHttp2RemoteFlowController(connection, new UniformStreamByteDistributor(connection)));
        // Enforced now, not once the peer has acknowledged our SETTINGS (CVE-2026-47244).
        connection.remote().maxActiveStreams(server ? maxStreams : 0);
        if (!server) {
            connection.local().allowPushTo(false);
        }
        FrameWriter writer = new FrameWriter();
        Http2ConnectionEncoder encoder =
                new ControlFrameLimit(new DefaultHttp2ConnectionEncoder(connection, writer), maxQueuedControlFrames);
        StrayFrames strays = new StrayFrames(connection, guard);
        HpackReader hpack = new HpackReader(maxHeaderBytes);
        GuardedReader reader = new GuardedReader(frameReader(hpack), connection, guard, strays);
        return new Parts(
                connection,
                decoder(connection, encoder, reader),
                encoder,
                writer,
                settings,
                guard,
                strays,
                reader.openBlock(),
                hpack.block());
    }

    private Http2FrameReader frameReader(HpackReader hpack) {
        Http2FrameReader reader = new DefaultHttp2FrameReader(hpack, MAX_SMALL_CONTINUATIONS);
        try {
            reader.configuration()
                    .headersConfiguration()
                    .maxHeaderListSize(maxHeaderBytes, (long) maxHeaderBytes * OVERSIZE_FACTOR);
        } catch (Http2Exception e) {
            throw new IllegalArgumentException("maxHeaderBytes: " + maxHeaderBytes, e);
        }
        return reader;
    }

    private static DefaultHttp2ConnectionDecoder decoder(
            Http2Connection connection, Http2ConnectionEncoder encoder, Http2FrameReader reader) {
        return new DefaultHttp2ConnectionDecoder(
                connection, encoder, reader, Http2PromisedRequestVerifier.ALWAYS_VERIFY, true, true, true, true) {
            @Override
            protected long calculateMaxHeaderListSizeGoAway(long limit) {
                return limit * OVERSIZE_FACTOR;
            }
        };
    }
}
