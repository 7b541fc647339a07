package dev.sluice.proxy.app;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.sluice.config.validate.Finding;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Findings as {@code check} prints them (contract.md). */
final class FindingsPrinter {
    /** How. */
    enum Format {
        text,
        json
    }

    private FindingsPrinter() {}

    static void print(List<Finding> findings, Format format, PrintWriter out) {
        if (format == Format.text) {
            findings.forEach(finding -> out.println(finding.text()));
            out.flush();
            return;
        }
        try (JsonGenerator json = new JsonFactory()
                .createGenerator(out)
                .disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)
                .useDefaultPrettyPrinter()) {
            json.writeStartArray();
            for (Finding finding : findings) {
                write(finding, json);
            }
            json.writeEndArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        out.println();
        out.flush();
    }

    private static void write(Finding finding, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("file", finding.file());
        json.writeNumberField("line", finding.line());
        json.writeNumberField("column", finding.column());
        json.writeStringField("severity", finding.severity().text());
        json.writeStringField("code", finding.code());
        optional(json, "kind", finding.kind());
        optional(json, "namespace", finding.namespace());
        optional(json, "name", finding.name());
        optional(json, "path", finding.path());
        json.writeStringField("message", finding.message());
        json.writeEndObject();
    }

    private static void optional(JsonGenerator json, String field, @Nullable String value) throws IOException {
        if (value != null) {
            json.writeStringField(field, value);
        }
    }
}
