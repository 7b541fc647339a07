package dev.sluice.proxy.codec;

import org.junit.jupiter.api.Nested;

/**
 * The rules of a stream (package {@code dev.sluice.proxy.stream}), held against every codec: what is above them must not
 * be able to tell the protocols apart.
 */
class StreamContractTest {
    @Nested
    class Http1Server extends ServerStreamRules {
        @Override
        StreamPeer.OfServer connect() throws Exception {
            return H1Peer.Client.connect();
        }
    }

    @Nested
    class Http1Client extends ClientStreamRules {
        @Override
        StreamPeer.OfClient connect() throws Exception {
            return H1Peer.Upstream.connect();
        }
    }

    @Nested
    class Http2Server extends ServerStreamRules {
        @Override
        StreamPeer.OfServer connect() {
            return H2Peer.Client.connect();
        }
    }

    @Nested
    class Http2Client extends ClientStreamRules {
        @Override
        StreamPeer.OfClient connect() {
            return H2Peer.Upstream.connect();
        }
    }
}
