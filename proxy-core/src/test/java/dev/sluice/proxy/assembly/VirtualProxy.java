package dev.sluice.proxy.assembly;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.sluice.config.crd.mesh.MeshOverrides;
import dev.sluice.config.crd.mesh.MeshSettings;
import dev.sluice.config.crd.read.CrdReader;
import dev.sluice.config.crd.read.CrdSet;
import dev.sluice.config.crd.read.FileContent;
import dev.sluice.config.crd.read.ReadObject;
import dev.sluice.config.crd.schema.CrdObject;
import dev.sluice.config.plan.ProxyPlan;
import dev.sluice.config.translate.PlanCompiler;
import dev.sluice.config.translate.scope.ProxyIdentity;
import dev.sluice.config.validate.Finding;
import dev.sluice.proxy.cluster.Cluster;
import dev.sluice.proxy.exchange.Exchange;
import dev.sluice.proxy.exchange.ExchangeObserver;
import dev.sluice.proxy.pool.ClusterPool;
import dev.sluice.proxy.pool.PoolStage;
import dev.sluice.proxy.session.TcpObserver;
import dev.sluice.proxy.snapshot.ListenerRuntime;
import dev.sluice.proxy.snapshot.RuntimeSnapshot;
import dev.sluice.proxy.stream.HttpVersion;
import dev.sluice.proxy.stream.ProxyError;
import dev.sluice.proxy.stream.RequestHead;
import dev.sluice.proxy.stream.headers.H1Headers;
import dev.sluice.proxy.stream.headers.H2Headers;
import dev.sluice.proxy.stream.headers.Headers;
import dev.sluice.proxy.timer.LoopTimers;
import dev.sluice.proxy.tls.TlsProvider;
import dev.sluice.proxy.tls.TlsRegistry;
import dev.sluice.proxy.upstream.FrozenLoop;
import dev.sluice.proxy.upstream.names.DnsResolver;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;

/**
 * A proxy made of YAML whose every stage is the real one, from the listener's entry down to outlier detection, in a time
 * that the test moves. Only what lies beyond is played: the client's codec by {@link PlayedClient}, pools and servers by a
 * script that is handed each try.
 */
final class VirtualProxy implements AutoCloseable {
    private final FrozenLoop loop = new FrozenLoop();
    private final ClusterRegistry clusters;
    private final SnapshotAssembler assembler;
    private RuntimeSnapshot snapshot;
    private final List<PlayedConnection> connections = new ArrayList<>();
    private final ExchangeObserver observer;
    private Consumer<PlayedTry> server = PlayedTry::ok;
    private String authority = "shop.example.com";
    private HttpVersion version = HttpVersion.HTTP_1_1;
    private String scheme = "http";

    VirtualProxy(String yaml) {
        this(yaml, ProxyIdentity.of("default"), ExchangeObserver.NONE);
    }

    VirtualProxy(String yaml, MeshOverrides mesh) {
        this(yaml, ProxyIdentity.of("default"), mesh, ExchangeObserver.NONE);
    }

    VirtualProxy(String yaml, ProxyIdentity identity, ExchangeObserver observer) {
        this(yaml, identity, MeshOverrides.NONE, observer);
    }

    VirtualProxy(String yaml, ProxyIdentity identity, MeshOverrides mesh, ExchangeObserver observer) {
        this(yaml, identity, mesh, observer, false);
    }

    /** The same with the real pools too: what is played begins with their connections. */
    static VirtualProxy withPools(String yaml) {
        return new VirtualProxy(yaml, ProxyIdentity.of("default"), MeshOverrides.NONE, ExchangeObserver.NONE, true);
    }

    private VirtualProxy(
            String yaml, ProxyIdentity identity, MeshOverrides mesh, ExchangeObserver observer, boolean pools) {
        this.observer = observer;
        DnsResolver noNames = new DnsResolver(
                loop.loop(),
                host -> {
                    throw new AssertionError(host + " is looked up, but tests use addresses");
                },
                Duration.ofHours(1));
        this.clusters = new ClusterRegistry(
                cluster -> pools
                        ? pooled(cluster)
                        : new ClusterEnd(attempt -> server.accept(new PlayedTry(attempt)), () -> {}),
                noNames,
                loop.loop());
        this.assembler = new SnapshotAssembler(
                clusters,
                listener -> ExchangeObserver.NONE,
                listener -> TcpObserver.NONE,
                exchange -> {
                    throw new AssertionError(exchange.request() + " went to an unknown host");
                },
                new TlsRegistry(null, TlsProvider::best));
        this.snapshot = assembler.assemble(plan(yaml, identity, mesh));
    }

    private ClusterEnd pooled(Cluster cluster) {
        ClusterPool pool = new ClusterPool(cluster, (on, address, spoken, limits, outcome) -> {
            PlayedConnection opened = new PlayedConnection(on, address, spoken, one -> server.accept(one));
            connections.add(opened);
            outcome.connected(opened);
        });
        return new ClusterEnd(new PoolStage(cluster, pool), pool::close);
    }

    private static ProxyPlan plan(String yaml, ProxyIdentity identity, MeshOverrides mesh) {
        FileContent content = new CrdReader(Set.of()).read("test.yaml", yaml.getBytes(StandardCharsets.UTF_8));
        assertEquals(
                List.of(), content.findings().stream().filter(Finding::blocking).toList());
        List<CrdObject> objects =
                content.objects().stream().map(ReadObject::object).toList();
        return PlanCompiler.compile(CrdSet.of(objects, MeshSettings.merge(List.of(), null, mesh)), identity)
                .plan();
    }

