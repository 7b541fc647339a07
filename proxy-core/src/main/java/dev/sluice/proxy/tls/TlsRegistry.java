package dev.sluice.proxy.tls;

import dev.sluice.config.plan.ClusterPlan;
import dev.sluice.config.plan.ListenerPlan;
import dev.sluice.config.plan.ProxyPlan;
import dev.sluice.config.plan.chain.ChainPlan;
import dev.sluice.config.plan.chain.ClientTlsPlan;
import dev.sluice.config.plan.chain.ServerTlsPlan;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * All TLS of a proxy: by plan, kept over reloads, with certificates that are watched. Without TLS in the configuration
 * nothing is loaded and no thread runs.
 *
 * <p>{@link #apply} and {@link #close} belong to the configuration thread; finding is for any.
 */
public final class TlsRegistry implements AutoCloseable {
    private static final long WATCH_MILLIS = 1_000;

    private final CredentialStore store;
    private final Supplier<TlsProvider> providers;
    private final TlsCounters counters = new TlsCounters();
    private final HandshakeLog handshakes = new HandshakeLog(counters);
    private final Map<ServerTlsPlan, ServerTls> servers = new ConcurrentHashMap<>();
    private final Map<ClientTlsPlan, ClientTls> clients = new ConcurrentHashMap<>();
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private Set<Object> before = Set.of();
    private @Nullable TlsProvider provider;
    private @Nullable ScheduledExecutorService watcher;

    /**
     * Starts without TLS.
     *
     * @param folder of {@code --certs}; null for none
     * @param providers asked once, when TLS is needed for the first time
     */
    public TlsRegistry(@Nullable Path folder, Supplier<TlsProvider> providers) {
        this.store = new CredentialStore(folder);
        this.providers = providers;
    }

    /** Reads what {@code plan} names, before it comes into force; what no configuration names any more is closed later. */
    public synchronized void apply(ProxyPlan plan) {
        store.secrets(plan.secrets());
        Set<Object> wanted = new HashSet<>();
        for (ListenerPlan listener : plan.listeners()) {
            for (ChainPlan chain : listener.traffic().chains()) {
                ServerTlsPlan tls = chain.tls();
                if (tls != null && wanted.add(tls)) {
                    servers.computeIfAbsent(
                                    tls, added -> new ServerTls(chain.name(), added, store, provider(), counters))
                            .refresh(true);
                }
            }
        }
        for (ClusterPlan cluster : plan.clusters().values()) {
            ClientTlsPlan tls = cluster.connect().tls();
            if (tls != null && wanted.add(tls)) {
                clients.computeIfAbsent(
                                tls,
                                added -> new ClientTls("cluster " + cluster.key(), added, store, provider(), counters))
                        .refresh(true);
            }
        }
        drop(servers, wanted);
        drop(clients, wanted);
        before = wanted;
        watchIfNeeded();
        listeners.forEach(Runnable::run);
    }

    /** Exchanges in flight may hold a cluster of the configuration before; nobody one of two ago for long. */
    private void drop(Map<?, ? extends Reloading> all, Set<Object> wanted) {
        all.entrySet().removeIf(entry -> {
            boolean gone = !wanted.contains(entry.getKey()) && !before.contains(entry.getKey());
            if (gone) {
                entry.getValue().close();
            }
            return gone;
        });
    }

    private TlsProvider provider() {
        if (provider == null) {
            provider = providers.get();
        }
        return provider;
    }

    private void watchIfNeeded() {
        if (watcher == null && !(servers.isEmpty() && clients.isEmpty())) {
            ScheduledExecutorService started = Executors.newSingleThreadScheduledExecutor(task -> {
                Thread thread = new Thread(task, "sluice-certificates");
                thread.setDaemon(true);
                return thread;
            });
            watcher = started;
            ScheduledFuture<?> unused =
                    started.scheduleWithFixedDelay(this::look, WATCH_MILLIS, WATCH_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    /** Adds somebody who is told when other certificates may be in force; by the thread that changed them. */
    public void onChange(Runnable listener) {
        listeners.add(listener);
    }

    /** Looks whether certificates have changed, and puts those that have in force. */
    void look() {
        boolean changed = false;
        for (ServerTls tls : servers.values()) {
            changed |= tls.refresh(false);
        }
        for (ClientTls tls : clients.values()) {
            changed |= tls.refresh(false);
        }
        if (changed) {
            listeners.forEach(Runnable::run);
        }
    }

    /** How TLS by {@code plan} ends; null when no configuration in force names it. */
    public @Nullable ServerTls server(ServerTlsPlan plan) {
        return servers.get(plan);
    }

    /** How TLS by {@code plan} begins; null when no configuration in force names it. */
    public @Nullable ClientTls client(ClientTlsPlan plan) {
        return clients.get(plan);
    }

    /** What happened so far. */
    public TlsCounters counters() {
        return counters;
    }

    /** Where handshakes are told. */
    public HandshakeLog handshakes() {
        return handshakes;
    }

    /** Every certificate of this proxy, by name; one for each that uses it. */
    public List<CertificateStatus> certificates() {
        List<Reloading> all = new ArrayList<>(servers.values());
        all.addAll(clients.values());
        Map<String, CertificateStatus> found = new HashMap<>();
        for (Reloading tls : all) {
            for (Credential credential : tls.inForce()) {
                found.put(credential.name() + "\n" + tls.name(), status(credential, tls));
            }
            String problem = tls.problem();
            if (tls.inForce().isEmpty() && problem != null) {
                found.put("\n" + tls.name(), none(tls, problem));
            }
        }
        List<CertificateStatus> sorted = new ArrayList<>(found.values());
        sorted.sort(Comparator.comparing(CertificateStatus::name).thenComparing(CertificateStatus::usedBy));
        return sorted;
    }

    /** Those with which TLS by {@code plan} ends; empty when no configuration in force names it. */
    public List<CertificateStatus> certificates(ServerTlsPlan plan) {
        ServerTls tls = servers.get(plan);
        if (tls == null) {
            return List.of();
        }
        List<CertificateStatus> found = new ArrayList<>();
        for (Credential credential : tls.inForce()) {
            found.add(status(credential, tls));
        }
        String problem = tls.problem();
        if (found.isEmpty() && problem != null) {
            found.add(none(tls, problem));
        }
        return found;
    }

    private static CertificateStatus none(Reloading tls, String problem) {
        return new CertificateStatus("", tls.name(), "", List.of(), null, null, problem);
    }

    private static CertificateStatus status(Credential credential, Reloading tls) {
        return new CertificateStatus(
                credential.name(),
                tls.name(),
                credential.leaf().getSubjectX500Principal().getName(),
                PeerNames.of(credential.leaf()).stream()
                        .map(PeerNames.Name::value)
                        .toList(),
                credential.leaf().getNotBefore().toInstant(),
                credential.notAfter(),
                tls.problem());
    }

    @Override
    public synchronized void close() {
        if (watcher != null) {
            watcher.shutdownNow();
        }
        servers.values().forEach(ServerTls::close);
        clients.values().forEach(ClientTls::close);
        servers.clear();
        clients.clear();
    }
}
