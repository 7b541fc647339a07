package dev.sluice.proxy.kubernetes.inject;

import dev.sluice.proxy.kubernetes.yaml.ManifestException;
import dev.sluice.proxy.kubernetes.yaml.YamlMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.yaml.snakeyaml.nodes.Node;

/**
 * Where in a manifest pods are described.
 *
 * @param workload {@code Deployment shop/cart}, for messages
 * @param around the objects that it is in, the outermost first, and itself
 * @param template holds {@code metadata} and {@code spec}
 */
record PodTemplate(String workload, List<YamlMap> around, YamlMap template) {
    private static final Set<String> OF_TEMPLATE =
            Set.of("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "ReplicationController", "Job");

    /** The pods of a document; none when it is of a kind that has none. Every item of a List is looked at. */
    static List<PodTemplate> in(Node document) throws ManifestException {
        List<PodTemplate> found = new ArrayList<>();
        collect(List.of(), YamlMap.of(document, "the document"), found);
        return found;
    }

    private static void collect(List<YamlMap> lists, YamlMap object, List<PodTemplate> found) throws ManifestException {
        String kind = object.text("kind");
        if (kind == null || object.text("apiVersion") == null) {
            throw object.error("no Kubernetes object: it has no apiVersion and kind");
        }
        List<YamlMap> around = new ArrayList<>(lists);
        around.add(object);
        if (kind.endsWith("List") && object.get("items") != null) {
            for (YamlMap item : object.maps("items")) {
                collect(around, item, found);
            }
            return;
        }
        if (kind.equals("CronJob")) {
            step(around, "spec");
            step(around, "jobTemplate");
        }
        if (kind.equals("CronJob") || OF_TEMPLATE.contains(kind)) {
            step(around, "spec");
            step(around, "template");
        } else if (!kind.equals("Pod")) {
            return;
        }
        YamlMap template = around.get(around.size() - 1);
        needed(template, "spec");
        found.add(new PodTemplate(name(kind, object), around, template));
    }

    private static void step(List<YamlMap> around, String key) throws ManifestException {
        around.add(needed(around.get(around.size() - 1), key));
    }

    private static YamlMap needed(YamlMap map, String key) throws ManifestException {
        YamlMap value = map.map(key);
        if (value == null) {
            throw map.error("it has no " + key);
        }
        return value;
    }

    private static String name(String kind, YamlMap object) throws ManifestException {
        YamlMap metadata = object.map("metadata");
        String name = metadata == null ? null : metadata.text("name");
        String namespace = metadata == null ? null : metadata.text("namespace");
        return kind + " " + (namespace == null ? "" : namespace + "/") + (name == null ? "without a name" : name);
    }

    /** Writes whatever is about to grow line by line. */
    void asBlock() throws ManifestException {
        for (YamlMap map : around) {
            map.asBlock("items");
        }
        spec().asBlock("containers", "initContainers", "volumes");
        for (YamlMap container : probed()) {
            container.asBlock();
        }
        template.mapOrNew("metadata").asBlock("annotations");
    }

    /** Containers that may have probes: the app's, and those of its init containers that go on. */
    List<YamlMap> probed() throws ManifestException {
        List<YamlMap> containers = new ArrayList<>(spec().maps("containers"));
        for (YamlMap container : spec().maps("initContainers")) {
            if ("Always".equals(container.text("restartPolicy"))) {
                containers.add(container);
            }
        }
        return containers;
    }

    YamlMap spec() throws ManifestException {
        return needed(template, "spec");
    }

    Map<String, String> labels() throws ManifestException {
        return texts("labels");
    }

    Map<String, String> annotations() throws ManifestException {
        return texts("annotations");
    }

    /** The annotations, made where there are none. */
    YamlMap annotationsToChange() throws ManifestException {
        return template.mapOrNew("metadata").mapOrNew("annotations");
    }

    private Map<String, String> texts(String key) throws ManifestException {
        YamlMap metadata = template.map("metadata");
        YamlMap map = metadata == null ? null : metadata.map(key);
        return map == null ? Map.of() : map.texts();
    }
}
