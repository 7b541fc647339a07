package dev.sluice.config.validate.route;

import dev.sluice.config.crd.HttpMatchRequest;
import dev.sluice.config.crd.HttpRoute;
import dev.sluice.config.crd.StringMatch;
import dev.sluice.config.crd.TcpRoute;
import dev.sluice.config.crd.TlsRoute;
import dev.sluice.config.crd.VirtualService;
import dev.sluice.config.crd.tree.MapNode;
import dev.sluice.config.validate.Finding.Severity;
import dev.sluice.config.validate.rule.Codes;
import dev.sluice.config.validate.rule.Place;
import dev.sluice.config.validate.rule.Report;
import dev.sluice.config.validate.rule.ValueRules;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Rules and match blocks that earlier ones leave nothing for (spec §11.1, reachability; Istio's {@code
 * VirtualServiceUnreachableRule} and {@code VirtualServiceIneffectiveMatch}).
 */
final class ReachabilityRules {
    private final Report report;
    /** The first rule that had an equal match block. */
    private final Map<MapNode, MapNode> matches = new HashMap<>();

    private @Nullable MapNode matchless;

    private ReachabilityRules(Report report) {
        this.report = report;
    }

    static void check(VirtualService service, Report report) {
        ReachabilityRules http = new ReachabilityRules(report);
        PrefixCover cover = new PrefixCover(report);
        HttpMatchRequest catchAll = null;
        for (HttpRoute route : service.http()) {
            List<MapNode> blocks = new ArrayList<>();
            route.match().forEach(match -> blocks.add(match.at()));
            boolean lost = http.matchless != null;
            Set<MapNode> fresh = http.rule(route.at(), blocks);
            boolean open = blocks.isEmpty() && !lost;
            for (HttpMatchRequest match : route.match()) {
                open |= fresh.contains(match.at()) && !cover.add(match);
            }
            if (catchAll != null && open) {
                report.warning(
                        Codes.BEHIND_CATCH_ALL,
                        Place.of(route.at()),
                        "is never reached: the match in line "
                                + catchAll.at().location().line() + " takes every request");
            } else if (catchAll == null) {
                catchAll = catchAll(route);
            }
        }
        ReachabilityRules tls = new ReachabilityRules(report);
        for (TlsRoute route : service.tls()) {
            List<MapNode> blocks = new ArrayList<>();
            route.match().forEach(match -> blocks.add(match.at()));
            tls.rule(route.at(), blocks);
        }
        ReachabilityRules tcp = new ReachabilityRules(report);
        for (TcpRoute route : service.tcp()) {
            List<MapNode> blocks = new ArrayList<>();
            route.match().forEach(match -> blocks.add(match.at()));
            tcp.rule(route.at(), blocks);
        }
    }

    /** A block that takes whatever comes, on every port, from everybody; null for none. */
    private static @Nullable HttpMatchRequest catchAll(HttpRoute route) {
        for (HttpMatchRequest match : route.match()) {
            StringMatch uri = match.uri();
            boolean everyPath = uri == null
                    || "".equals(uri.prefix())
                    || "/".equals(uri.prefix())
                    || ".*".equals(uri.regex())
                    || "/.*".equals(uri.regex());
            boolean noMore = match.scheme() == null
                    && match.method() == null
                    && match.authority() == null
                    && match.headers().isEmpty()
                    && match.withoutHeaders().isEmpty()
                    && match.queryParams().isEmpty();
            boolean everywhere = (match.port() == null || match.port() == 0)
                    && match.sourceLabels().isEmpty()
                    && match.sourceNamespace() == null
                    && match.gateways().isEmpty();
            if (everyPath && noMore && everywhere) {
                return match;
            }
        }
        return null;
    }

    /** The blocks that no earlier one equals. */
    private Set<MapNode> rule(MapNode rule, List<MapNode> blocks) {
        MapNode before = matchless;
        if (before != null) {
            String reason = blocks.isEmpty()
                    ? "is never reached: only the last rule can do without a match, and the one in line "
                    : "is never reached: the rule without a match in line ";
            report.warning(
                    Codes.UNREACHABLE_RULE,
                    Place.of(rule),
                    reason + before.location().line() + " takes everything");
            return Set.of();
        }
        if (blocks.isEmpty()) {
            // a match of which nothing could be read is no missing match
            matchless = ValueRules.none(rule, "match") ? rule : null;
            return Set.of();
        }
        Set<MapNode> fresh = Collections.newSetFromMap(new IdentityHashMap<>());
        for (MapNode block : blocks) {
            MapNode earlier = matches.putIfAbsent(withoutName(block), block);
            if (earlier == null) {
                fresh.add(block);
            } else {
                report.add(
                        Severity.INFO,
                        Codes.INEFFECTIVE_MATCH,
                        Place.of(block),
                        "has no effect: it is the same match as in line "
                                + earlier.location().line());
            }
        }
        if (fresh.isEmpty()) {
            report.warning(
                    Codes.UNREACHABLE_RULE, Place.of(rule), "is never reached: earlier rules have all of its matches");
        }
        return fresh;
    }

    /** A block's name routes nothing. */
    private static MapNode withoutName(MapNode block) {
        if (!block.has("name")) {
            return block;
        }
        MapNode.Builder copy = new MapNode.Builder(block);
        for (int i = 0; i < block.size(); i++) {
            if (!block.key(i).equals("name")) {
                copy.put(block.key(i), 0, 0, block.value(i));
            }
        }
        return copy.build();
    }
}
