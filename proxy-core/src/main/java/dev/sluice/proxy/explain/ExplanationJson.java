package dev.sluice.proxy.explain;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.sluice.config.plan.DestinationPlan;
import dev.sluice.config.plan.MatchPlan.ConditionPlan;
import dev.sluice.config.plan.MirrorPlan;
import dev.sluice.config.plan.RuleRef;
import dev.sluice.config.plan.SourceRef;
import dev.sluice.config.plan.VirtualHostPlan.SkippedRulePlan;
import dev.sluice.config.plan.policy.FaultPlan;
import dev.sluice.config.plan.policy.RetryPlan;
import dev.sluice.proxy.explain.Explanation.DestinationView;
import dev.sluice.proxy.explain.Explanation.Policies;
import dev.sluice.proxy.explain.Explanation.Tried;
import java.io.IOException;
import java.io.Writer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An explanation as JSON (contract.md). */
public final class ExplanationJson {
    private ExplanationJson() {}

    /** Writes {@code explanation} and leaves {@code out} open. */
    public static void write(Explanation explanation, Writer out) throws IOException {
        try (JsonGenerator json = new JsonFactory()
                .createGenerator(out)
                .disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)
                .useDefaultPrettyPrinter()) {
            json.writeStartObject();
            json.writeStringField("outcome", explanation.outcome().text());
            if (explanation.status() != 0) {
                json.writeNumberField("status", explanation.status());
            }
            json.writeStringField("reason", explanation.reason());
            text(json, "listener", explanation.listener());
            text(json, "virtualHost", explanation.virtualHost());
            RuleRef rule = explanation.rule();
            if (rule != null && !rule.virtualService().isEmpty()) {
                json.writeStringField("virtualService", rule.virtualService());
                json.writeFieldName("rule");
                rule(json, explanation.list(), rule);
            }
            destinations(json, explanation.destinations());
            request(json, explanation);
            Policies policies = explanation.policies();
            if (policies != null) {
                policies(json, policies);
            }
            mirrors(json, policies == null ? List.of() : policies.mirrors());
            tried(json, explanation.tried());
            skipped(json, explanation.skipped());
            json.writeEndObject();
        }
    }

    private static void rule(JsonGenerator json, String list, RuleRef rule) throws IOException {
        json.writeStartObject();
        if (!list.equals(Explanation.HTTP)) {
            json.writeStringField("list", list);
        }
        json.writeNumberField("index", rule.index());
        text(json, "name", rule.name());
        if (rule.matchIndex() >= 0) {
            json.writeNumberField("match", rule.matchIndex());
        }
        text(json, "virtualService", rule.virtualService());
        place(json, rule.at());
        json.writeEndObject();
    }

    private static void place(JsonGenerator json, SourceRef at) throws IOException {
        json.writeStringField("file", at.file());
        json.writeNumberField("line", at.line());
    }

    private static void destinations(JsonGenerator json, List<DestinationView> destinations) throws IOException {
        json.writeArrayFieldStart("destinations");
        for (DestinationView destination : destinations) {
            json.writeStartObject();
            json.writeStringField("host", destination.host());
            text(json, "subset", destination.subset());
            json.writeNumberField("port", destination.port());
            number(json, "weight", destination.share());
            json.writeStringField("balancer", destination.balancer());
            text(json, "locality", destination.locality());
            text(json, "limits", destination.limits());
            text(json, "outlierDetection", destination.outlier());
            json.writeArrayFieldStart("endpoints");
            for (String endpoint : destination.endpoints()) {
                json.writeString(endpoint);
            }
            json.writeEndArray();
            text(json, "problem", destination.problem());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void request(JsonGenerator json, Explanation explanation) throws IOException {
        json.writeObjectFieldStart("request");
        json.writeStringField("method", explanation.request().method());
        json.writeStringField("authority", explanation.request().authority());
        json.writeStringField("path", explanation.request().path());
        json.writeObjectFieldStart("headers");
        Map<String, String> headers = new LinkedHashMap<>();
        explanation
                .request()
                .headers()
                .forEach((name, value) ->
                        headers.merge(name.toString(), value.toString(), (before, another) -> before + "," + another));
        for (Map.Entry<String, String> header : headers.entrySet()) {
            json.writeStringField(header.getKey(), header.getValue());
        }
        json.writeEndObject();
        json.writeEndObject();
    }

    private static void policies(JsonGenerator json, Policies policies) throws IOException {
        if (policies.timeout() != null) {
            json.writeNumberField("timeoutMs", policies.timeout().toMillis());
        }
        if (policies.streamIdle() != null) {
            json.writeNumberField("streamIdleTimeoutMs", policies.streamIdle().toMillis());
        }
        retries(json, policies.retry());
        if (policies.affinity() != null) {
            affinity(json, policies.affinity());
        }
        if (policies.fault() != null) {
            fault(json, policies.fault());
        }
    }

    private static void mirrors(JsonGenerator json, List<MirrorPlan> mirrors) throws IOException {
        json.writeArrayFieldStart("mirrors");
        for (MirrorPlan mirror : mirrors) {
            json.writeStartObject();
            json.writeStringField("host", mirror.cluster().host());
            text(json, "subset", mirror.cluster().subset());
            json.writeNumberField("port", mirror.cluster().port());
            number(json, "percent", mirror.perMillion() / 10_000.0);
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void retries(JsonGenerator json, RetryPlan retry) throws IOException {
        json.writeObjectFieldStart("retries");
        json.writeNumberField("attempts", retry.attempts());
        if (retry.perTryTimeout() != null) {
            json.writeNumberField("perTryTimeoutMs", retry.perTryTimeout().toMillis());
        }
        json.writeArrayFieldStart("retryOn");
        for (String token :
                retry.retryOn().stream().map(RetryPlan.RetryOn::token).sorted().toList()) {
            json.writeString(token);
        }
        for (int status : retry.statusCodes()) {
            json.writeString(Integer.toString(status));
        }
        json.writeEndArray();
        json.writeBooleanField("default", retry.isDefault());
        json.writeEndObject();
    }

    private static void affinity(JsonGenerator json, Affinity affinity) throws IOException {
        json.writeObjectFieldStart("affinity");
        json.writeArrayFieldStart("keys");
        for (String key : affinity.keys()) {
            json.writeString(key);
        }
        json.writeEndArray();
        DestinationPlan destination = affinity.destination();
        if (destination != null) {
            json.writeObjectFieldStart("destination");
            json.writeStringField("host", destination.cluster().host());
            text(json, "subset", destination.cluster().subset());
            json.writeNumberField("port", destination.cluster().port());
            json.writeEndObject();
        }
        text(json, "endpoint", affinity.endpoint());
        json.writeEndObject();
    }

    private static void fault(JsonGenerator json, FaultPlan fault) throws IOException {
        json.writeObjectFieldStart("fault");
        json.writeStringField("scope", fault.scope() == FaultPlan.Scope.REQUEST ? "request" : "attempt");
        if (fault.delay() != null) {
            json.writeNumberField("delayMs", fault.delay().toMillis());
            number(json, "delayPercent", fault.delayPerMillion() / 10_000.0);
        }
        if (fault.abortPerMillion() > 0) {
            number(json, "abortPercent", fault.abortPerMillion() / 10_000.0);
            if (fault.abortHttpStatus() > 0) {
                json.writeNumberField("httpStatus", fault.abortHttpStatus());
            } else {
                json.writeNumberField("grpcStatus", fault.abortGrpcStatus());
            }
        }
        json.writeEndObject();
    }

    private static void tried(JsonGenerator json, List<Tried> tried) throws IOException {
        json.writeArrayFieldStart("tried");
        for (Tried one : tried) {
            json.writeStartObject();
            json.writeFieldName("rule");
            rule(json, Explanation.HTTP, one.rule());
            ConditionPlan failed = one.failed();
            json.writeBooleanField("matched", failed == null);
            if (failed != null) {
                json.writeObjectFieldStart("failed");
                json.writeStringField("condition", failed.field());
                json.writeStringField("expected", ExplanationText.describe(failed));
                place(json, failed.at());
                json.writeEndObject();
            }
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void skipped(JsonGenerator json, List<SkippedRulePlan> skipped) throws IOException {
        json.writeArrayFieldStart("skipped");
        for (SkippedRulePlan one : skipped) {
            json.writeStartObject();
            json.writeFieldName("rule");
            rule(json, Explanation.HTTP, one.rule());
            json.writeStringField("condition", one.predicate());
            json.writeStringField("reason", one.reason());
            place(json, one.at());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void text(JsonGenerator json, String field, @Nullable String value) throws IOException {
        if (value != null) {
            json.writeStringField(field, value);
        }
    }

    /** A whole number without a fraction: 75, not 75.0. */
    private static void number(JsonGenerator json, String field, double value) throws IOException {
        if (value == Math.rint(value)) {
            json.writeNumberField(field, (long) value);
        } else {
            json.writeNumberField(field, value);
        }
    }
}
