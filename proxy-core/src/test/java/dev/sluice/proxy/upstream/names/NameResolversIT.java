package dev.sluice.proxy.upstream.names;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.proxy.upstream.Transport;
import dev.sluice.proxy.upstream.names.NameResolver.Answer;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.dns.DatagramDnsQuery;
import io.netty.handler.codec.dns.DatagramDnsQueryDecoder;
import io.netty.handler.codec.dns.DatagramDnsResponse;
import io.netty.handler.codec.dns.DatagramDnsResponseEncoder;
import io.netty.handler.codec.dns.DefaultDnsQuestion;
import io.netty.handler.codec.dns.DefaultDnsRawRecord;
import io.netty.handler.codec.dns.DnsQuestion;
import io.netty.handler.codec.dns.DnsRawRecord;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.handler.codec.dns.DnsResponseCode;
import io.netty.handler.codec.dns.DnsSection;
import io.netty.resolver.ResolvedAddressTypes;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.SingletonDnsServerAddressStreamProvider;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against a DNS server of the test's own, on loopback. */
class NameResolversIT {
    private final Transport transport = Transport.start(Transport.Kind.AUTO, 1);
    private final Map<String, List<Rr>> zone = new ConcurrentHashMap<>();
    private final Map<String, Alias> aliases = new ConcurrentHashMap<>();
    private final JdkNameResolver platform = new JdkNameResolver();
    private NettyNameResolver dns;

    private record Rr(String address, int ttl) {}

    private record Alias(String target, int ttl) {}

