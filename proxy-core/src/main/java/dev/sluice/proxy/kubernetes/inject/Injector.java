package dev.sluice.proxy.kubernetes.inject;

import dev.sluice.proxy.kubernetes.yaml.ManifestException;
import dev.sluice.proxy.kubernetes.yaml.YamlMap;
import dev.sluice.proxy.kubernetes.yaml.YamlText;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.nodes.Node;

/** Puts a proxy beside the app of every workload in a manifest. */
public final class Injector {
    private static final String DEFAULT_CONTAINER = "kubectl.kubernetes.io/default-container";

    private final InjectSettings settings;
    private final List<String> notices = new ArrayList<>();

    public Injector(InjectSettings settings) {
        this.settings = settings;
    }

    /**
     * The manifest with its proxies.
     *
     * @param text as the file holds it
     * @param notices why a workload was left as it is, one line each
     */
    public record Injected(String text, List<String> notices) {}

    /**
     * Injects into every workload of {@code text}; what is there already is not done again, other objects pass as they are.
     *
     * @param name the file's, for messages
     * @throws ManifestException if it is not YAML, or holds no workload
     */
    public Injected inject(String name, String text) throws ManifestException {
        List<Node> documents = YamlText.read(name, text);
        int workloads = 0;
        try {
            for (Node document : documents) {
                for (PodTemplate pod :
                        YamlText.isComment(document) ? List.<PodTemplate>of() : PodTemplate.in(document)) {
                    workloads++;
                    inject(pod);
                }
            }
        } catch (ManifestException e) {
            throw new ManifestException(name + ":" + e.getMessage());
        }
        if (workloads == 0) {
            throw new ManifestException(name + ": no workload in it: no Deployment, StatefulSet, DaemonSet, ReplicaSet,"
                    + " ReplicationController, Job, CronJob or Pod");
        }
        return new Injected(YamlText.write(documents), List.copyOf(notices));
    }

    private void inject(PodTemplate pod) throws ManifestException {
        PodSettings own = new PodSettings(settings, pod.annotations(), pod.labels());
        YamlMap spec = pod.spec();
        if (!own.wanted()) {
            notices.add(pod.workload() + " is left alone: sidecar.istio.io/inject is false");
        } else if ("true".equals(spec.text("hostNetwork"))) {
            notices.add(pod.workload()
                    + " is left alone: it is on the host's network, where rules would redirect the whole host");
        } else if (present(spec)) {
            notices.add(pod.workload() + " has its proxy already");
        } else {
            inject(pod, spec, own);
        }
    }

    private static boolean present(YamlMap spec) throws ManifestException {
        for (String list : List.of("containers", "initContainers")) {
            for (YamlMap container : spec.maps(list)) {
                if (Containers.PROXY.equals(container.text("name"))) {
                    return true;
                }
            }
        }
        return false;
    }

    /** A pod with two things of one name is none that Kubernetes takes. */
    private static void refuseTakenNames(PodTemplate pod, YamlMap spec, PodSettings own) throws ManifestException {
        for (Map<String, Object> volume : Containers.volumes(own.configMap())) {
            refuse(pod, spec, "volumes", String.valueOf(volume.get("name")));
        }
        refuse(pod, spec, "containers", Containers.INIT);
        refuse(pod, spec, "initContainers", Containers.INIT);
    }

    private static void refuse(PodTemplate pod, YamlMap spec, String list, String name) throws ManifestException {
        for (YamlMap item : spec.maps(list)) {
            if (name.equals(item.text("name"))) {
                throw item.error(pod.workload() + " has " + name + " among its " + list + " already, but no "
                        + Containers.PROXY);
            }
        }
    }

    private void inject(PodTemplate pod, YamlMap spec, PodSettings own) throws ManifestException {
        List<YamlMap> apps = spec.maps("containers");
        if (apps.isEmpty()) {
            throw spec.error(pod.workload() + " has no container");
        }
        refuseTakenNames(pod, spec, own);
        notices.addAll(AppConflicts.of(pod, own));
        pod.asBlock();
        String first = apps.get(0).text("name");
        ProbeRewrite probes = new ProbeRewrite(own.statusPort());
        if (own.rewriteProbes() && own.statusPort() != 0) {
            for (YamlMap container : pod.probed()) {
                probes.rewrite(container);
            }
        }
        AppScrape scrape = new AppScrape(own);
        Map<String, Object> proxy = new ProxyContainer(own, probes.json(), scrape.json()).container();
        boolean nativeSidecar = own.nativeSidecar();
        if (nativeSidecar) {
            spec.add("initContainers", proxy, true);
        } else {
            spec.add("containers", proxy, own.holdApplication());
        }
        if (!own.interceptionMode().equals("NONE")) {
            // With a proxy that runs already the app's own init containers may use it. Without, they need the network
            // as it is.
            spec.add("initContainers", new InitContainer(own).container(), nativeSidecar);
        }
        for (Map<String, Object> volume : Containers.volumes(own.configMap())) {
            spec.add("volumes", volume, false);
        }
        YamlMap annotations = pod.annotationsToChange();
        annotations.putIfAbsent(DEFAULT_CONTAINER, first == null ? "" : first);
        if (scrape.merges()) {
            scrape.redirect(annotations);
        }
    }
}
