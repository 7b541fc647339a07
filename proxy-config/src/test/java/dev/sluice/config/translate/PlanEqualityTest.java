package dev.sluice.config.translate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.sluice.config.crd.read.CrdSet;
import dev.sluice.config.crd.schema.CrdObject;
import dev.sluice.config.plan.ListenerPlan.BindAddress;
import dev.sluice.config.translate.scope.ProxyIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PlanEqualityTest {
    private static final String RULE =
            """
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: a}
            spec:
              hosts: [a.test]
              http:
              - match: [{headers: {x: {exact: "1"}}}]
                fault: {abort: {percentage: {value: 1}, httpStatus: 500}}
                route: [{destination: {host: b, subset: v1}}]
              - directResponse: {status: 200, body: {string: hello}}
            """;

    static List<Path> folders() throws IOException {
        try (Stream<Path> all = Files.list(Path.of("src", "test", "resources", "translate"))) {
            return all.filter(Files::isDirectory).sorted().toList();
        }
    }

    @Test
    void commentsAndLinesDoNotCount() {
        String moved = "# a comment\n\n\n" + RULE.replace("  http:", "  # another\n\n  http:");
        assertEquals(plan(Configs.of(RULE)), plan(Configs.of(moved)));
        assertNotEquals(plan(Configs.of(RULE)), plan(Configs.of(RULE.replace("v1}", "v2}"))));
    }

    @ParameterizedTest
    @MethodSource("folders")
    void theOrderOfDocumentsDoesNotCount(Path folder) throws IOException {
        CrdSet set = Configs.folder(folder);
        ProxyIdentity identity = GoldenPlanTest.identity(folder);
        Compiled expected = PlanCompiler.compile(set, identity);
        List<CrdObject> objects = objects(set);
        for (int i = 0; i < 5; i++) {
            Collections.shuffle(objects, new Random(i));
            assertEquals(expected, PlanCompiler.compile(CrdSet.of(objects, set.mesh()), identity));
        }
    }

    /** Objects are left out when they are invalid; whatever is missing, the rest compiles. */
    @ParameterizedTest
    @MethodSource("folders")
    void anyObjectMayBeMissing(Path folder) throws IOException {
        CrdSet set = Configs.folder(folder);
        ProxyIdentity identity = GoldenPlanTest.identity(folder);
        List<CrdObject> objects = objects(set);
        for (int i = 0; i < objects.size(); i++) {
            List<CrdObject> rest = new ArrayList<>(objects);
            rest.remove(i);
            assertEquals(
                    identity.namespace(),
                    PlanCompiler.compile(CrdSet.of(rest, set.mesh()), identity)
                            .plan()
                            .settings()
                            .namespace());
        }
    }

    private static List<CrdObject> objects(CrdSet set) {
        List<CrdObject> objects = new ArrayList<>();
        objects.addAll(set.virtualServices());
        objects.addAll(set.destinationRules());
        objects.addAll(set.gateways());
        objects.addAll(set.serviceEntries());
        objects.addAll(set.workloadEntries());
        objects.addAll(set.sidecars());
        objects.addAll(set.services());
        objects.addAll(set.endpointSlices());
        objects.addAll(set.pods());
        objects.addAll(set.nodes());
        objects.addAll(set.workloads());
        objects.addAll(set.secrets());
        assertEquals(set.size(), objects.size());
        return objects;
    }

    private static Object plan(CrdSet set) {
        return PlanCompiler.compile(set, ProxyIdentity.of("default").withOutbound(new BindAddress(null, 1)))
                .plan();
    }
}
