package dev.sluice.config.translate.registry;

import dev.sluice.config.crd.HostNames;
import dev.sluice.config.crd.ServiceEntry;
import dev.sluice.config.crd.ServiceEntry.Resolution;
import dev.sluice.config.crd.ServiceEntry.ServicePort;
import dev.sluice.config.crd.WorkloadSelector;
import dev.sluice.config.crd.schema.Metadata;
import dev.sluice.config.plan.ClusterPlan.Discovery;
import dev.sluice.config.plan.EndpointPlan;
import dev.sluice.config.plan.UnixSocket;
import dev.sluice.config.translate.notice.Notices;
import dev.sluice.config.translate.registry.ServiceDraft.PortDraft;
import dev.sluice.config.translate.registry.WorkloadEntries.Workload;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Brings ServiceEntries into drafts of services, one a host (spec §4). Where one namespace declares a host twice, the
 * first in order of name keeps its resolution and its ports' protocols; what agrees with it is added, the rest gives way.
 */
final class ServiceEntries {
    private final WorkloadEntries workloads;
    private final ServingPods pods;
    private final Map<String, ServiceDraft> drafts;
    private final Notices notices;

    /** @param drafts by {@link #key}; added to */
    ServiceEntries(WorkloadEntries workloads, ServingPods pods, Map<String, ServiceDraft> drafts, Notices notices) {
        this.workloads = workloads;
        this.pods = pods;
        this.drafts = drafts;
        this.notices = notices;
    }

    /** The key of a draft: no two services of a namespace have one host. */
    static String key(String namespace, String host) {
        return namespace + "/" + host;
    }

    void add(ServiceEntry entry) {
        List<Workload> members = members(entry);
        String namespace = entry.metadata().namespace();
        Discovery discovery = discovery(entry.resolution());
        for (String written : entry.hosts()) {
            String host = written.toLowerCase(Locale.ROOT);
            ServiceDraft draft = drafts.computeIfAbsent(key(namespace, host), key -> draft(entry, host, discovery));
            if (draft.discovery != discovery) {
                notices.givesWay(
                        entry,
                        entry.at(),
                        "resolution",
                        "host " + host + " is declared before with another resolution; this declaration is left out");
                continue;
            }
            draft.subjectAltNames.addAll(entry.subjectAltNames());
            for (String address : entry.addresses()) {
                String ip = IpText.single(address);
                if (ip != null && !ip.equals("0.0.0.0") && !ip.equals("::")) {
                    draft.addresses.add(ip);
                }
                if (ip == null && !address.endsWith("/0")) {
                    draft.ranges.add(address);
                }
            }
            for (ServicePort port : entry.ports()) {
                add(entry, port, members, draft);
            }
        }
    }

    private static ServiceDraft draft(ServiceEntry entry, String host, Discovery discovery) {
        Metadata metadata = entry.metadata();
        ServiceDraft draft = new ServiceDraft(
                host,
                new Declaration(
                        metadata.namespace(),
                        metadata.name(),
                        false,
                        entry.exportTo(),
                        entry.at().ref()),
                discovery);
        draft.nearness = Nearness.of(null, metadata.annotation(Nearness.ANNOTATION));
        return draft;
    }

    private void add(ServiceEntry entry, ServicePort written, List<Workload> members, ServiceDraft draft) {
        Long number = written.number();
        if (number == null) {
            return;
        }
        String name = Objects.requireNonNullElse(written.name(), "");
        PortProtocol protocol = PortProtocol.of(written.protocol());
        PortDraft port = draft.port(number.intValue(), name, protocol);
        if (port.protocol != protocol && !draft.declaration.kubernetes()) {
            notices.givesWay(
                    entry,
                    written.at(),
                    "protocol",
                    "port " + number + " of " + draft.host + " is declared before as " + port.protocol
                            + "; this declaration is left out");
            return;
        }
        Long target = written.targetPort();
        int otherwise = target == null ? number.intValue() : target.intValue();
        if (draft.discovery == Discovery.DYNAMIC_DNS
                || (draft.discovery == Discovery.ORIGINAL_DESTINATION && target != null)) {
            port.add(EndpointPlan.ofEachRequest(otherwise));
            return;
        }
        boolean names = draft.discovery == Discovery.STRICT_DNS || draft.discovery == Discovery.LOGICAL_DNS;
        if (names && members.isEmpty() && entry.workloadSelector() == null) {
            if (!HostNames.isWildcard(draft.host)) {
                offer(entry, written, draft, port, new EndpointPlan(draft.host, otherwise, 1, null, Map.of()));
            }
            return;
        }
        for (Workload member : members) {
            String address = address(member, names);
            if (address != null) {
                offer(entry, written, draft, port, member.endpoint(address, name, otherwise));
            }
        }
    }

    /** Adds an endpoint; of resolution DNS_ROUND_ROBIN a service has one, whoever declares it first. */
    private void offer(
            ServiceEntry entry, ServicePort written, ServiceDraft draft, PortDraft port, EndpointPlan endpoint) {
        if (draft.discovery == Discovery.LOGICAL_DNS && !port.hasNoneBut(endpoint)) {
            notices.givesWay(
                    entry,
                    written.at(),
                    null,
                    "port " + written.number() + " of " + draft.host
                            + " has an endpoint, and DNS_ROUND_ROBIN uses one: " + endpoint.hostPort()
                            + " is left out");
            return;
        }
        port.add(endpoint);
    }

    /** The address of a member if the service's resolution can use it. */
    private static @Nullable String address(Workload member, boolean names) {
        String address = member.address();
        if (address == null) {
            return null;
        }
        if (UnixSocket.isWritten(address)) {
            return names ? null : UnixSocket.address(address);
        }
        return names || IpText.isLiteral(address) ? address : null;
    }

    private List<Workload> members(ServiceEntry entry) {
        Resolution resolution = entry.resolution();
        if (resolution == null || resolution == Resolution.NONE || resolution == Resolution.DYNAMIC_DNS) {
            return List.of();
        }
        WorkloadSelector selector = entry.workloadSelector();
        if (selector == null) {
            return entry.endpoints().stream().map(workloads::inline).toList();
        }
        String namespace = entry.metadata().namespace();
        List<Workload> members = new ArrayList<>(workloads.select(namespace, selector.labels()));
        members.addAll(pods.select(namespace, selector.labels()));
        return members;
    }

    private static Discovery discovery(@Nullable Resolution resolution) {
        return switch (resolution == null ? Resolution.NONE : resolution) {
            case NONE -> Discovery.ORIGINAL_DESTINATION;
            case STATIC -> Discovery.STATIC;
            case DNS -> Discovery.STRICT_DNS;
            case DNS_ROUND_ROBIN -> Discovery.LOGICAL_DNS;
            case DYNAMIC_DNS -> Discovery.DYNAMIC_DNS;
        };
    }
}
