package dev.sluice.config.validate.rule;

import dev.sluice.config.crd.schema.CrdObject;
import dev.sluice.config.crd.tree.ListNode;
import dev.sluice.config.crd.tree.MapNode;
import dev.sluice.config.crd.tree.Node;
import dev.sluice.config.crd.tree.NodePath;
import dev.sluice.config.crd.tree.ScalarNode;
import dev.sluice.config.validate.Finding;
import dev.sluice.config.validate.Finding.Severity;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Collects the findings about one object. Their messages open with the path of the value, for a line of {@code check}
 * says only file, line and column before it.
 *
 * <p>Used by one thread.
 */
public final class Report {
    private final CrdObject object;
    private final Consumer<Finding> out;
    /** Paths of the document's mappings and lists, made on the first finding: many must not search many times. */
    private @Nullable IdentityHashMap<Node, String> paths;

    /**
     * @param object what the findings are about
     * @param out takes them
     */
    public Report(CrdObject object, Consumer<Finding> out) {
        this.object = object;
        this.out = out;
    }

    /** The object's namespace. */
    public String namespace() {
        return object.metadata().namespace();
    }

    /** Istio's validation refuses this. */
    public void error(Place place, String message) {
        add(Severity.ERROR, Finding.INVALID, place, message);
    }

    /** Istio's validation warns of this. */
    public void warning(Place place, String message) {
        add(Severity.WARNING, Codes.VALIDATION_WARNING, place, message);
    }

    /** A field that Istio keeps for old configurations only. */
    public void deprecated(Place place, String message) {
        add(Severity.WARNING, Codes.DEPRECATED, place, message);
    }

    /** A warning of Sluice's own: accepted, but not what the author can have meant. */
    public void warning(String code, Place place, String message) {
        add(Severity.WARNING, code, place, message);
    }

    /** Any other finding. */
    public void add(Severity severity, String code, Place place, String message) {
        String path = place.path(pathOf(place.part()));
        out.accept(new Finding(
                place.location(),
                severity,
                code,
                object.subject(),
                path,
                path.isEmpty() ? message : path + ": " + message));
    }

    private String pathOf(MapNode part) {
        IdentityHashMap<Node, String> known = paths;
        if (known == null) {
            known = new IdentityHashMap<>();
            collect(object.root(), object.at(), known);
            if (!known.containsKey(object.metadata().at())) {
                known.put(object.metadata().at(), "metadata");
            }
            paths = known;
        }
        return known.getOrDefault(part, object.root());
    }

    /** A tree is at most as deep as the reader lets it be; what aliases share is walked once. */
    private static void collect(String path, Node node, IdentityHashMap<Node, String> into) {
        if (node instanceof ScalarNode || into.putIfAbsent(node, path) != null) {
            return;
        }
        if (node instanceof MapNode map) {
            for (int i = 0; i < map.size(); i++) {
                collect(NodePath.child(path, map.key(i)), map.value(i), into);
            }
        } else if (node instanceof ListNode list) {
            List<Node> items = list.items();
            for (int i = 0; i < items.size(); i++) {
                collect(NodePath.item(path, i), items.get(i), into);
            }
        }
    }
}
