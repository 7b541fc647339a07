package dev.sluice.proxy.telemetry;

import dev.sluice.config.plan.ClusterKey;
import dev.sluice.config.plan.ClusterPlan;
import dev.sluice.config.plan.ConnectPlan;
import dev.sluice.config.plan.DestinationPlan;
import dev.sluice.config.plan.EndpointPlan;
import dev.sluice.config.plan.MatchPlan;
import dev.sluice.config.plan.RouteActionPlan;
import dev.sluice.config.plan.RoutePlan;
import dev.sluice.config.plan.RuleRef;
import dev.sluice.config.plan.SourceRef;
import dev.sluice.config.plan.policy.BalancePlan;
import dev.sluice.config.plan.policy.HashPlan;
import dev.sluice.config.plan.policy.HeaderPlan;
import dev.sluice.config.plan.policy.LimitsPlan;
import dev.sluice.proxy.cluster.Cluster;
import dev.sluice.proxy.cluster.Endpoint;
import dev.sluice.proxy.exchange.Attempt;
import dev.sluice.proxy.exchange.AttemptOwner;
import dev.sluice.proxy.exchange.Destination;
import dev.sluice.proxy.exchange.Exchange;
import dev.sluice.proxy.exchange.ExchangeObserver;
import dev.sluice.proxy.stream.ClientConnection;
import dev.sluice.proxy.stream.ClientStream;
import dev.sluice.proxy.stream.ConnectionTls;
import dev.sluice.proxy.stream.DownstreamConnection;
import dev.sluice.proxy.stream.HttpVersion;
import dev.sluice.proxy.stream.ProxyError;
import dev.sluice.proxy.stream.RequestHead;
import dev.sluice.proxy.stream.ResponseHead;
import dev.sluice.proxy.stream.ServerStream;
import dev.sluice.proxy.stream.headers.H1Headers;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.ReferenceCountUtil;
import java.lang.reflect.Proxy;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Makes exchanges that end as a test wants, without sockets: what observers are given. */
public final class Traffic {
    /** What a {@link #stub} answers that has none of it. */
    private static final Object NONE = new Object();

    private static final SocketAddress OUR_END = new InetSocketAddress("10.0.0.1", 8080);

    private final EventLoop loop = new EmbeddedChannel().eventLoop();
    private final ExchangeObserver observer;
    private SocketAddress client = new InetSocketAddress("10.0.0.9", 51234);
    private @Nullable String serverName;
    private @Nullable ConnectionTls tls;
    private @Nullable ConnectionTls upstreamTls;

    /** Every exchange tells {@code observer}. */
    public Traffic(ExchangeObserver observer) {
        this.observer = observer;
    }

    /** The client that the next exchanges come from. */
    public Traffic from(SocketAddress address, @Nullable String tlsServerName) {
        client = address;
        serverName = tlsServerName;
        return this;
    }

    /** The TLS of the next exchanges' connection. */
    public Traffic over(ConnectionTls ended) {
        tls = ended;
        return this;
    }

    /** The TLS of the connection to the upstream that the next attempts run on. */
    public Traffic onwardsOver(ConnectionTls begun) {
        upstreamTls = begun;
        return this;
    }

    /** A GET of {@code /} that nothing has been done to. */
    public static RequestHead.Builder get(String path, String... headers) {
        return RequestHead.builder(HttpVersion.HTTP_1_1, "GET", path, headers(headers))
                .authority("reviews:9080");
    }

