package dev.sluice.proxy.admin;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.sluice.config.plan.ListenerPlan;
import dev.sluice.proxy.admin.http.Answer;
import dev.sluice.proxy.admin.http.Query;
import dev.sluice.proxy.assembly.RunningProxy;
import io.netty.util.NetUtil;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code /listeners}: every listener of the configuration in force and where it is bound, in Envoy's two formats. */
final class ListenersPage {
    private final RunningProxy proxy;

    ListenersPage(RunningProxy proxy) {
        this.proxy = proxy;
    }

    Answer answer(Query query) throws IOException {
        List<ListenerPlan> plans = proxy.snapshot().plan().listeners();
        if (query.choice("format", "text", List.of("text", "json")).equals("json")) {
            return Answer.json(JsonText.of(json -> write(plans, json)));
        }
        StringBuilder text = new StringBuilder();
        for (ListenerPlan plan : plans) {
            InetSocketAddress bound = proxy.listeners().find(plan.bind());
            text.append(plan.name()).append("::");
            text.append(bound == null ? "not bound" : NetUtil.toSocketAddressString(bound));
            text.append('\n');
        }
        return Answer.text(text.toString());
    }

    private void write(List<ListenerPlan> plans, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeArrayFieldStart("listener_statuses");
        for (ListenerPlan plan : plans) {
            json.writeStartObject();
            json.writeStringField("name", plan.name());
            json.writeStringField("kind", plan.kind().name());
            address(json, proxy.listeners().find(plan.bind()));
            json.writeArrayFieldStart("gateways");
            for (String gateway : plan.gateways()) {
                json.writeString(gateway);
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void address(JsonGenerator json, @Nullable InetSocketAddress bound) throws IOException {
        json.writeBooleanField("bound", bound != null);
        if (bound == null) {
            return;
        }
        json.writeObjectFieldStart("local_address");
        json.writeObjectFieldStart("socket_address");
        json.writeStringField("address", NetUtil.toAddressString(bound.getAddress()));
        json.writeNumberField("port_value", bound.getPort());
        json.writeEndObject();
        json.writeEndObject();
    }
}
