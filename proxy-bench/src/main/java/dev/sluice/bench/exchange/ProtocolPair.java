package dev.sluice.bench.exchange;

import java.io.IOException;
import java.util.Map;

/** What the client speaks to the proxy, and the proxy to the upstream. */
public enum ProtocolPair {
    H1_TO_H1(false, false),
    H2_TO_H2(true, true),
    H2_TO_H1(true, false),
    H1_TO_H2(false, true),
    /** A unary call: message, message, trailers. */
    GRPC(true, true);

    private final boolean h2Client;
    private final boolean h2Upstream;

    ProtocolPair(boolean h2Client, boolean h2Upstream) {
        this.h2Client = h2Client;
        this.h2Upstream = h2Upstream;
    }

    /** @param more headers of the request, where it is none of gRPC */
    Talker client(Wire wire, Map<String, String> more) throws IOException {
        return h2Client ? new Http2(wire, this == GRPC ? Message.call() : Message.get(more)) : new Http1(wire, more);
    }

    RawUpstream.Talk upstream() {
        // A message of its own for each connection, which has a thread of its own.
        return h2Upstream ? wire -> Http2.answer(wire, this == GRPC ? Message.reply() : Message.ok()) : Http1::answer;
    }

    /** Protocol of the service's port, as Istio's YAML names it. */
    String portProtocol() {
        return h2Upstream ? "HTTP2" : "HTTP";
    }
}
