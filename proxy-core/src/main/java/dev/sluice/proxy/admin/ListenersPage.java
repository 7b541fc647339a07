package dev.sluice.proxy.admin;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.sluice.config.plan.ListenerPlan;
import dev.sluice.proxy.admin.http.Answer;
import dev.sluice.proxy.admin.http.Query;
import dev.sluice.proxy.assembly.RunningProxy;
import io.netty.util.NetUtil;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
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
            SocketAddress bound = proxy.listeners().find(plan.bind());
            text.append(plan.name()).append("::");
            text.append(bound == null ? "not bound" : text(bound));
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
            ChainsJson.write(plan.traffic().chains(), proxy.tls(), json);
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static String text(SocketAddress bound) {
        return bound instanceof InetSocketAddress inet ? NetUtil.toSocketAddressString(inet) : bound.toString();
    }

    private static void address(JsonGenerator json, @Nullable SocketAddress bound) throws IOException {
        json.writeBooleanField("bound", bound != null);
        if (bound == null) {
            return;
        }
        json.writeObjectFieldStart("local_address");
        if (bound instanceof InetSocketAddress inet) {
            json.writeObjectFieldStart("socket_address");
            json.writeStringField("address", NetUtil.toAddressString(inet.getAddress()));
            json.writeNumberField("port_value", inet.getPort());
        } else {
            json.writeObjectFieldStart("pipe");
            json.writeStringField("path", bound.toString());
        }
        json.writeEndObject();
        json.writeEndObject();
    }
}
