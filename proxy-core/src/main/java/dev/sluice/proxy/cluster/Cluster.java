package dev.sluice.proxy.cluster;

import dev.sluice.config.plan.ClusterKey;
import dev.sluice.config.plan.ClusterPlan;
import dev.sluice.config.plan.EndpointPlan;
import dev.sluice.config.plan.LimitsPlan;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A service port and subset with its live members and counters. Lives as long as some configuration names it: a reload
 * swaps its plan inside, so counters, endpoints and their state go on.
 *
 * <p>Thread-safe: readers see a plan and an endpoint set that are each consistent in themselves; changes come from the
 * configuration and DNS threads.
 */
public final class Cluster {
    private final ClusterKey key;
    private final Limit connections;
    private final Limit pending;
    private final Limit requests;
    private final Limit retries;
    private volatile ClusterPlan plan;
    private volatile EndpointSet endpoints = EndpointSet.EMPTY;

    /** Starts without endpoints. */
    public Cluster(ClusterPlan plan) {
        this.key = plan.key();
        this.plan = plan;
        LimitsPlan limits = plan.limits();
        this.connections = new Limit(limits.maxConnections());
        this.pending = new Limit(limits.maxPendingRequests());
        this.requests = new Limit(limits.maxRequests());
        this.retries = new Limit(limits.maxRetries());
    }

    /** Its name. */
    public ClusterKey key() {
        return key;
    }

    /** Settings in force. */
    public ClusterPlan plan() {
        return plan;
    }

    /** Members now. */
    public EndpointSet endpoints() {
        return endpoints;
    }

    /** Connections, established or being established. */
    public Limit connections() {
        return connections;
    }

    /** Requests that wait for a connection. */
    public Limit pending() {
        return pending;
    }

    /** Requests in flight. */
    public Limit requests() {
        return requests;
    }

    /** Retries in flight. */
    public Limit retries() {
        return retries;
    }

    /** Takes over the settings of a reload; endpoints are another call. */
    public synchronized void update(ClusterPlan newer) {
        plan = newer;
        LimitsPlan limits = newer.limits();
        connections.max(limits.maxConnections());
        pending.max(limits.maxPendingRequests());
        requests.max(limits.maxRequests());
        retries.max(limits.maxRetries());
    }

    /**
     * Replaces the members: an address that stays keeps its object.
     *
     * @param members addresses are IP literals; a repeated one counts once
     * @param nowNanos {@link System#nanoTime()}, for members that join
     * @return members that left
     */
    public synchronized List<Endpoint> replaceEndpoints(List<EndpointPlan> members, long nowNanos) {
        Map<String, Endpoint> leaving = new LinkedHashMap<>();
        for (Endpoint endpoint : endpoints.all()) {
            leaving.put(endpoint.hostPort(), endpoint);
        }
        Map<String, Endpoint> next = new LinkedHashMap<>();
        for (EndpointPlan member : members) {
            String address = member.hostPort();
            if (next.containsKey(address)) {
                continue;
            }
            Endpoint known = leaving.remove(address);
            if (known != null) {
                known.update(member);
                next.put(address, known);
            } else {
                next.put(address, new Endpoint(member, nowNanos));
            }
        }
        List<Endpoint> all = new ArrayList<>(next.values());
        endpoints = new EndpointSet(all, all);
        return List.copyOf(leaving.values());
    }

    @Override
    public String toString() {
        return key.toString();
    }
}