    /** Makes everything ready for another configuration, which is in force once what this returns is run. */
    Runnable prepare(String yaml) {
        RuntimeSnapshot next = assembler.assemble(plan(yaml, ProxyIdentity.of("default"), MeshOverrides.NONE));
        return () -> {
            snapshot = next;
            clusters.closeForgotten();
            loop.run();
        };
    }

    /** Those to upstreams, of now. */
    long openConnections() {
        return connections.stream().filter(PlayedConnection::isOpen).count();
    }

    /** What becomes of each try from now on; the script may answer at once, later, or never. */
    VirtualProxy server(Consumer<PlayedTry> script) {
        server = script;
        return this;
    }

    /** Whom requests ask for from now on. */
    VirtualProxy authority(String host) {
        authority = host;
        return this;
    }

    /** What plain requests speak from now on. */
    VirtualProxy speaking(HttpVersion spoken) {
        version = spoken;
        return this;
    }

    /** What requests say of their scheme from now on. */
    VirtualProxy claiming(String told) {
        scheme = told;
        return this;
    }

    /** A request without body to the only listener. */
    PlayedClient get(String path, String... headers) {
        return send(request(version, "GET", path, headers), true);
    }

    /** A request for a head alone. */
    PlayedClient head(String path) {
        return send(request(version, "HEAD", path), true);
    }

    /** A request whose body is still to come. */
    PlayedClient post(String path, String... headers) {
        return send(request(version, "POST", path, headers), false);
    }

    /** A gRPC call whose message is still to come. */
    PlayedClient grpc(String path, String... headers) {
        RequestHead head = request(HttpVersion.HTTP_2, "POST", path, headers);
        head.headers().set(AsciiString.of("content-type"), "application/grpc");
        return send(head, false);
    }

    private RequestHead request(HttpVersion version, String method, String path, String... namesAndValues) {
        Headers headers = version == HttpVersion.HTTP_2 ? H2Headers.create() : H1Headers.create();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            headers.add(AsciiString.of(namesAndValues[i]), namesAndValues[i + 1]);
        }
        return RequestHead.builder(version, method, path, headers)
                .authority(authority)
                .scheme(scheme)
                .build();
    }

    private PlayedClient send(RequestHead head, boolean last) {
        assertEquals(1, snapshot.plan().listeners().size(), "one listener, so that a request knows where to go");
        ListenerRuntime listener =
                snapshot.listener(snapshot.plan().listeners().get(0).bind());
        PlayedClient client = new PlayedClient(loop.loop());
        Exchange exchange =
                new Exchange(head, last, client, ThreadLocalRandom.current().nextLong(), observer);
        client.exchange(exchange);
        listener.http().entry().handle(exchange);
        return client;
    }

    /** Lets time pass, in steps of a tick, so that what a timer starts has its own time in turn. */
    void advance(Duration duration) {
        Duration step = Duration.ofMillis(LoopTimers.TICK_MILLIS);
        for (long left = duration.toMillis(); left > 0; left -= LoopTimers.TICK_MILLIS) {
            loop.advance(left < LoopTimers.TICK_MILLIS ? Duration.ofMillis(left) : step);
        }
    }

    /** Lets time pass as far as an exchange sees it, and then has the upstream give up before any timer fires. */
    void loseAfter(PlayedTry attempt, Duration duration, ProxyError reason) {
        loop.skip(duration);
        attempt.lose(reason);
        loop.run();
    }

    /** Now, as exchanges see it. */
    long nowNanos() {
        return loop.loop().ticker().nanoTime();
    }

    Collection<Cluster> clusters() {
        return clusters.clusters();
    }

    /** What is counted while a request runs is counted no more. */
    void assertNothingIsLeft() {
        for (Cluster cluster : clusters()) {
            assertEquals(0, cluster.requests().used(), () -> "requests of " + cluster);
            assertEquals(0, cluster.retries().used(), () -> "retries of " + cluster);
            assertEquals(0, cluster.pending().used(), () -> "waiting requests of " + cluster);
            cluster.endpoints().all().forEach(endpoint -> assertEquals(0, endpoint.active(), endpoint.hostPort()));
        }
        assertFalse(clusters().isEmpty());
        assertConnections();
    }

    /** Those that count are those that are open, and none has a stream. */
    private void assertConnections() {
        List<PlayedConnection> open =
                connections.stream().filter(PlayedConnection::isOpen).toList();
        open.forEach(connection -> assertEquals(0, connection.activeStreams(), "streams"));
        Collection<Cluster> all = clusters();
        assertEquals(
                open.size(),
                all.stream().mapToInt(cluster -> cluster.connections().used()).sum(),
                "connections of clusters");
        assertEquals(
                open.size(),
                all.stream()
                        .flatMap(cluster -> cluster.endpoints().all().stream())
                        .mapToInt(endpoint -> endpoint.connections().used())
                        .sum(),
                "connections of endpoints");
    }

    /** Connections go with their pools. */
    @Override
    public void close() {
        List<Cluster> all = List.copyOf(clusters());
        clusters.close();
        loop.run();
        all.forEach(cluster -> assertEquals(0, cluster.connections().used(), () -> "connections of " + cluster));
        loop.close();
    }
}
