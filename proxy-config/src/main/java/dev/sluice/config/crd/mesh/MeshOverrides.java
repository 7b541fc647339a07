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
 * list. Their place is file {@code --set}, the line is the option's number.
 *
 * @param tree the fields as a tree; empty for none
 * @param findings what is wrong with them: blocking, like a fault in {@code mesh.yaml}
 */
public record MeshOverrides(MapNode tree, List<Finding> findings) {
    private static final String FILE = "--set";
    private static final String PREFIX = "meshConfig.";

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
            List<String> keys = keys(option.substring(0, Math.max(equals, 0)));
            if (keys.contains("")) {
                findings.add(finding(at, null, "--set needs path=value, not " + Quote.of(option)));
                continue;
            }
            Node value = value(at, option.substring(equals + 1));
            for (int k = keys.size() - 1; k >= 0; k--) {
                MapNode.Builder level = new MapNode.Builder(at);
                level.put(keys.get(k), at.line(), at.column(), value);
                value = level.build();
            }
            tree = TreeMerge.merge(MeshConfig.class, tree, (MapNode) value);
        }
        new Binder(Dialect.PROTO, (at, path, message) -> findings.add(finding(at, path, path + ": " + message)))
                .bind(MeshConfig.class, tree);
        Collections.sort(findings);
        return new MeshOverrides(tree, findings);
    }

    private static List<String> keys(String path) {
        String rest = path.startsWith(PREFIX) ? path.substring(PREFIX.length()) : path;
        List<String> keys = new ArrayList<>();
        StringBuilder key = new StringBuilder();
        for (int i = 0; i < rest.length(); i++) {
            char c = rest.charAt(i);
            if (c == '\\' && i + 1 < rest.length()) {
                i++;
                key.append(rest.charAt(i));
            } else if (c == '.') {
                keys.add(key.toString());
                key.setLength(0);
            } else {
                key.append(c);
            }
        }
        keys.add(key.toString());
        return keys;
    }

    private static Node value(Location at, String text) {
        if (!text.startsWith("{") || !text.endsWith("}")) {
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

    private static Finding finding(Location at, @Nullable String path, String message) {
        return new Finding(at, Severity.ERROR, Finding.INVALID, Subject.MESH, path, message);
    }
}
