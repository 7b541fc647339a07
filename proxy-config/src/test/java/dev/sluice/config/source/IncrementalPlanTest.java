package dev.sluice.config.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.sluice.config.crd.VirtualService;
import dev.sluice.config.crd.mesh.MeshOverrides;
import dev.sluice.config.crd.read.CrdReader;
import dev.sluice.config.plan.ListenerPlan.BindAddress;
import dev.sluice.config.plan.ProxyPlan;
import dev.sluice.config.plan.VirtualHostPlan;
import dev.sluice.config.translate.Compiled;
import dev.sluice.config.translate.PlanCompiler;
import dev.sluice.config.translate.Recompiler;
import dev.sluice.config.translate.scope.ProxyIdentity;
import dev.sluice.config.validate.Validator;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A plan that spares what did not change is the plan of a first compilation, to the places in files that it names, whatever
 * was edited before and whether trees were let go of; and it does spare.
 */
class IncrementalPlanTest {
    private static final int WHOLE = Integer.MAX_VALUE;
    private static final ProxyIdentity IDENTITY =
            ProxyIdentity.of("default").withOutbound(new BindAddress("127.0.0.1", 3128));
    /** Large enough for trees to be let go of. */
    private static final String BASE =
            """
            apiVersion: networking.istio.io/v1
            kind: Gateway
            metadata: {name: shop}
            spec:
              servers:
              - port: {number: 8080, name: http, protocol: HTTP}
                hosts: ["*"]
              - port: {number: 8080, name: more, protocol: HTTP}
                hosts: ["*.test"]
            ---
            apiVersion: networking.istio.io/v1
            kind: ServiceEntry
            metadata: {name: one}
            spec:
              hosts: [one.test]
              resolution: STATIC
              ports: [{number: 80, name: http, protocol: HTTP}]
              endpoints: [{address: 10.0.0.1, labels: {version: v1}}]
            """
                    + "# room\n".repeat(40_000);

    private static final String[] DOCUMENTS = {
        service("hosts: [one.test]", "[{uri: {prefix: /a}}]", "one.test"),
        service("hosts: [one.test]", "[{uri: {prefix: /b}}]", "one.test"),
        service("hosts: [one.test]", "[{uri: {prefix: /b}}]", "two.test"),
        "\n# moved\n" + service("hosts: [one.test]", "[{uri: {prefix: /b}}]", "one.test"),
        service("hosts: [two.test, one.test]", "[{headers: {x: {exact: y}}}, {uri: {prefix: /}}]", "two.test"),
        service("hosts: ['*.test']", "[{uri: {exact: /c}, port: 8080}]", "nowhere.test"),
        service("hosts: [one.test]", "[{port: 81}]", "one.test"),
        service("hosts: [one.test]", "[{uri: {regex: '('}}]", "one.test"),
        service("hosts: [one.test], exportTo: ['.']", "[{uri: {prefix: /d}}]", "one.test"),
        """
        apiVersion: networking.istio.io/v1
        kind: VirtualService
        metadata: {name: %s}
        spec:
          hosts: [three.test]
          gateways: [shop, mesh]
          http:
          - match: [{uri: {prefix: /e}}]
            delegate: {name: leaf}
          - delegate: {name: leaf}
        """,
        """
        apiVersion: networking.istio.io/v1
        kind: VirtualService
        metadata: {name: leaf}
        spec:
          http:
          - match: [{uri: {prefix: /e/f}}]
            route: [{destination: {host: one.test}}]
          - directResponse: {status: 204}
        """,
        """
        apiVersion: networking.istio.io/v1
        kind: ServiceEntry
        metadata: {name: two}
        spec:
          hosts: [two.test]
          resolution: STATIC
          ports: [{number: 81, name: http, protocol: HTTP}]
          endpoints: [{address: 10.0.0.2}]
        """,
        """
        apiVersion: networking.istio.io/v1
        kind: DestinationRule
        metadata: {name: %s}
        spec:
          host: one.test
          trafficPolicy: {loadBalancer: {consistentHash: {httpHeaderName: x-user}}}
        """,
        """
        apiVersion: networking.istio.io/v1
        kind: DestinationRule
        metadata: {name: %s}
        spec: {host: one.test, trafficPolicy: {connectionPool: {tcp: {maxConnections: 7}}}}
        """,
        "a: [broken\n",
    };

    private static String service(String hosts, String match, String to) {
        return """
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: %%s}
                spec: {%s, gateways: [shop, mesh], http: [{match: %s, route: [{destination: {host: %s}}]}]}
                """
                .formatted(hosts, match, to);
    }

