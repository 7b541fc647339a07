package dev.sluice.config.translate.route.delegate;

import dev.sluice.config.crd.HttpMatchRequest;
import dev.sluice.config.crd.StringMatch;
import java.util.HashSet;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Whether a delegate's match block asks for something outside of a root's (spec §1.10; {@code hasConflict} of istio): then
 * the two do not pair.
 */
final class MatchConflict {
    private MatchConflict() {}

    static boolean between(HttpMatchRequest root, HttpMatchRequest leaf) {
        return strings(root.uri(), leaf.uri())
                || strings(root.scheme(), leaf.scheme())
                || strings(root.method(), leaf.method())
                || strings(root.authority(), leaf.authority())
                || maps(root.headers(), leaf.headers())
                || maps(root.withoutHeaders(), leaf.withoutHeaders())
                || maps(root.queryParams(), leaf.queryParams())
                || Boolean.TRUE.equals(root.ignoreUriCase()) != Boolean.TRUE.equals(leaf.ignoreUriCase())
                || ports(root.port(), leaf.port())
                || sources(root, leaf)
                || gateways(root, leaf);
    }

    private static boolean ports(@Nullable Long root, @Nullable Long leaf) {
        return root != null && root > 0 && leaf != null && leaf > 0 && !root.equals(leaf);
    }

    private static boolean sources(HttpMatchRequest root, HttpMatchRequest leaf) {
        String namespace = set(root.sourceNamespace());
        if (namespace != null && !namespace.equals(leaf.sourceNamespace())) {
            return true;
        }
        for (Map.Entry<String, String> label : leaf.sourceLabels().entrySet()) {
            String other = root.sourceLabels().get(label.getKey());
            if (other != null && !other.equals(label.getValue())) {
                return true;
            }
        }
        return false;
    }

    private static boolean gateways(HttpMatchRequest root, HttpMatchRequest leaf) {
        return !root.gateways().isEmpty()
                && (root.gateways().size() < leaf.gateways().size()
                        || !new HashSet<>(root.gateways()).containsAll(leaf.gateways()));
    }

    private static boolean maps(Map<String, StringMatch> root, Map<String, StringMatch> leaf) {
        for (Map.Entry<String, StringMatch> entry : leaf.entrySet()) {
            if (strings(root.get(entry.getKey()), entry.getValue())) {
                return true;
            }
        }
        return false;
    }

    private static boolean strings(@Nullable StringMatch root, @Nullable StringMatch leaf) {
        if (root == null || leaf == null) {
            return false;
        }
        String exact = set(root.exact());
        String prefix = set(root.prefix());
        String leafExact = set(leaf.exact());
        String leafPrefix = set(leaf.prefix());
        boolean rootRegex = set(root.regex()) != null;
        boolean leafRegex = set(leaf.regex()) != null;
        if (rootRegex && (leafRegex || leafPrefix != null || leafExact != null)) {
            return true;
        }
        if (leafRegex && (exact != null || prefix != null)) {
            return true;
        }
        if (exact != null) {
            return leafPrefix != null || !exact.equals(leafExact);
        }
        String narrow = leafPrefix != null ? leafPrefix : leafExact;
        return prefix == null || narrow == null || !narrow.startsWith(prefix);
    }

    /** An empty text is one that is not set, as in Istio's generated getters. */
    private static @Nullable String set(@Nullable String text) {
        return text == null || text.isEmpty() ? null : text;
    }
}
