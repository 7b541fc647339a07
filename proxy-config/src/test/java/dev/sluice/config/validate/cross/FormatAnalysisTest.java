package dev.sluice.config.validate.cross;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.config.crd.mesh.MeshOverrides;
import dev.sluice.config.crd.mesh.MeshSettings;
import dev.sluice.config.crd.read.CrdSet;
import dev.sluice.config.crd.read.ReadObject;
import dev.sluice.config.validate.Analyzer;
import dev.sluice.config.validate.Finding;
import dev.sluice.config.validate.Formats;
import dev.sluice.config.validate.Row;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** SLC0114: operators that the proxy does not know, by its own word. */
class FormatAnalysisTest {
    /** A proxy that knows one operator. */
    private static final Formats ONE = new Formats() {
        @Override
        public @Nullable String headerProblem(String value) {
            return value.replace("%KNOWN%", "").contains("%") ? "unknown operator" : null;
        }

        @Override
        public @Nullable String logProblem(String format, boolean json) {
            return headerProblem(format) == null ? null : "unknown operator in " + (json ? "JSON" : "text");
        }
    };

    private static List<Finding> analyze(String yaml, String... settings) {
        CrdSet set = CrdSet.of(
                Row.read(yaml).stream().map(ReadObject::object).toList(),
                MeshSettings.merge(List.of(), null, MeshOverrides.parse(List.of(settings))));
        return Analyzer.analyze(set, Documents.NOBODY, ONE);
    }

    @Test
    void valuesOfHeadersAreLookedAtOnBothLevels() {
        String yaml = Documents.REVIEWS
                + Documents.object(
                        "VirtualService",
                        "vs",
                        "{hosts: [front], http: [{headers: {request: {set: {x: '%A%', y: '%KNOWN%'}}}, route:"
                                + " [{destination: {host: reviews}, headers: {response: {add: {z: '%B%'}}}}]}]}");
        Row.of(
                        yaml,
                        "SLC0114 warning '%A%' | spec.http[0].headers.request.set.x: unknown operator; nothing is put",
                        "SLC0114 warning '%B%' | spec.http[0].route[0].headers.response.add.z: unknown operator")
                .check(analyze(yaml));
    }

    @Test
    void anAuthorityIsTakenAsItIs() {
        String yaml = Documents.object(
                "VirtualService",
                "vs",
                "{hosts: [front], http: [{headers: {request: {set: {Host: '%A%'}}}, directResponse: {status: 200}}]}");
        assertEquals(List.of(), analyze(yaml));
    }

    @Test
    void theFormatOfTheAccessLogIsLookedAtWhereverItIsSet() {
        assertEquals(List.of(), analyze("", "accessLogFormat=%KNOWN%"));
        assertEquals(
                List.of("--set:1:1: warning SLC0114 unknown operator in text"),
                analyze("", "accessLogFormat=%A%").stream().map(Finding::text).toList());
        assertEquals(
                List.of("--set:2:1: warning SLC0114 unknown operator in JSON"),
                analyze("", "accessLogEncoding=JSON", "accessLogFormat=%A%").stream()
                        .map(Finding::text)
                        .toList());
    }
}
