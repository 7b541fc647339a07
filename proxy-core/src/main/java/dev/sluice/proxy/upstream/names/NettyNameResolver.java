package dev.sluice.proxy.upstream.names;

import dev.sluice.proxy.upstream.Transport;
import io.netty.channel.AddressedEnvelope;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.dns.DefaultDnsQuestion;
import io.netty.handler.codec.dns.DnsRecord;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.handler.codec.dns.DnsResponse;
import io.netty.handler.codec.dns.DnsSection;
import io.netty.resolver.dns.DnsNameResolver;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
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
                .cnameCache(ttls.aliases())
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
            return;
        }
        String alias = ttls.alias(addresses);
        long seconds = ttls.least(addresses);
        if (alias == null) {
            answer.complete(new Answer(addresses, Duration.ofSeconds(seconds)));
            return;
        }
        // Netty keeps the further aliases of a chain to itself.
        DnsRecordType type = addresses.get(0) instanceof Inet6Address ? DnsRecordType.AAAA : DnsRecordType.A;
        resolver.query(new DefaultDnsQuestion(alias, type)).addListener(done -> {
            long least = seconds;
            if (done.isSuccess()) {
                @SuppressWarnings("unchecked") // what a query brings
                var envelope = (AddressedEnvelope<DnsResponse, InetSocketAddress>) done.getNow();
                try {
                    least = Math.min(seconds, leastOfAliases(envelope.content()));
                } finally {
                    envelope.release();
                }
            }
            answer.complete(new Answer(addresses, Duration.ofSeconds(least)));
        });
    }

    private static long leastOfAliases(DnsResponse response) {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < response.count(DnsSection.ANSWER); i++) {
            DnsRecord record = response.recordAt(DnsSection.ANSWER, i);
            if (record.type().equals(DnsRecordType.CNAME)) {
                least = Math.min(least, record.timeToLive());
            }
        }
        return least;
    }

    @Override
    public void close() {
        resolver.close();
    }
}