    /**
     * One edit of one file.
     *
     * @param documents what it holds from now on; empty deletes it
     * @param comments so many lines behind the first document, which all that follow move down by
     * @param release whether trees are let go of before it
     */
    record Edit(int file, List<Integer> documents, int comments, boolean release) {
        String text() {
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < documents.size(); i++) {
                text.append("---\n").append(DOCUMENTS[documents.get(i)].formatted("v" + file + i));
                text.append(i == 0 ? "# on\n".repeat(comments) : "");
            }
            return text.toString();
        }
    }

    @Provide
    Arbitrary<List<Edit>> edits() {
        return Combinators.combine(
                        Arbitraries.integers().between(0, 2),
                        Arbitraries.integers()
                                .between(0, DOCUMENTS.length - 1)
                                .list()
                                .ofMaxSize(3),
                        Arbitraries.integers().between(0, 2),
                        Arbitraries.of(true, false))
                .as(Edit::new)
                .list()
                .ofMinSize(1)
                .ofMaxSize(10);
    }

    @Property(tries = 120)
    void whatASparingCompilationMakesAFirstOneMakes(@ForAll("edits") List<Edit> edits, @ForAll boolean inParts)
            throws Exception {
        Path folder = Files.createTempDirectory("incremental");
        try {
            Files.writeString(folder.resolve("base.yaml"), BASE);
            Running running = new Running(folder, inParts ? 1 : WHOLE);
            running.check();
            for (Edit edit : edits) {
                if (edit.release()) {
                    running.release();
                }
                Path file = folder.resolve("f" + edit.file() + ".yaml");
                if (edit.documents().isEmpty()) {
                    Files.deleteIfExists(file);
                } else {
                    Files.writeString(file, edit.text());
                }
                running.check();
            }
        } finally {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    /** A configuration that is loaded again and again, and held against what it would be if it were loaded for the first time. */
    private static final class Running {
        private final Path folder;
        private final ConfigLoader loader;
        private final Recompiler compiler = new Recompiler(IDENTITY);
        private @Nullable LoadResult last;
        private @Nullable Compiled compiled;

        /** @param partBytes see {@link LoadedFile.Reading} */
        Running(Path folder, int partBytes) {
            this.folder = folder;
            loader = new ConfigLoader(
                    List.of(folder),
                    new CrdReader(Set.of()),
                    Validator::validate,
                    MeshOverrides.parse(List.of()),
                    partBytes);
        }

        /** Loads what changed. */
        ProxyPlan check() {
            LoadResult result = last == null ? loader.reload() : loader.update(loader.list());
            if (result != null) {
                last = result;
                compiled = compiler.compile(result.set(), result.changed(), result.moved());
            }
            LoadResult now = Objects.requireNonNull(last);
            Compiled spared = Objects.requireNonNull(compiled);
            Compiled whole = PlanCompiler.compile(now.set(), IDENTITY);
            assertEquals(whole.plan(), spared.plan());
            assertEquals(
                    String.valueOf(whole.plan().listeners()),
                    String.valueOf(spared.plan().listeners()));
            assertEquals(whole.notices(), spared.notices());
            LoadResult fresh = new Running(folder, WHOLE).loader.reload();
            assertEquals(fresh.findings(), now.findings());
            if (!now.blocked()) {
                assertEquals(
                        String.valueOf(PlanCompiler.compile(fresh.set(), IDENTITY)
                                .plan()
                                .listeners()),
                        String.valueOf(spared.plan().listeners()));
            }
            return spared.plan();
        }

        Map<VirtualService, VirtualService> release() {
            Map<VirtualService, VirtualService> others = loader.release();
            compiler.replace(others);
            return others;
        }
    }

    @Test
    void whatDidNotChangeIsTheVeryPlanOfBefore(@TempDir Path folder) throws Exception {
        Files.writeString(folder.resolve("base.yaml"), BASE);
        Files.writeString(folder.resolve("a.yaml"), DOCUMENTS[0].formatted("a").replace("one.test]", "a.test]"));
        Files.writeString(folder.resolve("b.yaml"), DOCUMENTS[0].formatted("b").replace("one.test]", "b.test]"));
        Running running = new Running(folder, WHOLE);
        ProxyPlan first = running.check();
        Map<String, VirtualHostPlan> before = hosts(first);
        assertEquals(2, running.release().size());
        Files.writeString(folder.resolve("b.yaml"), DOCUMENTS[1].formatted("b").replace("one.test]", "b.test]"));
        ProxyPlan second = running.check();
        Map<String, VirtualHostPlan> after = hosts(second);
        assertSame(first.clusters(), second.clusters());
        assertSame(before.get("a.test:8080"), after.get("a.test:8080"));
        assertSame(before.get("a.test:80"), after.get("a.test:80"));
        assertNotSame(before.get("b.test:8080"), after.get("b.test:8080"));
        assertEquals(1, running.release().size());
    }

    @Test
    void inALargeFileOnlyWhatChangedIsMadeAnew(@TempDir Path folder) throws Exception {
        Files.writeString(folder.resolve("base.yaml"), BASE);
        String[] services = new String[3];
        for (int i = 0; i < services.length; i++) {
            services[i] = DOCUMENTS[0].formatted("s" + i).replace("one.test]", "h" + i + ".test]");
        }
        Path file = folder.resolve("all.yaml");
        Files.writeString(file, String.join("---\n", services));
        Running running = new Running(folder, 1);
        Map<String, VirtualHostPlan> before = hosts(running.check());
        assertEquals(3, running.release().size());
        services[1] = DOCUMENTS[1].formatted("s1").replace("one.test]", "h1.test]") + "# more\n# lines\n";
        Files.writeString(file, String.join("---\n", services));
        Map<String, VirtualHostPlan> after = hosts(running.check());
        assertSame(before.get("h0.test:8080"), after.get("h0.test:8080"));
        assertNotSame(before.get("h1.test:8080"), after.get("h1.test:8080"));
        VirtualHostPlan moved = Objects.requireNonNull(after.get("h2.test:8080"));
        assertSame(before.get("h2.test:8080"), moved);
        assertEquals(16, moved.routes().get(0).rule().at().line());
        assertEquals(1, running.release().size());
        Files.writeString(file, "# first\n" + String.join("---\n", services));
        assertSame(moved, hosts(running.check()).get("h2.test:8080"));
        assertEquals(17, moved.routes().get(0).rule().at().line());
    }

    private static Map<String, VirtualHostPlan> hosts(ProxyPlan plan) {
        Map<String, VirtualHostPlan> hosts = new LinkedHashMap<>();
        plan.listeners().forEach(listener -> listener.traffic().tables().forEach(table -> table.hosts()
                .forEach(host -> hosts.put(host.name(), host))));
        return hosts;
    }
}
