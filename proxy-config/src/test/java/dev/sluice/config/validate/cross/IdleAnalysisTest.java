package dev.sluice.config.validate.cross;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.config.crd.mesh.MeshOverrides;
import dev.sluice.config.crd.mesh.MeshSettings;
import dev.sluice.config.crd.read.CrdSet;
import dev.sluice.config.validate.Analyzer;
import dev.sluice.config.validate.Finding;
import dev.sluice.config.validate.Formats;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** SLC0109 of MeshConfig: idle times that are none. */
class IdleAnalysisTest {
    private static final String METADATA = "defaultConfig.proxyMetadata.";
    private static final Formats NONE = new Formats() {
        @Override
        public @Nullable String headerProblem(String value) {
            return null;
        }

        @Override
        public @Nullable String logProblem(String format, boolean json) {
            return null;
        }
    };

    private static List<String> analyze(String... settings) {
        CrdSet set = CrdSet.of(List.of(), MeshSettings.merge(List.of(), null, MeshOverrides.parse(List.of(settings))));
        return Analyzer.analyze(set, Documents.NOBODY, NONE).stream()
                .map(Finding::text)
                .toList();
    }

    @Test
    void durationsAndNoneAtAllAreTaken() {
        assertEquals(List.of(), analyze());
        assertEquals(
                List.of(),
                analyze(METADATA + "ISTIO_META_IDLE_TIMEOUT=0s", METADATA + "SLUICE_STREAM_IDLE_TIMEOUT=1m30s"));
        assertEquals(List.of(), analyze(METADATA + "MINIMUM_DRAIN_DURATION=10s"));
    }

    @Test
    void whatIsNoDurationIsToldWithItsPlace() {
        assertEquals(
                List.of(
                        "--set:1:1: warning SLC0109 \"30\" is passed over: must be a duration such as \"5m\", or \"0s\" for"
                                + " none",
                        "--set:2:1: warning SLC0109 \"-1s\" is passed over: must be a duration such as \"5m\", or \"0s\" for"
                                + " none",
                        "--set:3:1: warning SLC0109 \"soon\" is passed over: must be a duration such as \"5m\", or \"0s\" for"
                                + " none"),
                analyze(
                        METADATA + "ISTIO_META_IDLE_TIMEOUT=30",
                        METADATA + "SLUICE_STREAM_IDLE_TIMEOUT=-1s",
                        METADATA + "MINIMUM_DRAIN_DURATION=soon"));
    }
}
