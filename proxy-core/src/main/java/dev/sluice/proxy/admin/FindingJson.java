package dev.sluice.proxy.admin;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.sluice.config.validate.Finding;
import java.io.IOException;

/** A finding as JSON, the same wherever one is told of: by {@code check}, and on the admin port. */
public final class FindingJson {
    private FindingJson() {}

    /** Writes an object; what is not known of the finding's own object is left out. */
    public static void write(Finding finding, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("file", finding.at().file());
        json.writeNumberField("line", finding.at().line());
        json.writeNumberField("column", finding.at().column());
        json.writeStringField("severity", finding.severity().text());
        json.writeStringField("code", finding.code());
        JsonText.optional(json, "kind", finding.about().kind());
        JsonText.optional(json, "namespace", finding.about().namespace());
        JsonText.optional(json, "name", finding.about().name());
        JsonText.optional(json, "path", finding.path());
        json.writeStringField("message", finding.message());
        json.writeEndObject();
    }
}
