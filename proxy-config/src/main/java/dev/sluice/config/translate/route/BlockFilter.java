package dev.sluice.config.translate.route;

import dev.sluice.config.crd.HostNames;
import dev.sluice.config.crd.HttpMatchRequest;
import dev.sluice.config.crd.Labels;
import dev.sluice.config.crd.tree.Node;
import dev.sluice.config.translate.route.delegate.Rule;
import dev.sluice.config.translate.route.delegate.Rule.Dropped;
import dev.sluice.config.translate.scope.ProxyIdentity;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The conditions of a match block that do not depend on the request (spec §1.2): port, gateways, and the labels and
 * namespace of this workload, which count only in a block without gateways.
 */
final class BlockFilter {
    private static final String JWT_CLAIMS = "@request.auth.claims";

    private final ProxyIdentity identity;

    BlockFilter(ProxyIdentity identity) {
        this.identity = identity;
    }

    /** Why the block cannot take a request of that binding; null when it can. */
    @Nullable
    Dropped reason(Rule rule, int index, HttpMatchRequest block, Binding binding) {
        Long port = block.port();
        if (port != null && port != 0 && port != binding.port()) {
            return dropped(index, block, "port", "it is for port " + port + ", this is port " + binding.port());
        }
        if (!block.gateways().isEmpty()) {
            return ofGateways(rule, block.gateways(), binding.gateway())
                    ? ofClaims(index, block)
                    : dropped(index, block, "gateways", "it is not for " + binding.gateway());
        }
        if (!Labels.carry(identity.labels(), block.sourceLabels())) {
            return dropped(
                    index, block, "sourceLabels", "this workload does not carry the labels " + block.sourceLabels());
        }
        String namespace = block.sourceNamespace();
        if (namespace != null && !namespace.isEmpty() && !namespace.equals(identity.namespace())) {
            return dropped(index, block, "sourceNamespace", "this workload is of namespace " + identity.namespace());
        }
        return ofClaims(index, block);
    }

    /** Whether a header condition is about a claim of a JSON web token instead. */
    static boolean isClaim(String header) {
        return header.toLowerCase(Locale.ROOT).startsWith(JWT_CLAIMS);
    }

    /** No token is ever validated here, so a claim that must be there never is. */
    private static @Nullable Dropped ofClaims(int index, HttpMatchRequest block) {
        for (String header : block.headers().keySet()) {
            if (isClaim(header)) {
                return dropped(
                        index, block, "headers", "claims of tokens need a RequestAuthentication, which is not served");
            }
        }
        return null;
    }

    private static boolean ofGateways(Rule rule, List<String> gateways, String wanted) {
        for (String gateway : gateways) {
            if (HostNames.gateway(gateway, rule.namespace()).equals(wanted)) {
                return true;
            }
        }
        return false;
    }

    private static Dropped dropped(int index, HttpMatchRequest block, String field, String reason) {
        Node value = block.at().get(field);
        return new Dropped("match[" + index + "]." + field, reason, (value == null ? block.at() : value).ref());
    }
}
