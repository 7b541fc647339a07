package dev.sluice.proxy.cluster;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.sluice.config.plan.ClusterKey;
import dev.sluice.config.plan.ClusterPlan;
import dev.sluice.config.plan.EndpointPlan;
import dev.sluice.config.plan.policy.LimitsPlan;
import dev.sluice.config.plan.policy.LimitsPlan.RetryBudgetPlan;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A service port and subset with its live members and counters. Lives as long as some configuration names it: a reload
 * swaps its plan inside, so counters, endpoints and their state go on.
 *
 * <p>Thread-safe: readers see a plan and an endpoint set that are each consistent in themselves; changes come from the
 * configuration and DNS threads and from outlier detection, one at a time.
 */
public final class Cluster {
    private final ClusterKey key;
    private final Limit connections;
    private final Limit pending;
    private final Limit requests;
    private final Limit retries;
    private final ClusterCounters counters = new ClusterCounters();
    private final List<ClusterObserver> observers = new CopyOnWriteArrayList<>();
    private volatile ClusterPlan plan;
    private volatile EndpointSet endpoints = EndpointSet.EMPTY;
    private volatile List<FailingName> failingNames = List.of();

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

    /** Names among its endpoints that could not be resolved when they were last asked for. */
    public List<FailingName> failingNames() {
        return failingNames;
    }

    /** Takes over what became of its names. */
    public void failingNames(List<FailingName> failing) {
        failingNames = List.copyOf(failing);
    }

    /** Connections, established or being established. */
    public Limit connections() {
        return connections;
    }

    /** Requests that wait for a connection. */
    public Limit pending() {
        return pending;
    }

    /** Requests in flight; whether those that wait for a connection are among them says {@link #admitsAtConnection}. */
    public Limit requests() {
        return requests;
    }

    /**
     * Whether a request counts for {@code http2MaxRequests} from when it has a connection, as in Envoy (spec/istio-fields.md
     * §12.7): where {@code maxConnections} is no larger, it is what holds requests back, and http1MaxPendingRequests says
     * how many may wait. Where it is larger or none, requests count from the start: connections for requests that would
     * then be refused are not made.
     */
    public boolean admitsAtConnection() {
        return connections.max() <= requests.max();
    }

    /** Retries in flight. */
    public Limit retries() {
        return retries;
    }

    /** What happened so far. */
    public ClusterCounters counters() {
        return counters;
    }

    /** Whether a limit refuses the next request that needs a connection of its own. */
    public boolean isBreakerOpen() {
        if (connections.isFull() && admitsAtConnection()) {
            // It would wait, however many requests there are.
            return pending.isFull();
        }
        return requests.isFull() || (connections.isFull() && pending.isFull());
    }

    /**
     * Takes a permit for a retry, to be released to {@link #retries()}: within maxRetries, or within the retry budget where
     * there is one, a share of the requests in flight, waiting ones included (spec/istio-fields.md §12.7).
     */
    public boolean tryRetry() {
        boolean allowed = takeRetry();
        counters.retried(allowed);
        return allowed;
    }

    private boolean takeRetry() {
        RetryBudgetPlan budget = plan.limits().retryBudget();
        if (budget == null) {
            return retries.tryAcquire();
        }
        int inFlight = admitsAtConnection() ? requests.used() + pending.used() : requests.used();
        int share = (int) (budget.percent() / 100 * inFlight);
        return retries.tryAcquireWithin(Math.max(budget.minRetryConcurrency(), share));
    }

    /** Adds somebody who is told of every change from now on. */
    public void observe(ClusterObserver observer) {
        observers.add(observer);
    }

    /** Takes over the settings of a reload; endpoints are another call. */
    public synchronized void update(ClusterPlan newer) {
        ClusterPlan before = plan;
        plan = newer;
        LimitsPlan limits = newer.limits();
        connections.max(limits.maxConnections());
        pending.max(limits.maxPendingRequests());
        requests.max(limits.maxRequests());
        retries.max(limits.maxRetries());
        endpoints.all().forEach(endpoint -> endpoint.limits(limits));
        observers.forEach(observer -> observer.settingsChanged(this, before));
    }

    /**
     * Replaces the members: an address that stays keeps its object. Where nothing differs but the order, the set stays the
     * same object too, so that a repeated DNS answer costs no balancer its place.
     *
     * @param members addresses are IP literals or Unix domain sockets; a repeated one counts once
     * @param nowNanos {@link System#nanoTime()}, for members that join
     * @return members that left
     */
    @CanIgnoreReturnValue
    public synchronized List<Endpoint> replaceEndpoints(List<EndpointPlan> members, long nowNanos) {
        Map<String, Endpoint> leaving = new LinkedHashMap<>();
        for (Endpoint endpoint : endpoints.all()) {
            leaving.put(endpoint.hostPort(), endpoint);
        }
        Map<String, Endpoint> next = new LinkedHashMap<>();
        List<Endpoint> joined = new ArrayList<>();
        boolean changed = false;
        for (EndpointPlan member : members) {
            String address = member.hostPort();
            if (next.containsKey(address)) {
                continue;
            }
            Endpoint known = leaving.remove(address);
            if (known != null) {
                changed |= known.update(member);
                next.put(address, known);
            } else {
                Endpoint added = new Endpoint(member, nowNanos);
                added.limits(plan.limits());
                joined.add(added);
                next.put(address, added);
            }
        }
        List<Endpoint> left = List.copyOf(leaving.values());
        if (changed || !joined.isEmpty() || !left.isEmpty()) {
            endpoints = EndpointSet.of(new ArrayList<>(next.values()));
            tellMembership(joined, left);
        }
        return left;
    }

    /**
     * Points the one logical member at {@code member} (LOGICAL_DNS): the endpoint stays the same object, connections to its
     * former address live on, new ones go to the new address.
     */
    public synchronized void moveLogicalEndpoint(EndpointPlan member, long nowNanos) {
        List<Endpoint> now = endpoints.all();
        if (now.size() == 1 && !now.get(0).hostPort().equals(member.hostPort())) {
            now.get(0).moveTo(member);
            endpoints = EndpointSet.of(now);
        } else {
            replaceEndpoints(List.of(member), nowNanos);
        }
    }

    /** Ejects {@code endpoint} or takes it back; no effect when it left or is in that state already. */
    public synchronized void health(Endpoint endpoint, Health health, long nowNanos) {
        Health before = endpoint.health();
        if (before == health || endpoint.isGone()) {
            return;
        }
        endpoint.health(health, nowNanos);
        if (health == Health.EJECTED) {
            counters.ejected();
        }
        endpoints = EndpointSet.of(endpoints.all());
        observers.forEach(observer -> observer.healthChanged(this, endpoint, before));
    }

    private void tellMembership(List<Endpoint> joined, List<Endpoint> left) {
        left.forEach(Endpoint::leave);
        observers.forEach(observer -> observer.endpointsChanged(this, joined, left));
    }

    @Override
    public String toString() {
        return key.toString();
    }
}
