package dev.sluice.config.validate.cross;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.config.crd.mesh.MeshOverrides;
import dev.sluice.config.crd.read.CrdReader;
import dev.sluice.config.source.ConfigLoader;
import dev.sluice.config.source.LoadResult;
import dev.sluice.config.validate.Analyzer;
import dev.sluice.config.validate.Finding;
import dev.sluice.config.validate.Finding.Severity;
import dev.sluice.config.validate.Formats;
import dev.sluice.config.validate.Validator;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The configurations that this project started from, each alone: right, or told precisely what it lacks. */
class ConceptFindingsTest {
    private static final Path FOLDER = Path.of("src", "test", "resources", "concepts");

    private static final String HOST = "IST0101";
    private static final String SUBSET = "IST0101";

    /** Line, column and code of each finding; files that are not here have none. */
    private static final Map<String, List<String>> EXPECTED = Map.ofEntries(
            Map.entry("bookinfo-by-path-prefix.yaml", List.of("14:15 " + HOST, "20:15 " + HOST)),
            Map.entry("external-connect-timeout.yaml", List.of("6:9 IST0174")),
            Map.entry("my-svc-subsets-and-balancers.yaml", List.of("6:9 IST0174")),
            Map.entry("ratings-delay-5s-per-mille.yaml", List.of("16:15 " + HOST, "17:17 " + SUBSET)),
            Map.entry("ratings-retries-3x2s.yaml", List.of("11:15 " + HOST, "12:17 " + SUBSET)),
            Map.entry("ratings-timeout-10s.yaml", List.of("11:15 " + HOST, "12:17 " + SUBSET)),
            Map.entry(
                    "reviews-by-header-else-v1.yaml",
                    List.of("15:15 " + HOST, "16:17 " + SUBSET, "19:15 " + HOST, "20:17 " + SUBSET)),
            Map.entry(
                    "reviews-by-header-else-v3.yaml",
                    List.of("15:15 " + HOST, "16:17 " + SUBSET, "19:15 " + HOST, "20:17 " + SUBSET)),
            Map.entry("reviews-v1-max-connections-100.yaml", List.of("6:9 IST0174")),
            Map.entry(
                    "reviews-weighted-75-25.yaml",
                    List.of("11:15 " + HOST, "12:17 " + SUBSET, "15:15 " + HOST, "16:17 " + SUBSET)),
            Map.entry("version-behind-gateway.yaml", List.of("20:5 SLC0111", "27:15 " + HOST)),
            Map.entry("version-services-10-90.yaml", List.of("11:15 " + HOST, "14:15 " + HOST)),
            Map.entry("version-subsets-10-90.yaml", List.of("6:9 IST0174", "25:15 " + HOST, "29:15 " + HOST)),
            // its author left the routes out
            Map.entry("virtual-svc-bound-to-gateway.yaml", List.of("6:3 IST0106", "9:5 IST0101")));

    @Test
    void aloneEachIsToldWhatItLacks() throws Exception {
        Map<String, List<String>> found = new TreeMap<>();
        try (Stream<Path> files = Files.list(FOLDER)) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".yaml")).toList()) {
                List<String> places = findings(file).stream()
                        .map(finding -> finding.at().line() + ":" + finding.at().column() + " " + finding.code())
                        .toList();
                if (!places.isEmpty()) {
                    found.put(String.valueOf(file.getFileName()), places);
                }
            }
        }
        assertEquals(new TreeMap<>(EXPECTED), found);
    }

    @Test
    void withItsServicesAWeightedSplitLacksNothing() throws Exception {
        assertEquals(
                List.of(),
                findings(
                        FOLDER.resolve("version-deployments-and-services.yaml"),
                        FOLDER.resolve("version-subsets-10-90.yaml")));
    }

    @Test
    void theExampleIsRight() throws Exception {
        assertEquals(List.of(), findings(Path.of("..", "examples", "bookinfo")));
    }

    private static List<Finding> findings(Path... arguments) throws Exception {
        LoadResult loaded = new ConfigLoader(
                        List.of(arguments), new CrdReader(Set.of()), Validator::validate, MeshOverrides.NONE)
                .load();
        List<Finding> findings = new ArrayList<>(loaded.findings());
        findings.addAll(Analyzer.analyze(loaded.written(), Documents.NOBODY, Formats.ANY));
        findings.removeIf(finding -> finding.severity() == Severity.INFO);
        Collections.sort(findings);
        return findings;
    }
}
