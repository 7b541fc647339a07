package dev.sluice.bench.stage;

import dev.sluice.bench.exchange.Samples;
import dev.sluice.config.plan.DestinationPlan;
import dev.sluice.config.plan.MatchPlan;
import dev.sluice.config.plan.RouteActionPlan;
import dev.sluice.config.plan.RoutePlan;
import dev.sluice.config.plan.RuleRef;
import dev.sluice.config.plan.SourceRef;
import dev.sluice.config.plan.policy.HashPlan;
import dev.sluice.config.plan.policy.HeaderPlan;
import dev.sluice.config.source.MissingConfigException;
import dev.sluice.proxy.cluster.Cluster;
import dev.sluice.proxy.codec.ChannelConnection;
import dev.sluice.proxy.exchange.Attempt;
import dev.sluice.proxy.exchange.AttemptOwner;
import dev.sluice.proxy.exchange.Destination;
import dev.sluice.proxy.exchange.Exchange;
import dev.sluice.proxy.exchange.ExchangeObserver;
import dev.sluice.proxy.stream.BodyWriter;
import dev.sluice.proxy.stream.ClientConnection;
import dev.sluice.proxy.stream.ClientStream;
import dev.sluice.proxy.stream.DownstreamConnection;
import dev.sluice.proxy.stream.HttpVersion;
import dev.sluice.proxy.stream.ProxyError;
import dev.sluice.proxy.stream.ReadGate;
import dev.sluice.proxy.stream.RequestHead;
import dev.sluice.proxy.stream.ResponseHead;
import dev.sluice.proxy.stream.ResponseReader;
import dev.sluice.proxy.stream.ServerStream;
import dev.sluice.proxy.stream.headers.H1Headers;
import dev.sluice.proxy.stream.headers.HeaderNames;
import dev.sluice.proxy.stream.headers.HeaderOverlay;
import dev.sluice.proxy.stream.headers.Headers;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

/** An exchange that went well, without sockets: what observers are told of. */
final class EndedExchange {
    private static final InetSocketAddress CLIENT = new InetSocketAddress("10.244.1.17", 51234);
    private static final InetSocketAddress OUR_FRONT = new InetSocketAddress("10.244.2.5", 8080);
    private static final InetSocketAddress OUR_BACK = new InetSocketAddress("10.244.2.5", 40210);
    private static final InetSocketAddress SERVER = new InetSocketAddress("10.244.3.9", 9080);

    private EndedExchange() {}

    /** A GET with ten headers that was answered with 200 and 1 KiB. */
    static Exchange ok() throws IOException, MissingConfigException {
        RequestHead request = RequestHead.builder(HttpVersion.HTTP_1_1, "GET", "/reviews/7", requestHeaders())
                .authority("bench.test")
                .build();
        Cluster cluster = BenchCluster.of("{}", 1);
        DestinationPlan plan = new DestinationPlan(cluster.key(), 1, HeaderPlan.NONE, HashPlan.NONE);
        RuleRef rule = new RuleRef("default/reviews", 0, 0, null, SourceRef.NONE);
        Exchange exchange = new Exchange(request, true, new Client(), 7, ExchangeObserver.NONE);
        exchange.routed(
                new RoutePlan(rule, MatchPlan.ANY, new RouteActionPlan.Dead("bench"), HeaderPlan.NONE),
                new Destination(plan, cluster, attempt -> {}));
        Attempt attempt = exchange.newAttempt(Committing.INSTANCE);
        attempt.cluster(cluster);
        attempt.endpoint(cluster.endpoints().all().get(0));
        attempt.begin(new Upstream());
        H1Headers answered = H1Headers.create();
        answered.add(HeaderNames.X_ENVOY_UPSTREAM_SERVICE_TIME, "3");
        attempt.onHead(new ResponseHead(200, answered, 1024), false);
        attempt.onData(Unpooled.wrappedBuffer(new byte[1024]), true);
        return exchange;
    }

    private static H1Headers requestHeaders() {
        H1Headers headers = H1Headers.create();
        Samples.fields().forEach((name, value) -> headers.append(name, value));
        headers.set(HeaderNames.X_FORWARDED_FOR, "10.244.1.17");
        headers.set(HeaderNames.X_REQUEST_ID, "0f8fad5b-d9cb-469f-a165-70867728950e");
        return headers;
    }

    private enum Committing implements AttemptOwner {
        INSTANCE;

        @Override
        public void onResponse(Attempt attempt, ResponseHead head, boolean last) {
            attempt.commit(head, last);
        }

        @Override
        public void onFailure(Attempt attempt, ProxyError error) {
            throw new IllegalStateException(error.toString());
        }
    }

    /** Takes a message and drops it. */
    private abstract static class Drop implements BodyWriter {
        @Override
        public void data(ByteBuf data, boolean last) {
            data.release();
        }

        @Override
        public void trailers(Headers trailers) {}

        @Override
        public void reset(ProxyError error) {}

        @Override
        public boolean isWritable() {
            return true;
        }
    }

    private static final class Gate implements ReadGate {
        @Override
        public void pause() {}

        @Override
        public void resume() {}
    }

    private static final class Client extends Drop implements ServerStream {
        private final EventLoop loop = new DefaultEventLoop();
        private final DownstreamConnection connection = new ChannelConnection(CLIENT, OUR_FRONT, false, null);
        private final Gate gate = new Gate();

        @Override
        public EventLoop loop() {
            return loop;
        }

        @Override
        public DownstreamConnection connection() {
            return connection;
        }

        @Override
        public ReadGate requestGate() {
            return gate;
        }

        @Override
        public void informational(ResponseHead head) {}

        @Override
        public void head(ResponseHead head, boolean last) {}
    }

    private static final class Upstream extends Drop implements ClientStream, ClientConnection {
        private final Gate gate = new Gate();

        @Override
        public void head(RequestHead head, HeaderOverlay overlay, boolean last) {}

        @Override
        public ReadGate responseGate() {
            return gate;
        }

        @Override
        public ClientConnection connection() {
            return this;
        }

        @Override
        public EventLoop loop() {
            throw new UnsupportedOperationException("what ended runs on no loop");
        }

        @Override
        public HttpVersion version() {
            return HttpVersion.HTTP_1_1;
        }

        @Override
        public int openableStreams() {
            return 0;
        }

        @Override
        public int activeStreams() {
            return 1;
        }

        @Override
        public ClientStream open(ResponseReader reader) {
            return this;
        }

        @Override
        public void drain() {}

        @Override
        public void close(ProxyError error) {}

        @Override
        public void listener(Listener listener) {}

        @Override
        public SocketAddress localAddress() {
            return OUR_BACK;
        }

        @Override
        public SocketAddress remoteAddress() {
            return SERVER;
        }
    }
}
