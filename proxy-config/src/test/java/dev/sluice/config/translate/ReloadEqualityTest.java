package dev.sluice.config.translate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.config.crd.mesh.MeshOverrides;
import dev.sluice.config.crd.read.CrdReader;
import dev.sluice.config.source.ConfigLoader;
import dev.sluice.config.source.LoadResult;
import dev.sluice.config.translate.scope.ProxyIdentity;
import dev.sluice.config.validate.Validator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What is kept of unchanged files makes no difference: after any edits a reload says what a first load would. */
class ReloadEqualityTest {
    private static final ProxyIdentity IDENTITY = ProxyIdentity.of("default");
    private static final String GATEWAY =
            """
            apiVersion: networking.istio.io/v1
            kind: Gateway
            metadata: {name: shop}
            spec:
              servers:
              - port: {number: 8080, name: http, protocol: HTTP}
                hosts: ["*"]
              - port: {number: 8080, name: more, protocol: HTTP}
                hosts: ["a.test"]
            """;

    /**
     * One edit of one file.
     *
     * @param objects 0 deletes it; else how many VirtualServices it holds
     * @param host which host and rule they are about
     */
    record Edit(int file, int objects, int host) {
        String text() {
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < objects; i++) {
                text.append(
                        """
                        ---
                        apiVersion: networking.istio.io/v1
                        kind: VirtualService
                        metadata: {name: v%d-%d}
                        spec:
                          hosts: ["%s.test"]
                          gateways: [shop]
                          http:
                          - match: [{uri: {prefix: /%d}}]
                            route: [{destination: {host: s%d.test}}]
                          - route: [{destination: {host: s%d.test}}]
                        """
                                .formatted(file, i, (char) ('a' + host), host, host, i));
            }
            return text.toString();
        }
    }

    @Provide
    Arbitrary<List<Edit>> edits() {
        return Combinators.combine(
                        Arbitraries.integers().between(0, 3),
                        Arbitraries.integers().between(0, 3),
                        Arbitraries.integers().between(0, 2))
                .as(Edit::new)
                .list()
                .ofMinSize(1)
                .ofMaxSize(8);
    }

    @Property(tries = 150)
    void aReloadGivesThePlanOfAFirstLoad(@ForAll("edits") List<Edit> edits) throws Exception {
        Path folder = Files.createTempDirectory("reload");
        try {
            Files.writeString(folder.resolve("gateway.yaml"), GATEWAY);
            ConfigLoader running = loader(folder);
            running.load();
            for (Edit edit : edits) {
                Path file = folder.resolve("f" + edit.file() + ".yaml");
                if (edit.objects() == 0) {
                    Files.deleteIfExists(file);
                } else {
                    Files.writeString(file, edit.text());
                }
                LoadResult reloaded = running.reload();
                LoadResult cold = loader(folder).load();
                assertEquals(cold.findings(), reloaded.findings());
                assertEquals(cold.written().size(), reloaded.written().size());
                assertEquals(
                        PlanCompiler.compile(cold.set(), IDENTITY).plan(),
                        PlanCompiler.compile(reloaded.set(), IDENTITY).plan());
            }
        } finally {
            delete(folder);
        }
    }

    private static ConfigLoader loader(Path folder) {
        return new ConfigLoader(
                List.of(folder), new CrdReader(Set.of()), Validator::validate, MeshOverrides.parse(List.of()));
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
