package dev.sluice.proxy.admin;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.sluice.config.plan.ClusterKey;
import dev.sluice.config.plan.ConnectPlan;
import dev.sluice.config.plan.ListenerPlan.BindAddress;
import dev.sluice.config.plan.MatchPlan.ConditionPlan;
import dev.sluice.config.plan.SourceRef;
import dev.sluice.config.plan.TrafficPlan;
import dev.sluice.config.plan.policy.HeaderPlan;
import dev.sluice.proxy.telemetry.Secrets;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Plans as JSON, by the names of their components, so that a field added to a plan is in the dump without further ado. Null
 * is left out; what a plan is only put together of is written as fields of its own; of the records of a sealed type each tells which one it is by {@code type}. Values of headers that are
 * credentials are redacted (spec/reliability.md E10).
 */
final class PlanJson {
    private PlanJson() {}

    static void write(@Nullable Object value, JsonGenerator json) throws IOException {
        if (value == null) {
            json.writeNull();
        } else if (value instanceof Boolean flag) {
            json.writeBoolean(flag);
        } else if (value instanceof Integer || value instanceof Long) {
            json.writeNumber(((Number) value).longValue());
        } else if (value instanceof Number number) {
            json.writeNumber(number.doubleValue());
        } else if (value instanceof Collection<?> items) {
            json.writeStartArray();
            for (Object item : items) {
                write(item, json);
            }
            json.writeEndArray();
        } else if (value instanceof Map<?, ?> map) {
            json.writeStartObject();
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                json.writeFieldName(text(entry.getKey()));
                write(entry.getValue(), json);
            }
            json.writeEndObject();
        } else if (value instanceof Record plan && !isWord(plan)) {
            object(plan, json);
        } else {
            json.writeString(text(value));
        }
    }

    /** Records that are one word to a reader. */
    private static boolean isWord(Record plan) {
        return plan instanceof ClusterKey || plan instanceof BindAddress;
    }

    /** Records whose fields a reader looks for where the record is. */
    private static boolean isPart(Record plan) {
        return plan instanceof TrafficPlan || plan instanceof ConnectPlan;
    }

    private static String text(Object value) {
        if (value instanceof ClusterKey key) {
            return key.envoyName();
        }
        if (value instanceof Duration duration) {
            return duration.toMillis() + "ms";
        }
        return value.toString();
    }

    private static void object(Record plan, JsonGenerator json) throws IOException {
        json.writeStartObject();
        for (Class<?> type : plan.getClass().getInterfaces()) {
            if (type.isSealed()) {
                json.writeStringField("type", plan.getClass().getSimpleName());
            }
        }
        fields(plan, json);
        json.writeEndObject();
    }

    private static void fields(Record plan, JsonGenerator json) throws IOException {
        for (RecordComponent component : plan.getClass().getRecordComponents()) {
            Object value = read(plan, component);
            if (value == null || isNowhere(value)) {
                continue;
            }
            if (value instanceof Record part && isPart(part)) {
                fields(part, json);
                continue;
            }
            json.writeFieldName(component.getName());
            if (component.getName().equals("value") && isSecret(plan)) {
                json.writeString(Secrets.REDACTED);
            } else {
                write(value, json);
            }
        }
    }

    private static boolean isNowhere(Object value) {
        return value instanceof SourceRef place && place.file().isEmpty();
    }

    /** Whether the value that {@code plan} sets or compares is a credential. */
    static boolean isSecret(Record plan) {
        if (plan instanceof HeaderPlan.Entry header) {
            return Secrets.isSecret(header.name());
        }
        return plan instanceof ConditionPlan condition
                && condition.field().contains("eaders[")
                && Secrets.isSecret(condition.key());
    }

    private static @Nullable Object read(Record plan, RecordComponent component) {
        try {
            return component.getAccessor().invoke(plan);
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException("a plan's accessor failed: " + component, e);
        }
    }
}
