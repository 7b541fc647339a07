package dev.sluice.bench.exchange;

import dev.sluice.config.source.MissingConfigException;
import java.io.IOException;

/** A client, the proxy and an upstream in this process, connected over loopback sockets. Not thread-safe. */
public final class Loopback implements AutoCloseable {
    private static final int OK = 200;

    private final RawUpstream upstream;
    private final BenchProxy proxy;
    private final Wire wire;
    private final Talker client;

    private Loopback(RawUpstream upstream, BenchProxy proxy, Wire wire, Talker client) {
        this.upstream = upstream;
        this.proxy = proxy;
        this.wire = wire;
        this.client = client;
    }

    /** Starts all three. */
    public static Loopback start(ProtocolPair pair, Policies policies) throws IOException, MissingConfigException {
        RawUpstream upstream = RawUpstream.start(pair.upstream());
        BenchProxy proxy = BenchProxy.start(pair.portProtocol(), upstream.port(), policies);
        Wire wire = Wire.connect(proxy.address());
        return new Loopback(upstream, proxy, wire, pair.client(wire, policies.fields()));
    }

    /** One request and its response, whose status is returned; any but 200 is an error. */
    public int exchange() throws IOException {
        int status = client.exchange();
        if (status != OK) {
            throw new IllegalStateException("the proxy answered " + status);
        }
        return status;
    }

    @Override
    public void close() throws IOException {
        wire.close();
        proxy.close();
        upstream.close();
    }
}
