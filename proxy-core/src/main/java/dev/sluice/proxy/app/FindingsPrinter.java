package dev.sluice.proxy.app;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.sluice.config.validate.Finding;
import dev.sluice.proxy.admin.FindingJson;
import dev.sluice.proxy.app.options.UserError;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.List;

/** Findings as {@code check} prints them (contract.md). */
final class FindingsPrinter {
    /** How. */
    enum Format {
        text,
        json
    }

    private FindingsPrinter() {}

    static void print(List<Finding> findings, Format format, PrintWriter out) throws UserError {
        if (format == Format.text) {
            findings.forEach(finding -> out.println(finding.text()));
            StandardOutput.whole(out);
            return;
        }
        try (JsonGenerator json = new JsonFactory()
                .createGenerator(out)
                .disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)
                .useDefaultPrettyPrinter()) {
            json.writeStartArray();
            for (Finding finding : findings) {
                FindingJson.write(finding, json);
            }
            json.writeEndArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        out.println();
        StandardOutput.whole(out);
    }
}
