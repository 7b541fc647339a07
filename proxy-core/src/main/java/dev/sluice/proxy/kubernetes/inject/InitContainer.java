package dev.sluice.proxy.kubernetes.inject;

import static dev.sluice.proxy.kubernetes.inject.Containers.map;

import dev.sluice.proxy.intercept.rule.Selection;
import dev.sluice.proxy.kubernetes.yaml.ManifestException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** The init container: {@code sluice iptables apply} with what the profile and the pod's annotations say. */
final class InitContainer {
    private final PodSettings settings;

    InitContainer(PodSettings settings) {
        this.settings = settings;
    }

    Map<String, Object> container() throws ManifestException {
        Map<String, Object> container = map("name", Containers.INIT, "image", settings.initImage());
        if (!settings.values().pullPolicy().isEmpty()) {
            container.put("imagePullPolicy", settings.values().pullPolicy());
        }
        container.put("args", arguments());
        container.put(
                "resources",
                Amounts.checked(
                        "values.global.proxy_init.resources.", settings.values().initResources()));
        container.put("securityContext", securityContext());
        // xtables keeps its lock there.
        container.put("volumeMounts", List.of(map("name", Containers.TEMPORARY_VOLUME, "mountPath", "/run")));
        return container;
    }

    private List<String> arguments() throws ManifestException {
        List<String> arguments = new ArrayList<>(List.of("iptables", "apply"));
        add(arguments, "--mode", settings.interceptionMode());
        add(arguments, "--uid", "" + Containers.USER);
        add(arguments, "--gid", "" + Containers.USER);
        add(arguments, "--include-inbound-ports", text("includeInboundPorts", Selection::ports));
        addIfAny(arguments, "--exclude-inbound-ports", text("excludeInboundPorts", Selection::portList));
        add(arguments, "--status-ports", statusPorts());
        add(
                arguments,
                "--include-ip-ranges",
                settings.traffic("includeOutboundIPRanges", "includeIPRanges", Selection::ranges));
        addIfAny(
                arguments,
                "--exclude-ip-ranges",
                settings.traffic("excludeOutboundIPRanges", "excludeIPRanges", Selection::rangeList));
        addIfAny(arguments, "--include-outbound-ports", text("includeOutboundPorts", Selection::ports));
        addIfAny(arguments, "--exclude-outbound-ports", text("excludeOutboundPorts", Selection::portList));
        addIfAny(
                arguments, "--exclude-interfaces", settings.traffic("excludeInterfaces", "", Selection::interfaceList));
        addIfAny(arguments, "--virtual-interfaces", settings.virtualInterfaces());
        return arguments;
    }

    /** A setting that has the same name in the profile. */
    private String text(String name, Consumer<String> reader) throws ManifestException {
        return settings.traffic(name, name, reader);
    }

    private String statusPorts() throws ManifestException {
        Set<String> ports = new LinkedHashSet<>();
        int status = settings.statusPort();
        ports.add("" + (status == 0 ? Containers.STATUS_PORT : status));
        ports.add("" + Containers.READY_PORT);
        ports.add("" + Containers.METRICS_PORT);
        return String.join(",", ports);
    }

    /** The network namespace is root's; nothing else is given. */
    private static Map<String, Object> securityContext() {
        return map(
                "allowPrivilegeEscalation",
                false,
                "capabilities",
                map("add", List.of("NET_ADMIN", "NET_RAW"), "drop", List.of("ALL")),
                "privileged",
                false,
                "readOnlyRootFilesystem",
                true,
                "runAsGroup",
                0,
                "runAsNonRoot",
                false,
                "runAsUser",
                0,
                "seccompProfile",
                map("type", "RuntimeDefault"));
    }

    private static void add(List<String> arguments, String option, String value) {
        arguments.add(option);
        arguments.add(value);
    }

    private static void addIfAny(List<String> arguments, String option, String value) {
        if (!value.isEmpty()) {
            add(arguments, option, value);
        }
    }
}
