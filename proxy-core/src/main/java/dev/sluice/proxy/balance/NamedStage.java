package dev.sluice.proxy.balance;

import dev.sluice.proxy.cluster.Cluster;
import dev.sluice.proxy.exchange.Attempt;
import dev.sluice.proxy.exchange.AttemptStage;
import dev.sluice.proxy.exchange.Cancellable;
import dev.sluice.proxy.exchange.RequestHost;
import dev.sluice.proxy.stream.ProxyError;
import dev.sluice.proxy.upstream.names.ClusterNames;
import dev.sluice.proxy.upstream.names.DynamicHosts;
import java.net.InetSocketAddress;

/**
 * In place of {@link BalanceStage} for a cluster of resolution DYNAMIC_DNS: the attempt's endpoint is the address of the host
 * that the request asks for, after every rewrite.
 */
public final class NamedStage implements AttemptStage {
    private final Cluster cluster;
    private final Balancer balancer;
    private final ClusterNames names;
    private final BalanceStage balance;

    /** @param balance goes on with an attempt that has its address */
    public NamedStage(Cluster cluster, Balancer balancer, ClusterNames names, BalanceStage balance) {
        this.cluster = cluster;
        this.balancer = balancer;
        this.names = names;
        this.balance = balance;
    }

    @Override
    public void handle(Attempt attempt) {
        attempt.cluster(cluster);
        String host = RequestHost.of(attempt);
        Cancellable waiting = names.find(attempt.exchange().loop(), host, new DynamicHosts.Outcome<>() {
            @Override
            public void found(InetSocketAddress address) {
                attempt.waitingFor(null);
                balance.give(attempt, balancer.dialled(address));
            }

            @Override
            public void failed(ProxyError error) {
                attempt.waitingFor(null);
                attempt.fail(error);
            }
        });
        if (waiting != null) {
            attempt.waitingFor(waiting);
        }
    }
}
