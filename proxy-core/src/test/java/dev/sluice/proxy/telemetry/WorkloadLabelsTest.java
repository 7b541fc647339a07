package dev.sluice.proxy.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import org.junit.jupiter.api.Test;

class WorkloadLabelsTest {
    @Test
    void nothingKnownIsUnknown() {
        assertEquals(WorkloadLabels.UNKNOWN, WorkloadLabels.of(Map.of(), WorkloadLabels.NOT_KNOWN));
    }

    @Test
    void theCanonicalServiceIsTheMostExplicitLabel() {
        assertEquals("a", canonical(Map.of("app", "a")));
        assertEquals("b", canonical(Map.of("app", "a", "app.kubernetes.io/name", "b")));
        assertEquals(
                "c",
                canonical(Map.of("app", "a", "app.kubernetes.io/name", "b", "service.istio.io/canonical-name", "c")));
    }

    @Test
    void aKnownServiceWithoutAVersionIsTheLatest() {
        WorkloadLabels labels = WorkloadLabels.of(Map.of("app", "a"), "ns");
        assertEquals("latest", labels.canonicalRevision());
        assertEquals("unknown", labels.version());
        assertEquals("v2", WorkloadLabels.of(Map.of("version", "v2"), "ns").canonicalRevision());
    }

    private static String canonical(Map<String, String> labels) {
        return WorkloadLabels.of(labels, "ns").canonicalService();
    }
}
