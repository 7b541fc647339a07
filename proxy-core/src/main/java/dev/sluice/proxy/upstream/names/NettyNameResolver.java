package dev.sluice.proxy.upstream.names;

import dev.sluice.proxy.upstream.Transport;
import io.netty.channel.socket.SocketChannel;
import io.netty.resolver.dns.DnsNameResolver;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * DNS over UDP, and over TCP where an answer is truncated, by {@code /etc/hosts} and {@code /etc/resolv.conf} as Netty
 * reads them (search domains, ndots). Asks anew each time: what may be relied on, and how long, is the asker's business.
 */
final class NettyNameResolver implements NameResolver, AutoCloseable {
    private final AnswerTtls ttls = new AnswerTtls();
    private final DnsNameResolver resolver;

    /** Works on one of {@code transport}'s event loops. */
    public NettyNameResolver(Transport transport) {
        this(transport, new DnsNameResolverBuilder());
    }

    /** @param settings name servers and the like; loop, channels and caches are set here */
    NettyNameResolver(Transport transport, DnsNameResolverBuilder settings) {
        this.resolver = settings.eventLoop(transport.group().next())
                .datagramChannelType(transport.datagram())
                .socketChannelType(transport.client().asSubclass(SocketChannel.class))
                .resolveCache(ttls)
                // Every address counts, not only those of the family that answers first.
                .completeOncePreferredResolved(false)
                .build();
    }

    @Override
    public CompletionStage<Answer> resolve(String host) {
        CompletableFuture<Answer> answer = new CompletableFuture<>();
        try {
            resolver.resolveAll(host).addListener(done -> {
                if (done.isSuccess()) {
                    @SuppressWarnings("unchecked") // a resolver of InetAddress
                    List<InetAddress> addresses = (List<InetAddress>) done.getNow();
                    complete(answer, host, addresses);
                } else {
                    answer.completeExceptionally(done.cause());
                }
            });
        } catch (RuntimeException e) {
            // A name that cannot be written as DNS wants it, such as one with an empty label.
            answer.completeExceptionally(e);
        }
        return answer;
    }

    private void complete(CompletableFuture<Answer> answer, String host, List<InetAddress> addresses) {
        if (addresses.isEmpty()) {
            answer.completeExceptionally(new UnknownHostException(host));
        } else {
            answer.complete(new Answer(addresses, Duration.ofSeconds(ttls.least(addresses))));
        }
    }

    @Override
    public void close() {
        resolver.close();
    }
}
