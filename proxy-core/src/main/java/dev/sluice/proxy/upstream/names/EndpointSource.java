package dev.sluice.proxy.upstream.names;

import dev.sluice.config.plan.ClusterPlan;
import dev.sluice.config.plan.ClusterPlan.Discovery;
import dev.sluice.config.plan.EndpointPlan;
import dev.sluice.proxy.cluster.Cluster;
import dev.sluice.proxy.cluster.FailingName;
import dev.sluice.proxy.upstream.names.DnsResolver.Listener;
import dev.sluice.proxy.upstream.names.DnsResolver.Watch;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Finds a cluster's endpoints in the way its plan says and keeps them so: listed ones at once, those of names as DNS
 * answers. A name that fails keeps the addresses it had.
 *
 * <p>Thread-safe: reloads come from the configuration thread, answers from the event loop of the {@link DnsResolver}.
 */
public final class EndpointSource implements AutoCloseable {
    private final Cluster cluster;
    private final DnsResolver dns;
    private final Map<String, Name> names = new LinkedHashMap<>();
    private final CompletableFuture<Void> ready = new CompletableFuture<>();
    private @Nullable Discovery published;
    private boolean closed;

    private EndpointSource(Cluster cluster, DnsResolver dns) {
        this.cluster = cluster;
        this.dns = dns;
    }

    /** Finds endpoints by the cluster's plan of now; listed ones are members when this returns. */
    public static EndpointSource start(Cluster cluster, DnsResolver dns) {
        EndpointSource source = new EndpointSource(cluster, dns);
        source.reload();
        return source;
    }

    /**
     * The cluster has another plan. Names that stay keep their addresses; until a new name is answered, the members that
     * the cluster has go on where there would be none otherwise.
     */
    public synchronized void reload() {
        if (closed) {
            return;
        }
        ClusterPlan plan = cluster.plan();
        Set<String> wanted = usesNames(plan)
                ? plan.endpoints().stream()
                        .map(EndpointPlan::address)
                        .filter(address -> !isLiteral(address))
                        .collect(Collectors.toSet())
                : Set.of();
        names.entrySet().removeIf(entry -> {
            if (wanted.contains(entry.getKey())) {
                return false;
            }
            entry.getValue().close();
            return true;
        });
        for (String host : wanted) {
            names.computeIfAbsent(host, Name::new);
        }
        publish();
    }

    /** Completes once every name was answered or failed for the first time; at once where there are none. */
    public CompletionStage<Void> ready() {
        return ready.minimalCompletionStage();
    }

    /** Leaves the cluster's endpoints as they are and looks for no more. */
    @Override
    public synchronized void close() {
        closed = true;
        names.values().forEach(Name::close);
        names.clear();
        ready.complete(null);
    }

    private void publish() {
        ClusterPlan plan = cluster.plan();
        boolean dialled = plan.discovery().isByRequest() && published == plan.discovery();
        published = plan.discovery();
        if (dialled) {
            // Its members are those that somebody dialled or named: a change of settings leaves them.
            return;
        }
        cluster.failingNames(failing());
        boolean settled = names.values().stream().allMatch(name -> name.failure != null || !name.addresses.isEmpty());
        List<EndpointPlan> members = members(plan);
        if (settled || !members.isEmpty()) {
            if (plan.discovery() == Discovery.LOGICAL_DNS && !members.isEmpty()) {
                cluster.moveLogicalEndpoint(members.get(0), System.nanoTime());
            } else {
                cluster.replaceEndpoints(members, System.nanoTime());
            }
        }
        if (settled) {
            ready.complete(null);
        }
    }

    private List<FailingName> failing() {
        List<FailingName> failing = new ArrayList<>();
        names.forEach((host, name) -> {
            if (name.failure != null) {
                failing.add(new FailingName(host, name.failure, !name.addresses.isEmpty()));
            }
        });
        return failing;
    }

    private List<EndpointPlan> members(ClusterPlan plan) {
        if (plan.discovery().isListed()) {
            return plan.endpoints();
        }
        List<EndpointPlan> members = new ArrayList<>();
        if (usesNames(plan)) {
            for (EndpointPlan endpoint : plan.endpoints()) {
                Name name = names.get(endpoint.address());
                if (name == null) {
                    members.add(endpoint);
                } else {
                    name.addresses.forEach(address -> members.add(at(endpoint, address)));
                }
            }
        }
        return members;
    }

    private static boolean usesNames(ClusterPlan plan) {
        return plan.discovery() == Discovery.STRICT_DNS || plan.discovery() == Discovery.LOGICAL_DNS;
    }

    private static boolean isLiteral(String address) {
        return NetUtil.isValidIpV4Address(address) || NetUtil.isValidIpV6Address(address);
    }

    /** {@code endpoint} with the address that its name has. */
    static EndpointPlan at(EndpointPlan endpoint, InetAddress address) {
        return new EndpointPlan(
                NetUtil.toAddressString(address),
                endpoint.port(),
                endpoint.weight(),
                endpoint.locality(),
                endpoint.labels());
    }

    /** A watched name and what it resolves to; guarded by the source. */
    private final class Name implements Listener {
        private final Watch watch;
        private List<InetAddress> addresses = List.of();
        private @Nullable String failure;

        Name(String host) {
            this.watch = dns.watch(host, this);
        }

        @Override
        public void resolved(List<InetAddress> answer) {
            synchronized (EndpointSource.this) {
                addresses = answer;
                failure = null;
                publishIfOpen();
            }
        }

        @Override
        public void failed(String reason) {
            synchronized (EndpointSource.this) {
                failure = reason;
                publishIfOpen();
            }
        }

        private void publishIfOpen() {
            if (!closed && names.containsValue(this)) {
                publish();
            }
        }

        void close() {
            watch.close();
        }
    }
}