    /** Headers from names and values. */
    public static H1Headers headers(String... namesAndValues) {
        // Not validated: what a codec lets through is not the business of those who log it.
        H1Headers headers = H1Headers.create();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            byte[] name = namesAndValues[i].getBytes(StandardCharsets.ISO_8859_1);
            byte[] value = namesAndValues[i + 1].getBytes(StandardCharsets.ISO_8859_1);
            byte[] line = Arrays.copyOf(name, name.length + value.length);
            System.arraycopy(value, 0, line, name.length, value.length);
            headers.line(line, 0, name.length, name.length, value.length);
        }
        return headers;
    }

    /** An exchange whose request is complete, at its start. */
    public Exchange start(RequestHead request) {
        return new Exchange(
                request, true, stub(ServerStream.class, Map.of("loop", loop, "connection", connection())), 7, observer);
    }

    /** An exchange whose request has a body still to come. */
    public Exchange startWithBody(RequestHead request) {
        return new Exchange(
                request,
                false,
                stub(ServerStream.class, Map.of("loop", loop, "connection", connection())),
                7,
                observer);
    }

    /** Routes to a service's endpoint {@code 10.1.2.3:9080} and answers with {@code status} and a body of 3 bytes. */
    public void answer(Exchange exchange, Destination destination, int status, String... headers) {
        answer(exchange, destination, new ResponseHead(status, headers(headers), 3));
    }

    /** The same with a head of the caller's. */
    public void answer(Exchange exchange, Destination destination, ResponseHead head) {
        Attempt attempt = attempt(exchange, destination);
        attempt.onHead(head, false);
        attempt.onData(Unpooled.copiedBuffer(new byte[] {1, 2, 3}), true);
    }

    /** Routes and makes an attempt that has a stream and no answer yet. */
    public Attempt attempt(Exchange exchange, Destination destination) {
        Attempt attempt = choose(exchange, destination);
        ClientConnection connection = stub(
                ClientConnection.class,
                Map.of(
                        "localAddress",
                        new InetSocketAddress("10.0.0.1", 40000),
                        "remoteAddress",
                        new InetSocketAddress("10.1.2.3", 9080),
                        "version",
                        HttpVersion.HTTP_1_1,
                        "tls",
                        Objects.requireNonNullElse(upstreamTls, NONE)));
        attempt.begin(stub(ClientStream.class, Map.of("connection", connection, "isWritable", true)));
        return attempt;
    }

    /** Routes and makes an attempt that has an endpoint and no connection. */
    public Attempt choose(Exchange exchange, Destination destination) {
        exchange.routed(route("canary"), destination);
        Attempt attempt = exchange.newAttempt(PASS_ON);
        Cluster cluster = destination.cluster();
        if (cluster != null) {
            attempt.cluster(cluster);
            List<Endpoint> members = cluster.endpoints().all();
            attempt.endpoint(members.get(exchange.attempts() % members.size()));
        }
        return attempt;
    }

    /** A rule of that name. */
    public static RoutePlan route(@Nullable String name) {
        RuleRef rule = new RuleRef("default/reviews", 0, 0, name, SourceRef.NONE);
        return new RoutePlan(rule, MatchPlan.ANY, new RouteActionPlan.Dead("test"), HeaderPlan.NONE);
    }

    /** A live destination with one endpoint that has {@code labels}. */
    public static Destination destination(String host, @Nullable String subset, Map<String, String> labels) {
        Cluster cluster = cluster(host, subset);
        cluster.replaceEndpoints(List.of(new EndpointPlan("10.1.2.3", 9080, 1, null, labels)), 0);
        return new Destination(plan(cluster.key()), cluster, attempt -> {});
    }

    /** What a route says of a destination. */
    public static DestinationPlan plan(ClusterKey key) {
        return new DestinationPlan(key, 1, HeaderPlan.NONE, HashPlan.NONE);
    }

    /** A cluster without endpoints. */
    public static Cluster cluster(String host, @Nullable String subset) {
        return new Cluster(new ClusterPlan(
                new ClusterKey(host, 9080, subset),
                ClusterPlan.Discovery.STATIC,
                List.of(),
                ClusterPlan.UpstreamProtocol.HTTP1,
                ConnectPlan.PLAIN,
                BalancePlan.DEFAULT,
                LimitsPlan.DEFAULT,
                null,
                SourceRef.NONE));
    }

    private DownstreamConnection connection() {
        SocketAddress remote = client;
        String name = serverName;
        ConnectionTls ended = tls;
        return new DownstreamConnection() {
            @Override
            public SocketAddress remoteAddress() {
                return remote;
            }

            @Override
            public SocketAddress localAddress() {
                return OUR_END;
            }

            @Override
            public boolean isTls() {
                return name != null;
            }

            @Override
            public @Nullable String serverName() {
                return name;
            }

            @Override
            public @Nullable ConnectionTls tls() {
                return ended;
            }

            @Override
            public long id() {
                return 42;
            }
        };
    }

    /** Passes on whatever comes. */
    public static final AttemptOwner PASS_ON = new AttemptOwner() {
        @Override
        public void onResponse(Attempt attempt, ResponseHead head, boolean last) {
            attempt.commit(head, last);
        }

        @Override
        public void onFailure(Attempt attempt, ProxyError error) {
            attempt.exchange().fail(error);
        }
    };

    /** Answers the methods named with the values given, others with nothing; releases buffers. */
    @SuppressWarnings("unchecked") // it implements type
    private static <T> T stub(Class<T> type, Map<String, Object> answers) {
        return (T) Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (self, method, arguments) -> {
            if (arguments != null && arguments.length > 0 && arguments[0] instanceof ByteBuf data) {
                ReferenceCountUtil.release(data);
            }
            Object answer = answers.get(method.getName());
            if (answer != null) {
                return answer == NONE ? null : answer;
            }
            if (method.getReturnType().isInterface()) {
                return stub(method.getReturnType(), Map.of());
            }
            return method.getReturnType() == boolean.class ? (Object) true : null;
        });
    }
}
