package dev.sluice.config.translate;

import dev.sluice.config.plan.ClusterPlan;
import dev.sluice.config.plan.DestinationPlan;
import dev.sluice.config.plan.EndpointPlan;
import dev.sluice.config.plan.ListenerPlan;
import dev.sluice.config.plan.MatchPlan;
import dev.sluice.config.plan.MatchPlan.ConditionPlan;
import dev.sluice.config.plan.MirrorPlan;
import dev.sluice.config.plan.ProxySettingsPlan;
import dev.sluice.config.plan.RouteActionPlan;
import dev.sluice.config.plan.RoutePlan;
import dev.sluice.config.plan.RouteTablePlan;
import dev.sluice.config.plan.RuleRef;
import dev.sluice.config.plan.TrafficPlan;
import dev.sluice.config.plan.VirtualHostPlan;
import dev.sluice.config.plan.chain.ChainPlan;
import dev.sluice.config.plan.chain.ChainTarget;
import dev.sluice.config.plan.policy.BalancePlan;
import dev.sluice.config.plan.policy.FaultPlan;
import dev.sluice.config.plan.policy.HeaderPlan;
import dev.sluice.config.plan.policy.LimitsPlan;
import dev.sluice.config.plan.policy.RetryPlan;
import dev.sluice.config.plan.policy.StringMatchPlan;
import dev.sluice.config.validate.Finding;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;

/** A plan as text, stable and short: what has its default is left out. */
final class PlanText {
    private final StringBuilder out = new StringBuilder();

    private PlanText() {}

    static String of(Compiled compiled) {
        PlanText text = new PlanText();
        compiled.plan().listeners().forEach(text::listener);
        compiled.plan().clusters().values().stream()
                .sorted(Comparator.comparing(cluster -> cluster.key().toString()))
                .forEach(text::cluster);
        if (!compiled.plan().settings().equals(ProxySettingsPlan.DEFAULTS)) {
            text.line(0, "settings " + fields(compiled.plan().settings().toString()));
        }
        for (Finding notice : compiled.notices()) {
            text.line(0, notice.text());
        }
        return text.out.toString();
    }

    private void line(int depth, String line) {
        out.append("  ".repeat(depth)).append(line.stripTrailing()).append('\n');
    }

    private void listener(ListenerPlan listener) {
        TrafficPlan traffic = listener.traffic();
        RouteTablePlan cleartext = traffic.routes();
        line(
                0,
                "listener " + listener.name() + " " + listener.kind()
                        + (cleartext == null
                                ? ""
                                : " table=" + cleartext.name() + " unknown=" + cleartext.unknownHost())
                        + (traffic.capture() == null
                                ? ""
                                : " " + fields(traffic.capture().toString()))
                        + (traffic.detection() == null
                                ? ""
                                : " " + fields(traffic.detection().toString()))
                        + (listener.gateways().isEmpty() ? "" : " of " + String.join(", ", listener.gateways())));
        if (cleartext != null) {
            table(cleartext);
        }
        for (ChainPlan chain : traffic.chains()) {
            line(1, ChainText.head(chain));
            if (chain.tls() != null) {
                line(2, TlsText.server(chain.tls()));
            }
            ChainText.bytes(chain).forEach(text -> line(1, text));
            if (chain.target() instanceof ChainTarget.Http http) {
                line(
                        2,
                        "table=" + http.routes().name() + " unknown="
                                + http.routes().unknownHost());
                table(http.routes());
            }
        }
    }

    private void table(RouteTablePlan table) {
        for (VirtualHostPlan host : table.hosts()) {
            line(1, "host " + String.join(" ", host.domains()) + (host.httpsRedirect() ? " https-only" : ""));
            host.routes().forEach(this::route);
            for (VirtualHostPlan.SkippedRulePlan skipped : host.skipped()) {
                line(2, "skipped " + ref(skipped.rule()) + " by " + skipped.predicate() + ": " + skipped.reason());
            }
        }
    }

