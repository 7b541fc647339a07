package dev.sluice.proxy.upstream;

import java.util.concurrent.CompletionStage;

/** What a program on this machine would get: DNS as Netty asks it, and where that fails the platform's own resolver. */
public final class SystemNameResolver implements NameResolver, AutoCloseable {
    private final NettyNameResolver dns;
    private final JdkNameResolver platform;
    private final NameResolver both;

    /** Asks over {@code transport}'s channels. */
    public SystemNameResolver(Transport transport) {
        this.dns = new NettyNameResolver(transport);
        this.platform = new JdkNameResolver();
        this.both = dns.orElse(platform);
    }

    @Override
    public CompletionStage<Answer> resolve(String host) {
        return both.resolve(host);
    }

    @Override
    public void close() {
        dns.close();
        platform.close();
    }
}
