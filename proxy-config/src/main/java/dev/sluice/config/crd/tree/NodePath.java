package dev.sluice.config.crd.tree;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Says where in a document a node is, as people write it: {@code spec.http[0].route[1].weight}. */
public final class NodePath {
    private NodePath() {}

    /** {@code base.key}, quoted where the key is no plain name: {@code labels['app.kubernetes.io/name']}. */
    public static String child(String base, String key) {
        boolean plain = !key.isEmpty();
        for (int i = 0; i < key.length() && plain; i++) {
            char c = key.charAt(i);
            plain = Character.isLetterOrDigit(c) || c == '_' || c == '-';
        }
        if (plain) {
            return base.isEmpty() ? key : base + "." + key;
        }
        return base + "['" + Quote.escaped(key) + "']";
    }

    /** {@code base[i]}. */
    public static String item(String base, int i) {
        return base + "[" + i + "]";
    }

    /**
     * The path of a node that is somewhere below a root; searched, so meant for findings, which are few.
     *
     * @param base the root's own path
     * @param part the very node, not an equal one; where it is not below the root the base is returned
     * @param field a key of {@code part} to append; null for none
     */
    public static String find(String base, MapNode root, MapNode part, @Nullable String field) {
        String found = search(base, root, part);
        String path = found == null ? base : found;
        return field == null ? path : child(path, field);
    }

    private static @Nullable String search(String path, Node in, Node wanted) {
        if (in == wanted) {
            return path;
        }
        if (in instanceof MapNode map) {
            for (int i = 0; i < map.size(); i++) {
                if (!(map.value(i) instanceof ScalarNode)) {
                    String found = search(child(path, map.key(i)), map.value(i), wanted);
                    if (found != null) {
                        return found;
                    }
                }
            }
        } else if (in instanceof ListNode list) {
            List<Node> items = list.items();
            for (int i = 0; i < items.size(); i++) {
                if (!(items.get(i) instanceof ScalarNode)) {
                    String found = search(item(path, i), items.get(i), wanted);
                    if (found != null) {
                        return found;
                    }
                }
            }
        }
        return null;
    }
}