    @BeforeEach
    void start() throws Exception {
        Channel server = new Bootstrap()
                .group(transport.group())
                .channel(transport.datagram())
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline()
                                .addLast(new DatagramDnsQueryDecoder(), new DatagramDnsResponseEncoder(), new Zone());
                    }
                })
                .bind(InetAddress.getLoopbackAddress(), 0)
                .sync()
                .channel();
        dns = new NettyNameResolver(
                transport,
                new DnsNameResolverBuilder()
                        .nameServerProvider(
                                new SingletonDnsServerAddressStreamProvider((InetSocketAddress) server.localAddress()))
                        .searchDomains(List.of("ns.svc.example"))
                        .ndots(2)
                        .resolvedAddressTypes(ResolvedAddressTypes.IPV4_PREFERRED));
    }

    @AfterEach
    void stop() throws Exception {
        dns.close();
        platform.close();
        transport.group().shutdownGracefully(0, 1, TimeUnit.SECONDS).await(60, TimeUnit.SECONDS);
    }

    @Test
    void answersWithEveryAddressOfBothFamiliesAndTheShortestTimeToLive() throws Exception {
        zone.put("a.example.com.", List.of(new Rr("10.0.0.1", 30), new Rr("10.0.0.2", 20), new Rr("2001:db8::1", 25)));
        Answer answer = ask(dns, "a.example.com");
        assertEquals(Set.of("10.0.0.1", "10.0.0.2", "2001:db8::1"), texts(answer));
        assertEquals(Duration.ofSeconds(20), answer.ttl());
    }

    @Test
    void asksAnewEachTime() throws Exception {
        zone.put("a.example.com.", List.of(new Rr("10.0.0.1", 3600)));
        assertEquals(Set.of("10.0.0.1"), texts(ask(dns, "a.example.com")));
        zone.put("a.example.com.", List.of(new Rr("10.0.0.2", 1800)));
        Answer second = ask(dns, "a.example.com");
        assertEquals(Set.of("10.0.0.2"), texts(second));
        assertEquals(Duration.ofMinutes(30), second.ttl());
    }

    @Test
    void shortNamesAreLookedForInTheSearchDomainsAndStillTellTheirTimeToLive() throws Exception {
        zone.put("reviews.ns.svc.example.", List.of(new Rr("10.0.0.7", 15)));
        Answer answer = ask(dns, "reviews");
        assertEquals(Set.of("10.0.0.7"), texts(answer));
        assertEquals(Duration.ofSeconds(15), answer.ttl());
    }

    @Test
    void anAliasIsReliedOnNoLongerThanItsOwnTimeToLive() throws Exception {
        aliases.put("www.example.com.", new Alias("blue.example.com.", 600));
        aliases.put("blue.example.com.", new Alias("lb.example.com.", 5));
        zone.put("lb.example.com.", List.of(new Rr("10.0.0.1", 3600)));
        assertEquals(Duration.ofSeconds(5), ask(dns, "www.example.com").ttl());
        assertEquals(Duration.ofSeconds(5), ask(dns, "Blue.Example.com.").ttl());
        assertEquals(Duration.ofHours(1), ask(dns, "lb.example.com").ttl());
    }

    @Test
    void anAliasThatIsNoMoreCountsForNothing() throws Exception {
        aliases.put("www.example.com.", new Alias("blue.example.com.", 600));
        aliases.put("blue.example.com.", new Alias("lb.example.com.", 5));
        zone.put("lb.example.com.", List.of(new Rr("10.0.0.1", 3600)));
        assertEquals(Set.of("10.0.0.1"), texts(ask(dns, "www.example.com")));
        aliases.remove("blue.example.com.");
        zone.put("blue.example.com.", List.of(new Rr("10.0.0.2", 3600)));
        Answer second = ask(dns, "www.example.com");
        assertEquals(Set.of("10.0.0.2"), texts(second));
        assertEquals(Duration.ofMinutes(10), second.ttl());
    }

    @Test
    void aliasesThatGoRoundFail() {
        aliases.put("a.example.com.", new Alias("b.example.com.", 600));
        aliases.put("b.example.com.", new Alias("a.example.com.", 600));
        assertThrows(ExecutionException.class, () -> ask(dns, "a.example.com"));
    }

    @Test
    void aNameThatIsNotThereFails() {
        assertThrows(ExecutionException.class, () -> ask(dns, "nobody.example.com"));
    }

    @Test
    void aNameThatCannotBeOneFailsAndThrowsNothing() {
        assertThrows(ExecutionException.class, () -> ask(dns, "a..b"));
        assertThrows(ExecutionException.class, () -> ask(dns, "x".repeat(300)));
    }

    @Test
    void whereOneResolverFailsTheOtherIsAsked() throws Exception {
        FakeNames second = new FakeNames().answer("nobody.example.com", 0, "10.0.0.9");
        Answer answer = ask(dns.orElse(second), "nobody.example.com");
        assertEquals(Set.of("10.0.0.9"), texts(answer));
        zone.put("a.example.com.", List.of(new Rr("10.0.0.1", 30)));
        assertEquals(Set.of("10.0.0.1"), texts(ask(dns.orElse(second), "a.example.com")));
        assertEquals(List.of("nobody.example.com"), second.asked);
    }

    @Test
    void whenBothFailTheReasonNamesBoth() {
        ExecutionException failure =
                assertThrows(ExecutionException.class, () -> ask(dns.orElse(new FakeNames()), "nobody.example.com"));
        String reason = NameResolver.reason(failure.getCause());
        assertEquals("DNS says Query failed with NXDOMAIN; the system's resolver says nobody.example.com", reason);
    }

    @Test
    void thePlatformsResolverKnowsThisMachineAndTellsNoTimeToLive() throws Exception {
        Answer answer = ask(platform, "localhost");
        assertTrue(answer.addresses().stream().allMatch(InetAddress::isLoopbackAddress));
        assertEquals(Duration.ZERO, answer.ttl());
    }

    private static Answer ask(NameResolver resolver, String host) throws Exception {
        return resolver.resolve(host).toCompletableFuture().get(60, TimeUnit.SECONDS);
    }

    private static Set<String> texts(Answer answer) {
        return answer.addresses().stream().map(NetUtil::toAddressString).collect(Collectors.toSet());
    }

    private final class Zone extends SimpleChannelInboundHandler<DatagramDnsQuery> {
        @Override
        protected void channelRead0(ChannelHandlerContext ctx, DatagramDnsQuery query) {
            DnsQuestion question = query.recordAt(DnsSection.QUESTION);
            DatagramDnsResponse response = new DatagramDnsResponse(
                    /* sender= */ query.recipient(), /* recipient= */ query.sender(), query.id());
            response.addRecord(DnsSection.QUESTION, new DefaultDnsQuestion(question.name(), question.type()));
            String name = question.name().toLowerCase(Locale.ROOT);
            for (Alias alias = aliases.get(name); alias != null && response.count(DnsSection.ANSWER) < 8; ) {
                response.addRecord(DnsSection.ANSWER, alias(name, alias));
                name = alias.target;
                alias = aliases.get(name);
            }
            List<Rr> records = zone.get(name);
            if (records == null && response.count(DnsSection.ANSWER) == 0) {
                response.setCode(DnsResponseCode.NXDOMAIN);
            } else if (records != null) {
                int length = question.type().equals(DnsRecordType.A) ? 4 : 16;
                for (Rr record : records) {
                    byte[] bytes = NetUtil.createByteArrayFromIpAddressString(record.address);
                    if (bytes.length == length) {
                        response.addRecord(
                                DnsSection.ANSWER,
                                new DefaultDnsRawRecord(
                                        name, question.type(), record.ttl, Unpooled.wrappedBuffer(bytes)));
                    }
                }
            }
            ChannelFuture unused = ctx.writeAndFlush(response);
        }

        private static DnsRawRecord alias(String name, Alias alias) {
            ByteBuf target = Unpooled.buffer();
            // The final dot's empty label ends the name.
            for (String label : alias.target.split("\\.", -1)) {
                target.writeByte(label.length()).writeCharSequence(label, StandardCharsets.US_ASCII);
            }
            return new DefaultDnsRawRecord(name, DnsRecordType.CNAME, alias.ttl, target);
        }
    }
}
