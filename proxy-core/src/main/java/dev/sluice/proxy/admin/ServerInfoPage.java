package dev.sluice.proxy.admin;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.sluice.proxy.admin.http.Answer;
import dev.sluice.proxy.admin.http.Query;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** {@code /server_info}: what runs, since when, and how its configuration stands; Envoy's names where Envoy has one. */
final class ServerInfoPage {
    private final AdminSubject subject;

    ServerInfoPage(AdminSubject subject) {
        this.subject = subject;
    }

    @SuppressWarnings("unused") // a responder's shape
    Answer answer(Query query) throws IOException {
        return Answer.json(JsonText.of(this::write));
    }

    private void write(JsonGenerator json) throws IOException {
        ServerFacts facts = subject.facts();
        long upSeconds =
                TimeUnit.MILLISECONDS.toSeconds(Math.max(0, System.currentTimeMillis() - facts.startedMillis()));
        json.writeStartObject();
        json.writeStringField("version", facts.version());
        json.writeStringField("state", subject.readiness().state().name());
        json.writeStringField("uptime_current_epoch", upSeconds + "s");
        json.writeStringField("jdk", facts.jdk());
        json.writeStringField("transport", facts.transport());
        json.writeNumberField("workers", facts.workers());
        json.writeNumberField("connections", subject.proxy().listeners().connections());
        json.writeObjectFieldStart("node");
        json.writeStringField("namespace", facts.namespace());
        json.writeObjectFieldStart("labels");
        for (Map.Entry<String, String> label : new TreeMap<>(facts.labels()).entrySet()) {
            json.writeStringField(label.getKey(), label.getValue());
        }
        json.writeEndObject();
        json.writeEndObject();
        json.writeFieldName("configuration");
        ReloadJson.write(subject.reloads(), json);
        json.writeEndObject();
    }
}
