package dev.sluice.config.fuzz;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.config.crd.mesh.MeshOverrides;
import dev.sluice.config.crd.read.CrdReader;
import dev.sluice.config.plan.ListenerPlan.BindAddress;
import dev.sluice.config.source.ConfigLoader;
import dev.sluice.config.source.LoadResult;
import dev.sluice.config.source.MissingConfigException;
import dev.sluice.config.translate.PlanCompiler;
import dev.sluice.config.translate.scope.ProxyIdentity;
import dev.sluice.config.validate.Analyzer;
import dev.sluice.config.validate.Finding;
import dev.sluice.config.validate.Formats;
import dev.sluice.config.validate.Identity;
import dev.sluice.config.validate.Validator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/**
 * Whatever a document says, loading, validating, analysing and compiling it ends with an answer, and every finding has a
 * place.
 */
class ConfigurationFuzzTest {
    private static final List<Identity> WHO =
            List.of(new Identity("default", Map.of()), new Identity("default", Map.of("app", "productpage")));

    private static Mutations mutations;
    private static Path folder;

    @BeforeContainer
    static void prepare() throws IOException {
        mutations = new Mutations(Path.of("src", "test", "resources"), Path.of("..", "examples"));
        folder = Files.createTempDirectory("fuzz");
    }

    @AfterContainer
    static void tidy() throws IOException {
        Files.deleteIfExists(folder.resolve("some.yaml"));
        Files.delete(folder);
    }

    @Property(tries = 1500)
    void noDocumentMakesAnyStepThrow(@ForAll("seeds") long seed) throws IOException, MissingConfigException {
        Path file = Files.writeString(folder.resolve("some.yaml"), mutations.documents(seed));
        LoadResult loaded = new ConfigLoader(
                        List.of(folder), new CrdReader(Set.of()), Validator::validate, MeshOverrides.NONE)
                .load();
        List<Finding> findings = new ArrayList<>(loaded.findings());
        for (Identity who : WHO) {
            findings.addAll(Analyzer.analyze(loaded.written(), who, Formats.ANY));
        }
        ProxyIdentity proxy = ProxyIdentity.of("default").withOutbound(new BindAddress("127.0.0.1", 3128));
        findings.addAll(PlanCompiler.compile(loaded.set(), proxy).notices());
        long lines = Files.readString(file).lines().count();
        for (Finding finding : findings) {
            assertTrue(finding.at().file().equals(file.toString()), finding::text);
            assertTrue(
                    finding.at().line() >= 1
                            && finding.at().line() <= lines
                            && finding.at().column() >= 1,
                    finding::text);
            assertFalse(finding.text().chars().anyMatch(c -> c < ' '), finding::text);
            assertFalse(finding.message().isBlank(), finding::text);
        }
    }

    @Provide
    Arbitrary<Long> seeds() {
        return Arbitraries.longs();
    }
}
