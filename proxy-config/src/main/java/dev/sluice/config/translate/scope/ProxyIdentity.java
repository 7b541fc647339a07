package dev.sluice.config.translate.scope;

import dev.sluice.config.crd.HostNames;
import dev.sluice.config.plan.ListenerPlan.BindAddress;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who this proxy is: what a control plane would know of the workload beside it. Immutable.
 *
 * @param namespace the workload's
 * @param labels the workload's, for sourceLabels and selectors; with none every Gateway selector takes this proxy, and no
 *     selector of a Sidecar or DestinationRule does
 * @param serviceAccount null when unknown
 * @param locality {@code region/zone/subzone}; empty when unknown
 * @param domain of the cluster's services
 * @param role what it mainly is
 * @param outbound where the explicit outbound listener ({@code --outbound}) is to be; null for none
 * @param intercept whether redirected connections are served ({@code --intercept})
 * @param carryHeaders {@code --carry-headers}, lower-case
 */
public record ProxyIdentity(
        String namespace,
        Map<String, String> labels,
        @Nullable String serviceAccount,
        String locality,
        String domain,
        Role role,
        @Nullable BindAddress outbound,
        boolean intercept,
        List<String> carryHeaders) {
    public ProxyIdentity {
        labels = Map.copyOf(labels);
        carryHeaders = List.copyOf(carryHeaders);
    }

    /** What a proxy mainly is; any serves Gateways and {@code --outbound}. */
    public enum Role {
        /** Beside one workload: Sidecars apply. */
        SIDECAR,
        /** At the edge: Sidecars do not apply. */
        GATEWAY
    }

    /** A sidecar of a namespace, of which nothing else is known. */
    public static ProxyIdentity of(String namespace) {
        return new ProxyIdentity(
                namespace, Map.of(), null, "", HostNames.CLUSTER_DOMAIN, Role.SIDECAR, null, false, List.of());
    }

    /** The same with these labels. */
    public ProxyIdentity withLabels(Map<String, String> newLabels) {
        return new ProxyIdentity(
                namespace, newLabels, serviceAccount, locality, domain, role, outbound, intercept, carryHeaders);
    }

    /** The same in this locality, {@code region/zone/subzone}. */
    public ProxyIdentity withLocality(String newLocality) {
        return new ProxyIdentity(
                namespace, labels, serviceAccount, newLocality, domain, role, outbound, intercept, carryHeaders);
    }

    /** The same with this role. */
    public ProxyIdentity withRole(Role newRole) {
        return new ProxyIdentity(
                namespace, labels, serviceAccount, locality, domain, newRole, outbound, intercept, carryHeaders);
    }

    /** The same with an explicit outbound listener, or without one. */
    public ProxyIdentity withOutbound(@Nullable BindAddress newOutbound) {
        return new ProxyIdentity(
                namespace, labels, serviceAccount, locality, domain, role, newOutbound, intercept, carryHeaders);
    }

    /** The same serving redirected connections, or not. */
    public ProxyIdentity withIntercept(boolean newIntercept) {
        return new ProxyIdentity(
                namespace, labels, serviceAccount, locality, domain, role, outbound, newIntercept, carryHeaders);
    }
}
