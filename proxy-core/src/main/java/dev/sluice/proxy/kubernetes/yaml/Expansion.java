package dev.sluice.proxy.kubernetes.yaml;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * Writes out aliases and merge keys: else a change of one container would be one of every container that shares its anchor.
 * Also finds keys that are there twice, which the composer lets pass.
 */
final class Expansion {
    /** What a few aliases of aliases may grow to. */
    private static final int MOST_NODES = 200_000;

    private final Set<Node> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Set<Node> around = Collections.newSetFromMap(new IdentityHashMap<>());
    private int nodes;

    private Expansion() {}

    static Node of(Node document) throws ManifestException {
        return new Expansion().expand(document);
    }

    private Node expand(Node node) throws ManifestException {
        if (++nodes > MOST_NODES) {
            throw ManifestException.at(node.getStartMark(), "more than " + MOST_NODES + " nodes");
        }
        if (!around.add(node)) {
            throw ManifestException.at(node.getStartMark(), "an anchor contains itself");
        }
        Node expanded = seen.add(node) ? node : copy(node);
        if (expanded instanceof MappingNode map) {
            map.setValue(entries(map));
        } else if (expanded instanceof SequenceNode list) {
            List<Node> items = list.getValue();
            for (int i = 0; i < items.size(); i++) {
                items.set(i, expand(items.get(i)));
            }
        }
        around.remove(node);
        expanded.setAnchor(null);
        return expanded;
    }

    private static Node copy(Node node) {
        Node copy;
        if (node instanceof MappingNode map) {
            copy = new MappingNode(
                    map.getTag(),
                    true,
                    new ArrayList<>(map.getValue()),
                    map.getStartMark(),
                    map.getEndMark(),
                    map.getFlowStyle());
        } else if (node instanceof SequenceNode list) {
            copy = new SequenceNode(
                    list.getTag(),
                    true,
                    new ArrayList<>(list.getValue()),
                    list.getStartMark(),
                    list.getEndMark(),
                    list.getFlowStyle());
        } else {
            ScalarNode scalar = (ScalarNode) node;
            copy = new ScalarNode(
                    scalar.getTag(),
                    scalar.getValue(),
                    scalar.getStartMark(),
                    scalar.getEndMark(),
                    scalar.getScalarStyle());
        }
        return copy;
    }

    private List<NodeTuple> entries(MappingNode map) throws ManifestException {
        Set<String> own = new HashSet<>();
        for (NodeTuple entry : map.getValue()) {
            if (entry.getKeyNode() instanceof ScalarNode key
                    && !key.getTag().equals(Tag.MERGE)
                    && !own.add(key.getValue())) {
                throw ManifestException.at(key.getStartMark(), "the key '" + key.getValue() + "' is there twice");
            }
        }
        List<NodeTuple> entries = new ArrayList<>();
        for (NodeTuple entry : map.getValue()) {
            if (entry.getKeyNode().getTag().equals(Tag.MERGE)) {
                merge(entry.getValueNode(), own, entries);
            } else {
                entries.add(new NodeTuple(expand(entry.getKeyNode()), expand(entry.getValueNode())));
            }
        }
        return entries;
    }

    /** What the map has itself wins, then what is merged first. */
    private void merge(Node source, Set<String> own, List<NodeTuple> entries) throws ManifestException {
        if (source instanceof SequenceNode several) {
            for (Node one : several.getValue()) {
                merge(one, own, entries);
            }
            return;
        }
        if (!(expand(source) instanceof MappingNode map)) {
            throw ManifestException.at(source.getStartMark(), "'<<' takes a map or a list of maps");
        }
        for (NodeTuple entry : map.getValue()) {
            if (entry.getKeyNode() instanceof ScalarNode key && own.add(key.getValue())) {
                entries.add(new NodeTuple(expand(key), expand(entry.getValueNode())));
            }
        }
    }
}
