package dev.sluice.config.translate.route.delegate;

import dev.sluice.config.crd.Destination;
import dev.sluice.config.crd.HostNames;
import dev.sluice.config.crd.HttpMatchRequest;
import dev.sluice.config.crd.HttpRoute;
import dev.sluice.config.crd.HttpRoute.HttpMirrorPolicy;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Merges a root's rule with one of its delegate's (spec §1.10; {@code mergeHTTPRoute} of istio): match blocks in pairs that
 * do not conflict, the rest as a whole from the delegate, or from the root where the delegate does not set it.
 */
final class DelegateMerge {
    private final HttpRoute root;
    private final String namespace;
    private final String domain;
    private final List<HttpMatchRequest> rootMatch;

    /**
     * @param root a rule that delegates
     * @param namespace what the short names in it belong to
     */
    DelegateMerge(HttpRoute root, String namespace, String domain) {
        this.root = root;
        this.namespace = namespace;
        this.domain = domain;
        this.rootMatch = inFull(root.match(), namespace);
    }

    /**
     * A rule of the delegate with what it inherits, names of the root's in full; null where one of its match blocks fits
     * into none of the root's.
     *
     * @param leafNamespace what short names in {@code leaf} belong to
     */
    @Nullable
    HttpRoute merge(HttpRoute leaf, String leafNamespace) {
        List<HttpMatchRequest> match = pairs(rootMatch, inFull(leaf.match(), leafNamespace));
        if (match == null) {
            return null;
        }
        return new HttpRoute(
                leaf.at(),
                name(root.name(), leaf.name()),
                match,
                leaf.route(),
                leaf.redirect(),
                or(leaf.directResponse(), root.directResponse()),
                null,
                or(leaf.rewrite(), root.rewrite()),
                or(leaf.timeout(), root.timeout()),
                or(leaf.retries(), root.retries()),
                or(leaf.fault(), root.fault()),
                leaf.mirror() == null ? inFull(root.mirror()) : leaf.mirror(),
                leaf.mirrors().isEmpty() ? mirrorsInFull() : leaf.mirrors(),
                or(leaf.mirrorPercent(), root.mirrorPercent()),
                or(leaf.mirrorPercentage(), root.mirrorPercentage()),
                or(leaf.corsPolicy(), root.corsPolicy()),
                or(leaf.headers(), root.headers()));
    }

    private List<HttpMirrorPolicy> mirrorsInFull() {
        List<HttpMirrorPolicy> full = new ArrayList<>();
        for (HttpMirrorPolicy mirror : root.mirrors()) {
            full.add(new HttpMirrorPolicy(mirror.at(), inFull(mirror.destination()), mirror.percentage()));
        }
        return full;
    }

    private @Nullable Destination inFull(@Nullable Destination to) {
        return to == null || to.host() == null
                ? to
                : new Destination(to.at(), HostNames.expand(to.host(), namespace, domain), to.subset(), to.port());
    }

    private static @Nullable List<HttpMatchRequest> pairs(List<HttpMatchRequest> roots, List<HttpMatchRequest> leaves) {
        if (roots.isEmpty()) {
            return leaves;
        }
        if (leaves.isEmpty()) {
            return roots;
        }
        List<HttpMatchRequest> merged = new ArrayList<>();
        for (HttpMatchRequest leaf : leaves) {
            int before = merged.size();
            for (HttpMatchRequest root : roots) {
                if (!MatchConflict.between(root, leaf)) {
                    merged.add(merge(root, leaf));
                }
            }
            if (merged.size() == before) {
                return null;
            }
        }
        return merged;
    }

    private static HttpMatchRequest merge(HttpMatchRequest root, HttpMatchRequest leaf) {
        Long port = leaf.port();
        String namespace = leaf.sourceNamespace();
        return new HttpMatchRequest(
                leaf.at(),
                name(root.name(), leaf.name()),
                or(leaf.uri(), root.uri()),
                leaf.ignoreUriCase(),
                or(leaf.scheme(), root.scheme()),
                or(leaf.method(), root.method()),
                or(leaf.authority(), root.authority()),
                over(root.headers(), leaf.headers()),
                over(root.withoutHeaders(), leaf.withoutHeaders()),
                over(root.queryParams(), leaf.queryParams()),
                port == null || port == 0 ? root.port() : port,
                over(root.sourceLabels(), leaf.sourceLabels()),
                namespace == null || namespace.isEmpty() ? root.sourceNamespace() : namespace,
                leaf.gateways().isEmpty() ? root.gateways() : leaf.gateways(),
                or(leaf.statPrefix(), root.statPrefix()));
    }

    /** The blocks with gateways as {@code ns/name}: short names of two namespaces are about to meet. */
    private static List<HttpMatchRequest> inFull(List<HttpMatchRequest> blocks, String namespace) {
        List<HttpMatchRequest> full = new ArrayList<>(blocks.size());
        for (HttpMatchRequest block : blocks) {
            full.add(block.gateways().isEmpty() ? block : inFull(block, namespace));
        }
        return full;
    }

    private static HttpMatchRequest inFull(HttpMatchRequest block, String namespace) {
        List<String> gateways = new ArrayList<>();
        for (String gateway : block.gateways()) {
            gateways.add(HostNames.gateway(gateway, namespace));
        }
        return new HttpMatchRequest(
                block.at(),
                block.name(),
                block.uri(),
                block.ignoreUriCase(),
                block.scheme(),
                block.method(),
                block.authority(),
                block.headers(),
                block.withoutHeaders(),
                block.queryParams(),
                block.port(),
                block.sourceLabels(),
                block.sourceNamespace(),
                gateways,
                block.statPrefix());
    }

    private static <V> Map<String, V> over(Map<String, V> root, Map<String, V> leaf) {
        if (root.isEmpty() || leaf.isEmpty()) {
            return root.isEmpty() ? leaf : root;
        }
        Map<String, V> merged = new LinkedHashMap<>(root);
        merged.putAll(leaf);
        return merged;
    }

    private static @Nullable String name(@Nullable String root, @Nullable String leaf) {
        if (leaf == null || leaf.isEmpty()) {
            return root;
        }
        return root == null || root.isEmpty() ? leaf : root + "-" + leaf;
    }

    private static <T> @Nullable T or(@Nullable T leaf, @Nullable T root) {
        return leaf == null ? root : leaf;
    }
}
