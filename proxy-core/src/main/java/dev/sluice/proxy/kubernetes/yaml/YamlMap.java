package dev.sluice.proxy.kubernetes.yaml;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions.FlowStyle;
import org.yaml.snakeyaml.nodes.CollectionNode;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/** A map of a document, to look into and to change in place; what is not touched stays as it was written. */
public final class YamlMap {
    private final MappingNode node;

    private YamlMap(MappingNode node) {
        this.node = node;
    }

    /** @throws ManifestException if {@code node} is no map, naming {@code what} */
    public static YamlMap of(Node node, String what) throws ManifestException {
        if (node instanceof MappingNode map) {
            return new YamlMap(map);
        }
        throw ManifestException.at(node.getStartMark(), what + " is no map of keys and values");
    }

    /** An error at the place of this map. */
    public ManifestException error(String message) {
        return ManifestException.at(node.getStartMark(), message);
    }

    /** Writes this map and the list or map at each of {@code keys} in block style: inside braces there is no other. */
    public void asBlock(String... keys) {
        node.setFlowStyle(FlowStyle.BLOCK);
        for (String key : keys) {
            if (get(key) instanceof CollectionNode<?> collection) {
                collection.setFlowStyle(FlowStyle.BLOCK);
            }
        }
    }

    /** The value of {@code key}; null when it is absent or empty. */
    public @Nullable Node get(String key) {
        for (NodeTuple entry : node.getValue()) {
            if (named(entry, key)) {
                return absent(entry.getValueNode()) ? null : entry.getValueNode();
            }
        }
        return null;
    }

    /** The scalar at {@code key}; null when it is absent, empty or no scalar. */
    public @Nullable String text(String key) {
        return get(key) instanceof ScalarNode scalar ? scalar.getValue() : null;
    }

    /** The map at {@code key}; null when it is absent. */
    public @Nullable YamlMap map(String key) throws ManifestException {
        Node value = get(key);
        return value == null ? null : of(value, key);
    }

    /** The map at {@code key}, made at the end when it is absent. */
    public YamlMap mapOrNew(String key) throws ManifestException {
        YamlMap present = map(key);
        if (present != null) {
            return present;
        }
        MappingNode made = new MappingNode(Tag.MAP, new ArrayList<>(), FlowStyle.BLOCK);
        put(key, made);
        return new YamlMap(made);
    }

    /** The list at {@code key}, its items still part of the document; empty when it is absent. */
    public List<YamlMap> maps(String key) throws ManifestException {
        Node value = get(key);
        if (value == null) {
            return List.of();
        }
        List<YamlMap> maps = new ArrayList<>();
        for (Node item : list(value, key).getValue()) {
            maps.add(of(item, "an item of " + key));
        }
        return maps;
    }

    /** Adds an item to the list at {@code key}, which is made when it is absent. */
    public void add(String key, Object item, boolean first) throws ManifestException {
        Node value = get(key);
        if (value == null) {
            List<Node> items = new ArrayList<>(List.of(YamlText.node(item)));
            put(key, new SequenceNode(Tag.SEQ, items, FlowStyle.BLOCK));
            return;
        }
        SequenceNode list = list(value, key);
        if (list.getValue().isEmpty()) {
            list.setFlowStyle(FlowStyle.BLOCK);
        }
        list.getValue().add(first ? 0 : list.getValue().size(), YamlText.node(item));
    }

    /** Sets {@code key} in its place, or at the end. */
    public void put(String key, Object value) {
        Node wanted = value instanceof Node tree ? tree : YamlText.node(value);
        List<NodeTuple> entries = node.getValue();
        for (int i = 0; i < entries.size(); i++) {
            if (named(entries.get(i), key)) {
                entries.set(i, new NodeTuple(entries.get(i).getKeyNode(), wanted));
                return;
            }
        }
        if (entries.isEmpty()) {
            node.setFlowStyle(FlowStyle.BLOCK);
        }
        entries.add(new NodeTuple(YamlText.node(key), wanted));
    }

    /** Sets {@code key} unless it is there. */
    public void putIfAbsent(String key, Object value) {
        if (get(key) == null) {
            put(key, value);
        }
    }

    /** Takes {@code key} away; what it held, null when it was absent. */
    public @Nullable Node remove(String key) {
        Node held = get(key);
        node.getValue().removeIf(entry -> named(entry, key));
        return held;
    }

    /** All keys with scalar values, in their order. */
    public Map<String, String> texts() {
        Map<String, String> texts = new LinkedHashMap<>();
        for (NodeTuple entry : node.getValue()) {
            if (entry.getKeyNode() instanceof ScalarNode key && entry.getValueNode() instanceof ScalarNode value) {
                texts.put(key.getValue(), value.getValue());
            }
        }
        return texts;
    }

    private static SequenceNode list(Node value, String key) throws ManifestException {
        if (value instanceof SequenceNode list) {
            return list;
        }
        throw ManifestException.at(value.getStartMark(), key + " is no list");
    }

    private static boolean absent(Node value) {
        return value.getTag().equals(Tag.NULL);
    }

    private static boolean named(NodeTuple entry, String key) {
        return entry.getKeyNode() instanceof ScalarNode scalar
                && scalar.getValue().equals(key);
    }
}
