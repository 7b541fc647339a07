package dev.sluice.config.crd.mesh;

import dev.sluice.config.crd.schema.Binder;
import dev.sluice.config.crd.schema.Dialect;
import dev.sluice.config.crd.schema.TreeMerge;
import dev.sluice.config.crd.tree.ListNode;
import dev.sluice.config.crd.tree.Location;
import dev.sluice.config.crd.tree.MapNode;
import dev.sluice.config.crd.tree.Node;
import dev.sluice.config.crd.tree.Quote;
import dev.sluice.config.crd.tree.ScalarNode;
import dev.sluice.config.validate.Finding;
import dev.sluice.config.validate.Finding.Severity;
import dev.sluice.config.validate.Finding.Subject;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * MeshConfig fields from the command line, {@code path=value} each: {@code outboundTrafficPolicy.mode=REGISTRY_ONLY}.
 * {@code meshConfig.} in front is allowed, as in istioctl; a dot inside a key is written {@code \.}; {@code {a,b}} is a
 * list, {@code list[0]} an item of one. A list takes the place of that of {@code mesh.yaml}. Their place is file
 * {@code --set}, the line is the option's number.
 *
 * @param tree the fields as a tree; empty for none
 * @param findings what is wrong with them: blocking, like a fault in {@code mesh.yaml}
 */
public record MeshOverrides(MapNode tree, List<Finding> findings) {
    private static final String FILE = "--set";
    private static final String PREFIX = "meshConfig.";
    private static final int NO_ITEM = -1;

    /** No overrides. */
    public static final MeshOverrides NONE = parse(List.of());

    public MeshOverrides {
        findings = List.copyOf(findings);
    }

    /** Reads the options in order; of two for one field the later wins. */
    public static MeshOverrides parse(List<String> options) {
        List<Finding> findings = new ArrayList<>();
        MapNode tree = new MapNode.Builder(new Location(FILE, 1, 1)).build();
        for (int i = 0; i < options.size(); i++) {
            Location at = new Location(FILE, i + 1, 1);
            String option = options.get(i);
            int equals = option.indexOf('=');
            List<Step> steps = steps(option.substring(0, Math.max(equals, 0)));
            if (steps.isEmpty()) {
                findings.add(finding(at, null, "--set needs path=value, not " + Quote.of(option)));
                continue;
            }
            Node value = put(tree, steps, value(at, option.substring(equals + 1)));
            if (value == null) {
                findings.add(finding(
                        at, null, "--set gives the items of a list from [0] on, not first " + Quote.of(option)));
                continue;
            }
            tree = TreeMerge.merge(MeshConfig.class, tree, (MapNode) value);
        }
        new Binder(Dialect.PROTO, (at, path, message) -> findings.add(finding(at, path, path + ": " + message)))
                .bind(MeshConfig.class, tree);
        Collections.sort(findings);
        return new MeshOverrides(tree, findings);
    }

    /**
     * One step of a path.
     *
     * @param key of an object
     * @param item number of the item that is meant of the list there; {@link #NO_ITEM} for none
     */
    private record Step(String key, int item) {}

    /** The steps of a path; none when it is no path. */
    private static List<Step> steps(String path) {
        String rest = path.startsWith(PREFIX) ? path.substring(PREFIX.length()) : path;
        List<Step> steps = new ArrayList<>();
        StringBuilder key = new StringBuilder();
        int item = NO_ITEM;
        for (int i = 0; i <= rest.length(); i++) {
            char c = i < rest.length() ? rest.charAt(i) : '.';
            if (c == '.' && !key.isEmpty()) {
                steps.add(new Step(key.toString(), item));
                key.setLength(0);
                item = NO_ITEM;
            } else if (c == '.' || item != NO_ITEM) {
                return List.of();
            } else if (c == '[') {
                int end = rest.indexOf(']', i);
                item = end < 0 ? NO_ITEM : number(rest.substring(i + 1, end));
                if (item == NO_ITEM) {
                    return List.of();
                }
                i = end;
            } else {
                boolean escaped = c == '\\' && i + 1 < rest.length();
                i += escaped ? 1 : 0;
                key.append(rest.charAt(i));
            }
        }
        return steps;
    }

    private static int number(String text) {
        boolean digits = !text.isEmpty() && text.length() < 7 && text.chars().allMatch(c -> c >= '0' && c <= '9');
        return digits ? Integer.parseInt(text) : NO_ITEM;
    }

    /** {@code value} below the steps, with what is there of the lists that it is put into; null when an item is missing. */
    private static @Nullable Node put(@Nullable Node present, List<Step> steps, Node value) {
        if (steps.isEmpty()) {
            return value;
        }
        Step step = steps.get(0);
        Node below = present instanceof MapNode map ? map.get(step.key()) : null;
        List<Step> rest = steps.subList(1, steps.size());
        Node set = step.item() == NO_ITEM ? put(below, rest, value) : item(below, step.item(), rest, value);
        if (set == null) {
            return null;
        }
        Location at = value.location();
        MapNode.Builder level = new MapNode.Builder(at);
        level.put(step.key(), at.line(), at.column(), set);
        return level.build();
    }

    private static @Nullable Node item(@Nullable Node list, int number, List<Step> rest, Node value) {
        List<Node> items = list instanceof ListNode given ? new ArrayList<>(given.items()) : new ArrayList<>();
        if (number > items.size()) {
            return null;
        }
        Node present = number < items.size() ? items.get(number) : null;
        Node set = put(present, rest, value);
        if (set == null) {
            return null;
        }
        if (present == null) {
            items.add(set);
        } else {
            boolean objects = present instanceof MapNode && set instanceof MapNode;
            items.set(number, objects ? TreeMerge.merge((MapNode) present, (MapNode) set) : set);
        }
        return new ListNode(value.location(), items);
    }

    private static Node value(Location at, String text) {
        if (!text.startsWith("{") || !text.endsWith("}") || isJson(text)) {
            return ScalarNode.untyped(at, text);
        }
        List<Node> items = new ArrayList<>();
        String inside = text.substring(1, text.length() - 1);
        int from = 0;
        while (from < inside.length()) {
            int comma = inside.indexOf(',', from);
            int end = comma < 0 ? inside.length() : comma;
            items.add(ScalarNode.untyped(at, inside.substring(from, end).strip()));
            from = end + 1;
        }
        return new ListNode(at, items);
    }

    /** Whether it begins as an object of JSON, which is the text of a log's format. */
    private static boolean isJson(String text) {
        String inside = text.substring(1).stripLeading();
        int close = inside.startsWith("\"") ? inside.indexOf('"', 1) : -1;
        return close > 0 && inside.substring(close + 1).stripLeading().startsWith(":");
    }

    private static Finding finding(Location at, @Nullable String path, String message) {
        return new Finding(at, Severity.ERROR, Finding.INVALID, Subject.MESH, path, message);
    }
}