    private void route(RoutePlan route) {
        line(2, ref(route.rule()) + " if " + match(route.match()));
        headers(3, "", route.headers());
        if (route.action() instanceof RouteActionPlan.Forward forward) {
            for (DestinationPlan destination : forward.destinations()) {
                line(
                        3,
                        "to " + destination.cluster()
                                + (forward.destinations().size() > 1 ? " weight " + destination.weight() : "")
                                + (destination.hash().keys().isEmpty()
                                        ? ""
                                        : " by " + destination.hash().keys()));
                headers(4, "", destination.headers());
            }
            forward(forward);
        } else if (route.action() instanceof RouteActionPlan.DirectResponse direct) {
            line(3, "answer " + direct.status() + " " + new String(direct.body().bytes(), StandardCharsets.UTF_8));
        } else {
            line(3, route.action().toString());
        }
    }

    private void forward(RouteActionPlan.Forward forward) {
        if (forward.rewrite() != null) {
            line(3, "rewrite " + forward.rewrite());
        }
        for (MirrorPlan mirror : forward.mirrors()) {
            line(3, "mirror " + mirror.cluster() + " " + mirror.perMillion() + " per million");
        }
        if (forward.cors() != null) {
            line(3, "cors " + fields(forward.cors().toString()));
        }
        if (forward.timeout().route() != null) {
            line(3, "timeout " + forward.timeout().route());
        }
        if (forward.timeout().streamIdle() != null) {
            line(3, "idle stream " + forward.timeout().streamIdle());
        }
        if (forward.retry().equals(RetryPlan.OFF)) {
            line(3, "retry off");
        } else if (!forward.retry().equals(RetryPlan.DEFAULT)) {
            line(3, "retry " + retry(forward.retry()));
        }
        FaultPlan fault = forward.fault();
        if (fault != null) {
            line(3, "fault " + fields(fault.toString()));
        }
        if (forward.replayLimitBytes() != RouteActionPlan.Forward.DEFAULT_REPLAY_LIMIT_BYTES) {
            line(3, "replay limit " + forward.replayLimitBytes());
        }
    }

    private static String retry(RetryPlan retry) {
        List<String> words =
                retry.retryOn().stream().sorted().map(RetryPlan.RetryOn::token).toList();
        return retry.attempts() + (retry.perTryTimeout() == null ? "" : " of " + retry.perTryTimeout()) + " on "
                + String.join(",", words)
                + (retry.statusCodes().isEmpty() ? "" : " codes " + retry.statusCodes())
                + (retry.retryRemoteLocalities() ? " remote localities" : "")
                + (retry.ignorePreviousHosts() ? "" : " same hosts too")
                + (retry.baseInterval().equals(RetryPlan.DEFAULT_BASE_INTERVAL) ? "" : " from " + retry.baseInterval())
                + (retry.isDefault() ? " (default)" : "");
    }

    private void headers(int depth, String level, HeaderPlan plan) {
        operations(depth, level + "request", plan.request());
        operations(depth, level + "response", plan.response());
        if (plan.authority() != null) {
            line(depth, "authority " + plan.authority());
        }
    }

    private void operations(int depth, String what, HeaderPlan.Operations operations) {
        if (!operations.isEmpty()) {
            List<String> parts = new ArrayList<>();
            operations.remove().forEach(name -> parts.add("-" + name));
            operations.set().forEach(entry -> parts.add(entry.name() + "=" + entry.value()));
            operations.add().forEach(entry -> parts.add("+" + entry.name() + "=" + entry.value()));
            line(depth, what + " headers " + String.join(" ", parts));
        }
    }

    private static String ref(RuleRef rule) {
        return rule.virtualService().isEmpty()
                ? "default"
                : rule.virtualService() + " http[" + rule.index() + "]"
                        + (rule.matchIndex() < 0 ? "" : ".match[" + rule.matchIndex() + "]")
                        + (rule.name() == null ? "" : " '" + rule.name() + "'");
    }

