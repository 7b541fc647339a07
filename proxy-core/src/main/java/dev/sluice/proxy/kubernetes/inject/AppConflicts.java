package dev.sluice.proxy.kubernetes.inject;

import dev.sluice.proxy.kubernetes.yaml.ManifestException;
import dev.sluice.proxy.kubernetes.yaml.YamlMap;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What of an app does not go together with a proxy beside it; Kubernetes takes such a pod, so it is told and not refused. */
final class AppConflicts {
    private static final String USER = Integer.toString(Containers.USER);

    private AppConflicts() {}

    /** One line for each conflict, beginning with the workload's name. */
    static List<String> of(PodTemplate pod, PodSettings settings) throws ManifestException {
        List<String> notices = new ArrayList<>();
        YamlMap spec = pod.spec();
        Set<String> taken = new HashSet<>();
        taken.add(Integer.toString(settings.statusPort()));
        Containers.OWN_PORTS.forEach(port -> taken.add(port.toString()));
        String user = user(spec);
        for (YamlMap container : spec.maps("containers")) {
            String who = pod.workload() + ": container " + container.text("name");
            String own = user(container);
            if (USER.equals(own == null ? user : own)) {
                notices.add(who + " runs as user " + USER + ", the proxy's: what it sends is not intercepted");
            }
            for (YamlMap port : container.maps("ports")) {
                String number = port.text("containerPort");
                if (number != null && taken.contains(number)) {
                    notices.add(who + " has port " + number + ", which the proxy listens on");
                }
            }
        }
        return notices;
    }

    private static @Nullable String user(YamlMap around) throws ManifestException {
        YamlMap context = around.map("securityContext");
        return context == null ? null : context.text("runAsUser");
    }
}
