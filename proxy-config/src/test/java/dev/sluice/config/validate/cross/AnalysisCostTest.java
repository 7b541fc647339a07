package dev.sluice.config.validate.cross;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.sluice.config.crd.mesh.MeshOverrides;
import dev.sluice.config.crd.mesh.MeshSettings;
import dev.sluice.config.crd.read.CrdSet;
import dev.sluice.config.crd.read.ReadObject;
import dev.sluice.config.validate.Analyzer;
import dev.sluice.config.validate.Finding;
import dev.sluice.config.validate.Formats;
import dev.sluice.config.validate.Row;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.function.IntFunction;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Eight times the documents cost about eight times as much, not sixty-four: whatever they have in common. Bytes are
 * counted, for they are the same on a busy machine; a scan over pairs shows in them as soon as it keeps anything.
 */
class AnalysisCostTest {
    private static final int SMALL = 150;
    private static final int TIMES = 8;

    /** What n documents may have in common. */
    enum Documentation {
        NOTHING(i -> Documents.entry("e" + i, "[s" + i + ".com], exportTo: [shop]", "HTTP")
                + Documents.object(
                        "DestinationRule", "d" + i, "{host: s" + i + ".com, subsets: [{name: v1, labels: {}}]}")
                + Documents.object(
                        "VirtualService",
                        "v" + i,
                        "{hosts: [h" + i + "], http: [{route: [{destination: {host: s" + i + ".com, subset: v1}}]}]}")),
        ONE_GATEWAY_SELECTOR(i -> Documents.gateway("g" + i, "app: edge", "hosts: [h" + i + ".com]")
                + Documents.answer("v" + i, "[h" + i + ".com], gateways: [g" + i + "]")),
        ONE_GATEWAY_HOST(i -> Documents.gateway("g" + i, "app: edge", "hosts: ['*']")),
        ONE_MESH_HOST(i -> Documents.answer("v" + i, "[h.com]")),
        ONE_SERVICE_HOST(i -> Documents.entry("e" + i, "[h.com]", i % 2 == 0 ? "HTTP" : "GRPC")),
        ONE_RULE_HOST(i -> Documents.object(
                        "DestinationRule", "d" + i, "{host: a.com, subsets: [{name: s" + i + ", labels: {}}]}")
                + Documents.object(
                        "VirtualService",
                        "v" + i,
                        "{hosts: [h" + i + "], http: [{route: [{destination: {host: a.com, subset: s" + i + "}}]}]}")),
        ONE_WORKLOAD(i -> Documents.object(
                        "Sidecar", "s" + i, "{workloadSelector: {labels: {app: a}}, egress: [{hosts: ['./*']}]}")
                + Documents.pod("p" + i, "app: a")),
        ONE_MISTAKE(i -> Documents.entry("e" + i, "[service" + i + ".com]", "HTTP")
                + Documents.object(
                        "VirtualService",
                        "v" + i,
                        "{hosts: [h" + i + "], http: [{route: [{destination: {host: missing" + i + ".net}}]}]}"));

        @SuppressWarnings("ImmutableEnumChecker") // a function of its argument alone
        private final IntFunction<String> each;

        Documentation(IntFunction<String> each) {
            this.each = each;
        }

        private CrdSet of(int count) {
            StringBuilder yaml = new StringBuilder();
            for (int i = 0; i < count; i++) {
                yaml.append(each.apply(i));
            }
            return CrdSet.of(
                    Row.read(yaml.toString()).stream().map(ReadObject::object).toList(),
                    MeshSettings.merge(List.of(), null, MeshOverrides.NONE));
        }
    }

    @ParameterizedTest
    @EnumSource
    void theCostGrowsWithTheDocumentsNotWithTheirPairs(Documentation documentation) {
        CrdSet small = documentation.of(SMALL);
        CrdSet large = documentation.of(SMALL * TIMES);
        List<Finding> few = analyze(small);
        List<Finding> many = analyze(large);
        assertEquals(few.size() * TIMES, many.size(), "a finding a document");
        long before = bytes(small);
        long after = bytes(large);
        assertTrue(after < before * TIMES * 2, documentation + ": " + before + " bytes, then " + after);
    }

    private static List<Finding> analyze(CrdSet set) {
        return Analyzer.analyze(set, Documents.NOBODY, Formats.ANY);
    }

    private static long bytes(CrdSet set) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        List<Finding> findings = analyze(set);
        long after = threads.getCurrentThreadAllocatedBytes();
        assertTrue(findings != null && after > before);
        return after - before;
    }
}
