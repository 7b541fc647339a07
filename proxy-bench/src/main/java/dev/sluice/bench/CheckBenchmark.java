package dev.sluice.bench;

import dev.sluice.config.crd.mesh.MeshOverrides;
import dev.sluice.config.crd.read.CrdReader;
import dev.sluice.config.source.ConfigLoader;
import dev.sluice.config.source.LoadResult;
import dev.sluice.config.source.MissingConfigException;
import dev.sluice.config.validate.Analyzer;
import dev.sluice.config.validate.Finding;
import dev.sluice.config.validate.Formats;
import dev.sluice.config.validate.Identity;
import dev.sluice.config.validate.Validator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What {@code sluice check} does with a folder of files, each with a service, its rule, its routes and a Gateway: read,
 * validate, hold against one another. A thousand files are to take seconds in a cold process ({@code SingleShotTime}).
 */
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 0)
@Measurement(iterations = 1)
@Fork(3)
@State(Scope.Benchmark)
public class CheckBenchmark {
    @Param({"1000", "8000"})
    public int files;

    private Path folder = Path.of("");

    /** Writes the files. */
    @Setup
    public void setUp() throws IOException {
        folder = Files.createTempDirectory("check");
        for (int i = 0; i < files; i++) {
            Files.writeString(folder.resolve("team" + i + ".yaml"), yaml(i));
        }
    }

    /** Removes them. */
    @TearDown
    public void tearDown() throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    /** Every finding; there is none. */
    @Benchmark
    public List<Finding> check() throws MissingConfigException {
        LoadResult loaded = new ConfigLoader(
                        List.of(folder), new CrdReader(Set.of()), Validator::validate, MeshOverrides.NONE)
                .load();
        List<Finding> findings = Analyzer.analyze(loaded.written(), new Identity("default", Map.of()), Formats.ANY);
        if (loaded.blocked() || !findings.isEmpty()) {
            throw new IllegalStateException("the files are to be right: " + loaded.findings() + findings);
        }
        return findings;
    }

    private static String yaml(int i) {
        return """
                apiVersion: networking.istio.io/v1
                kind: ServiceEntry
                metadata: {name: reviews, namespace: team%1$d}
                spec:
                  hosts: [reviews.team%1$d.svc.cluster.local]
                  location: MESH_INTERNAL
                  resolution: STATIC
                  ports:
                  - {number: 80, name: http, protocol: HTTP}
                  endpoints:
                  - {address: 10.0.0.1, labels: {version: v1}}
                  - {address: 10.0.0.2, labels: {version: v2}}
                ---
                apiVersion: networking.istio.io/v1
                kind: DestinationRule
                metadata: {name: reviews, namespace: team%1$d}
                spec:
                  host: reviews
                  trafficPolicy:
                    connectionPool: {tcp: {maxConnections: 100}}
                    outlierDetection: {consecutive5xxErrors: 7, maxEjectionPercent: 50}
                  subsets:
                  - {name: v1, labels: {version: v1}}
                  - {name: v2, labels: {version: v2}}
                ---
                apiVersion: networking.istio.io/v1
                kind: Gateway
                metadata: {name: edge, namespace: team%1$d}
                spec:
                  selector: {istio: ingressgateway}
                  servers:
                  - port: {number: 80, name: http, protocol: HTTP}
                    hosts: [team%1$d.example.com]
                ---
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: reviews, namespace: team%1$d}
                spec:
                  hosts: [team%1$d.example.com]
                  gateways: [edge]
                  http:
                  - match:
                    - uri: {prefix: /new}
                      headers: {end-user: {exact: jason}}
                    route:
                    - destination: {host: reviews, subset: v2}
                    timeout: 3s
                    retries: {attempts: 3, perTryTimeout: 1s, retryOn: "5xx,reset"}
                  - route:
                    - {destination: {host: reviews, subset: v1}, weight: 75}
                    - {destination: {host: reviews, subset: v2}, weight: 25}
                """
                .formatted(i);
    }
}
