package dev.sluice.proxy.upstream.tunnel;

import dev.sluice.config.plan.chain.TunnelPlan;
import dev.sluice.proxy.stream.ConnectionTls;
import dev.sluice.proxy.stream.ProxyError;
import dev.sluice.proxy.upstream.Dialer;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpClientCodec;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Asks for a tunnel on the connection that comes about, and tells of the connection once it is open. The proxy has as much
 * time to answer as the connect had.
 *
 * @param outcome told as a {@link Dialer} tells it
 */
public record TunnelOpener(TunnelPlan plan, Duration timeout, Dialer.Outcome outcome) implements Dialer.Outcome {
    private static final int MAX_LINE = 4096;
    private static final int MAX_HEADERS = 8192;
    private static final int MAX_CHUNK = 64 * 1024;

    @Override
    public void connected(Channel channel, @Nullable ConnectionTls tls) {
        // One response is all there is, and a connection that ends before it is told otherwise.
        channel.pipeline()
                .addLast(new HttpClientCodec(MAX_LINE, MAX_HEADERS, MAX_CHUNK))
                .addLast(new HttpTunnel(plan, timeout, tls, outcome));
    }

    @Override
    public void failed(ProxyError error) {
        outcome.failed(error);
    }
}
