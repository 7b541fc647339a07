package dev.sluice.proxy.explain;

import dev.sluice.config.plan.DestinationPlan;
import dev.sluice.config.plan.MatchPlan.ConditionPlan;
import dev.sluice.config.plan.MirrorPlan;
import dev.sluice.config.plan.RuleRef;
import dev.sluice.config.plan.VirtualHostPlan.SkippedRulePlan;
import dev.sluice.config.plan.policy.FaultPlan;
import dev.sluice.config.plan.policy.RetryPlan;
import dev.sluice.config.plan.policy.StringMatchPlan;
import dev.sluice.proxy.explain.Explanation.DestinationView;
import dev.sluice.proxy.explain.Explanation.Policies;
import dev.sluice.proxy.explain.Explanation.Tried;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** An explanation for people. */
public final class ExplanationText {
    private ExplanationText() {}

    /** Lines, the last one ended. */
    public static String of(Explanation explanation) {
        StringBuilder out = new StringBuilder();
        line(
                out,
                "outcome",
                explanation.outcome().text() + (explanation.status() == 0 ? "" : " " + explanation.status()) + ": "
                        + explanation.reason());
        if (explanation.listener() != null) {
            line(out, "listener", explanation.listener());
        }
        if (explanation.virtualHost() != null) {
            line(out, "virtual host", explanation.virtualHost());
        }
        RuleRef rule = explanation.rule();
        if (rule != null && !rule.virtualService().isEmpty()) {
            line(out, "rule", rule(explanation.list(), rule));
        } else if (rule != null && explanation.outcome() == Explanation.Outcome.ROUTE) {
            line(out, "rule", "the service's own route (no VirtualService takes its host)");
        }
        for (DestinationView destination : explanation.destinations()) {
            line(out, "destination", destination(destination));
            if (destination.limits() != null) {
                line(out, "  limits", destination.limits());
            }
            if (destination.outlier() != null) {
                line(out, "  ejects", destination.outlier());
            }
        }
        if (!explanation.destinations().isEmpty()) {
            line(
                    out,
                    "upstream sees",
                    explanation.request().method() + " " + explanation.request().authority()
                            + explanation.request().path());
        }
        if (explanation.policies() != null) {
            policies(out, explanation.policies());
        }
        tried(out, explanation);
        return out.toString();
    }

    private static void line(StringBuilder out, String name, String value) {
        out.append(String.format(Locale.ROOT, "%-14s%s%n", name, value));
    }

    private static String rule(String list, RuleRef rule) {
        if (rule.virtualService().isEmpty()) {
            return "the default route";
        }
        String name = rule.name() == null ? "" : " \"" + rule.name() + "\"";
        String match = rule.matchIndex() < 0 ? "" : ".match[" + rule.matchIndex() + "]";
        return rule.virtualService() + " " + list + "[" + rule.index() + "]" + match + name + "  "
                + rule.at().file() + ":" + rule.at().line();
    }

    private static String destination(DestinationView destination) {
        String subset = destination.subset() == null ? "" : " subset " + destination.subset();
        String problem = destination.problem() == null ? "" : "  ! " + destination.problem();
        return percent(destination.share()) + " " + destination.host() + ":" + destination.port() + subset + "  "
                + destination.balancer() + " over " + destination.endpoints()
                + (destination.locality() == null ? "" : ", " + destination.locality()) + problem;
    }

    private static String affinity(Affinity affinity) {
        DestinationPlan destination = affinity.destination();
        String by = "by " + String.join(", then ", affinity.keys()) + ": ";
        if (destination == null) {
            return by + "this request, as asked, has no key";
        }
        return by + "this request belongs to " + destination.cluster()
                + (affinity.endpoint() == null ? "" : ", endpoint " + affinity.endpoint());
    }

    private static void policies(StringBuilder out, Policies policies) {
        if (policies.affinity() != null) {
            line(out, "affinity", affinity(policies.affinity()));
        }
        line(
                out,
                "timeout",
                policies.timeout() == null ? "none" : policies.timeout().toMillis() + " ms");
        if (policies.streamIdle() != null) {
            line(out, "idle stream", "ends after " + policies.streamIdle().toMillis() + " ms");
        }
        line(out, "retries", retries(policies.retry()));
        FaultPlan fault = policies.fault();
        if (fault != null) {
            String delay = fault.delay() == null
                    ? ""
                    : "delay " + fault.delay().toMillis() + " ms on " + percent(fault.delayPerMillion() / 10_000.0)
                            + " ";
            String abort =
                    fault.abortPerMillion() == 0 ? "" : "abort " + percent(fault.abortPerMillion() / 10_000.0) + " ";
            line(out, "fault", delay + abort + "(" + fault.scope().name().toLowerCase(Locale.ROOT) + " scope)");
        }
        for (MirrorPlan mirror : policies.mirrors()) {
            line(out, "mirror", percent(mirror.perMillion() / 10_000.0) + " to " + mirror.cluster());
        }
    }

    private static String retries(RetryPlan retry) {
        if (retry.attempts() == 0) {
            return "off";
        }
        String on = Stream.concat(
                        retry.retryOn().stream().map(RetryPlan.RetryOn::token).sorted(),
                        retry.statusCodes().stream().map(String::valueOf))
                .collect(Collectors.joining(","));
        String each = retry.perTryTimeout() == null
                ? ""
                : ", " + retry.perTryTimeout().toMillis() + " ms each";
        return retry.attempts() + " on " + on + each + (retry.isDefault() ? " (default)" : "");
    }

    private static void tried(StringBuilder out, Explanation explanation) {
        if (explanation.tried().isEmpty() && explanation.skipped().isEmpty()) {
            return;
        }
        out.append(String.format("%nrules tried, in order%n"));
        for (Tried one : explanation.tried()) {
            ConditionPlan failed = one.failed();
            String verdict = failed == null
                    ? "takes it"
                    : "no: " + failed.field() + " is not " + describe(failed) + "  "
                            + failed.at().file() + ":" + failed.at().line();
            out.append("  ").append(rule(Explanation.HTTP, one.rule())).append(String.format("%n      %s%n", verdict));
        }
        for (SkippedRulePlan one : explanation.skipped()) {
            out.append("  ")
                    .append(rule(Explanation.HTTP, one.rule()))
                    .append(String.format("%n      never runs here: %s (%s)%n", one.reason(), one.predicate()));
        }
    }

    /** What a condition asks for. */
    static String describe(ConditionPlan condition) {
        StringMatchPlan value = condition.value();
        if (value instanceof StringMatchPlan.Exact exact) {
            return "exactly \"" + exact.value() + "\"";
        }
        if (value instanceof StringMatchPlan.Prefix prefix) {
            return "prefixed \"" + prefix.value() + "\"";
        }
        if (value instanceof StringMatchPlan.Regex regex) {
            return "matched by /" + regex.pattern() + "/";
        }
        return "present";
    }

    private static String percent(double value) {
        return value == Math.rint(value) ? (long) value + " %" : String.format(Locale.ROOT, "%.2f %%", value);
    }
}
