package dev.sluice.proxy.admin;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.sluice.config.validate.Finding;
import java.io.IOException;
import java.time.Instant;
import java.util.List;

/** How reloading stands, as JSON: a part of {@code /server_info} and {@code /config_dump}. */
final class ReloadJson {
    private ReloadJson() {}

    static void write(ReloadStatus status, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeNumberField("generation", status.generation());
        json.writeStringField(
                "lastReload", Instant.ofEpochMilli(status.lastMillis()).toString());
        json.writeStringField("outcome", status.outcome().text());
        json.writeNumberField("rejected", status.rejected());
        JsonText.optional(json, "failure", status.failure());
        findings(json, "kept", status.kept());
        json.writeArrayFieldStart("unbound");
        for (String listener : status.unbound()) {
            json.writeString(listener);
        }
        json.writeEndArray();
        findings(
                json,
                "findings",
                status.findings().stream()
                        .filter(finding -> !finding.blocking())
                        .toList());
        json.writeEndObject();
    }

    private static void findings(JsonGenerator json, String field, List<Finding> findings) throws IOException {
        json.writeArrayFieldStart(field);
        for (Finding finding : findings) {
            FindingJson.write(finding, json);
        }
        json.writeEndArray();
    }
}