    private static String match(MatchPlan match) {
        List<String> parts = new ArrayList<>();
        for (ConditionPlan field :
                new ConditionPlan[] {match.path(), match.scheme(), match.method(), match.authority()}) {
            if (field != null) {
                parts.add(condition(field));
            }
        }
        if (match.ignorePathCase()) {
            parts.add("(whatever the case)");
        }
        match.headers().forEach(condition -> parts.add(condition(condition)));
        match.withoutHeaders().forEach(condition -> parts.add("not " + condition(condition)));
        match.queryParams().forEach(condition -> parts.add(condition(condition)));
        return parts.isEmpty() ? "any" : String.join(", ", parts);
    }

    private static String condition(ConditionPlan condition) {
        return condition.field() + " " + text(condition.value());
    }

    private static String text(StringMatchPlan value) {
        if (value instanceof StringMatchPlan.Exact exact) {
            return "= " + exact.value();
        }
        if (value instanceof StringMatchPlan.Prefix prefix) {
            return prefix.value() + "…";
        }
        return value instanceof StringMatchPlan.Regex regex ? "~ " + regex.pattern() : "is there";
    }

    private void cluster(ClusterPlan cluster) {
        line(
                0,
                "cluster " + cluster.key() + " " + cluster.discovery() + " " + cluster.protocol()
                        + balance(cluster.balance()));
        if (cluster.connect().tls() != null) {
            line(1, TlsText.client(cluster.connect().tls()));
        }
        if (cluster.connect().proxyProtocol() != null) {
            line(1, "PROXY protocol " + cluster.connect().proxyProtocol());
        }
        for (EndpointPlan endpoint : cluster.endpoints()) {
            line(
                    1,
                    endpoint.hostPort()
                            + (endpoint.weight() == 1 ? "" : " weight " + endpoint.weight())
                            + (endpoint.locality() == null ? "" : " in " + endpoint.locality())
                            + (endpoint.labels().isEmpty() ? "" : " " + new TreeMap<>(endpoint.labels())));
        }
        if (!cluster.limits().equals(LimitsPlan.DEFAULT)) {
            line(1, "limits " + difference(cluster.limits().toString(), LimitsPlan.DEFAULT.toString()));
        }
        if (cluster.outlier() != null) {
            line(1, "outlier " + fields(cluster.outlier().toString()));
        }
    }

    private static String balance(BalancePlan balance) {
        if (balance.equals(BalancePlan.DEFAULT)) {
            return "";
        }
        String text = " " + balance.algorithm();
        if (balance.algorithm() == BalancePlan.Algorithm.RING_HASH) {
            text += " of " + balance.ringMinimumSize();
        }
        if (balance.algorithm() == BalancePlan.Algorithm.MAGLEV) {
            text += " of " + balance.maglevTableSize();
        }
        if (balance.warmup() != null) {
            text += " " + balance.warmup();
        }
        BalancePlan.LocalityPlan locality = balance.locality();
        if (locality != null) {
            text += " locality " + locality.own() + " failover " + new TreeMap<>(locality.failover()) + " priority "
                    + locality.failoverPriority();
            for (BalancePlan.DistributePlan share : locality.distribute()) {
                text += " from " + share.from() + " to " + new TreeMap<>(share.to());
            }
        }
        return text;
    }

    /** What a record's text says beyond another's of its type. */
    private static String difference(String of, String from) {
        List<String> known = List.of(fields(from).split(", ", -1));
        List<String> parts = new ArrayList<>(List.of(fields(of).split(", ", -1)));
        parts.removeAll(new TreeSet<>(known));
        return String.join(", ", parts);
    }

    private static String fields(String record) {
        return record.substring(record.indexOf('[') + 1, record.length() - 1);
    }
}
