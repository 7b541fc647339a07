package dev.sluice.proxy.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.sluice.config.crd.mesh.MeshOverrides;
import dev.sluice.config.crd.read.CrdReader;
import dev.sluice.config.plan.ListenerPlan;
import dev.sluice.config.plan.ListenerPlan.BindAddress;
import dev.sluice.config.plan.ProxyPlan;
import dev.sluice.config.source.ConfigDirectory;
import dev.sluice.config.source.ConfigLoader;
import dev.sluice.config.source.LoadResult;
import dev.sluice.config.source.MissingConfigException;
import dev.sluice.config.source.ObjectCheck;
import dev.sluice.config.translate.PlanCompiler;
import dev.sluice.config.translate.scope.ProxyIdentity;
import dev.sluice.proxy.assembly.HostSystem;
import dev.sluice.proxy.assembly.RunningProxy;
import dev.sluice.proxy.codec.CodecLimits;
import dev.sluice.proxy.exchange.ExchangeObserver;
import dev.sluice.proxy.session.TcpSession;
import dev.sluice.proxy.tls.TlsProvider;
import dev.sluice.proxy.tls.TlsRegistry;
import dev.sluice.proxy.upstream.Transport;
import dev.sluice.proxy.upstream.names.JdkNameResolver;
import dev.sluice.proxy.upstream.names.NameResolver;
import io.netty.util.NetUtil;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A whole proxy in this process, made of YAML as a user writes it. Listeners are bound to ephemeral ports of loopback
 * addresses, whatever port the YAML names: {@link #address} finds them.
 */
final class TestProxy implements AutoCloseable {
    private final ProxyIdentity identity;
    private final ConfigLoader loader;
    private final Path folder;
    private final RunningProxy proxy;
    private @Nullable ConfigDirectory watcher;
    private final List<TcpSession> streams = new CopyOnWriteArrayList<>();
    /** What the kernel would say of redirected connections, by the client's port. */
    private final Map<Integer, InetSocketAddress> dialled = new ConcurrentHashMap<>();

    /** Addresses that DNS has for names; others are asked of this machine. */
    private final Map<String, List<InetAddress>> zone = new ConcurrentHashMap<>();

    private final JdkNameResolver platform = new JdkNameResolver();
    private ProxyPlan plan = ProxyPlan.empty();

    private TestProxy(ProxyIdentity identity, Path folder) {
        this(identity, folder, new TlsRegistry(null, TlsProvider::best));
    }

    private TestProxy(ProxyIdentity identity, Path folder, TlsRegistry tls) {
        this(identity, folder, tls, Transport.Kind.AUTO);
    }

    private TestProxy(ProxyIdentity identity, Path folder, TlsRegistry tls, Transport.Kind transport) {
        this.identity = identity;
        this.folder = folder;
        this.loader = new ConfigLoader(List.of(folder), new CrdReader(Set.of()), ObjectCheck.NONE, MeshOverrides.NONE);
        this.proxy = new RunningProxy(
                Transport.start(transport, 2),
                CodecLimits.DEFAULT,
                listener -> ExchangeObserver.NONE,
                listener -> streams::add,
                new HostSystem(
                        accepted -> dialled.get(((InetSocketAddress) accepted.remoteAddress()).getPort()), this::ask),
                tls);
    }

    /** Starts with {@code yaml}, which must be valid. */
    static TestProxy start(String yaml) throws IOException, MissingConfigException {
        return start(yaml, ProxyIdentity.of("default"));
    }

    static TestProxy start(String yaml, ProxyIdentity identity) throws IOException, MissingConfigException {
        Path folder = Files.createTempDirectory("sluice-test");
        Files.writeString(folder.resolve("config.yaml"), yaml);
        TestProxy started = new TestProxy(identity, folder);
        started.apply(started.loader.load());
        return started;
    }

    /** Starts over a transport of one's own choice. */
    static TestProxy start(String yaml, Transport.Kind transport) throws IOException, MissingConfigException {
        Path folder = Files.createTempDirectory("sluice-test");
        Files.writeString(folder.resolve("config.yaml"), yaml);
        TlsRegistry tls = new TlsRegistry(null, TlsProvider::best);
        TestProxy started = new TestProxy(ProxyIdentity.of("default"), folder, tls, transport);
        started.apply(started.loader.load());
        return started;
    }

    /** Starts with certificates. */
    static TestProxy start(String yaml, TlsRegistry tls) throws IOException, MissingConfigException {
        return start(yaml, ProxyIdentity.of("default"), tls);
    }

    static TestProxy start(String yaml, ProxyIdentity identity, TlsRegistry tls)
            throws IOException, MissingConfigException {
        Path folder = Files.createTempDirectory("sluice-test");
        Files.writeString(folder.resolve("config.yaml"), yaml);
        TestProxy started = new TestProxy(identity, folder, tls);
        started.apply(started.loader.load());
        return started;
    }

    /** Starts with the files in {@code folder}, and watches it; each load in force is told to {@code loads}. */
    static TestProxy watching(Path folder, Runnable loads) throws MissingConfigException {
        TestProxy started = new TestProxy(ProxyIdentity.of("default"), folder);
        started.apply(started.loader.load());
        started.watcher = ConfigDirectory.watch(started.loader, new ConfigDirectory.Listener() {
            @Override
            public void loaded(LoadResult result) {
                started.apply(result);
                loads.run();
            }

            @Override
            public void failed(RuntimeException cause) {
                throw cause;
            }
        });
        return started;
    }

    /** Replaces the configuration, as an edited file would. */
    void reload(String yaml) throws IOException {
        Files.writeString(folder.resolve("config.yaml"), yaml);
        apply(loader.reload());
    }

    private void apply(LoadResult loaded) {
        assertFalse(loaded.blocked(), () -> loaded.findings().toString());
        plan = PlanCompiler.compile(loaded.set(), identity).plan();
        List<ListenerPlan> moved = new ArrayList<>();
        for (ListenerPlan listener : plan.listeners()) {
            moved.add(listener.withBind(elsewhere(listener.bind())));
        }
        plan = new ProxyPlan(moved, plan.clusters(), plan.settings(), plan.secrets());
        assertEquals(List.of(), proxy.apply(plan));
    }

    /** Port p becomes an ephemeral port of 127.1.x.y, so that listeners stay apart and reloads find theirs. */
    private static BindAddress elsewhere(BindAddress wanted) {
        if (wanted.isUnix()) {
            return wanted;
        }
        return new BindAddress("127.1." + (wanted.port() >> 8) + "." + (wanted.port() & 255), 0);
    }

    /** Where the listener that the YAML puts on {@code port} really is. */
    InetSocketAddress address(int port) {
        return proxy.listeners().address(elsewhere(new BindAddress(null, port)));
    }

    /** {@code http://ip:port} of the listener that the YAML puts on {@code port}. */
    String url(int port) {
        InetSocketAddress address = address(port);
        return "http://" + address.getAddress().getHostAddress() + ":" + address.getPort();
    }

    /** Connects to the listener that the YAML puts on {@code port}, as one that iptables redirected there. */
    Socket redirected(int port, String host, int dialledPort) throws IOException {
        Socket socket = new Socket();
        socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        dialled.put(socket.getLocalPort(), new InetSocketAddress(host, dialledPort));
        socket.connect(address(port));
        socket.setSoTimeout(30_000);
        return socket;
    }

    /** From now on DNS has these addresses for {@code name}, for a second each time. */
    void resolves(String name, String... addresses) {
        zone.put(
                name,
                Stream.of(addresses)
                        .map(NetUtil::createInetAddressFromIpAddressString)
                        .toList());
    }

    private CompletionStage<NameResolver.Answer> ask(String name) {
        List<InetAddress> addresses = zone.get(name);
        return addresses == null
                ? platform.resolve(name)
                : CompletableFuture.completedStage(new NameResolver.Answer(addresses, Duration.ofSeconds(1)));
    }

    /** Connections of bytes that have ended. */
    List<TcpSession> streams() {
        return streams;
    }

    RunningProxy proxy() {
        return proxy;
    }

    @Override
    public void close() {
        if (watcher != null) {
            watcher.close();
        }
        proxy.close();
        platform.close();
    }
}
