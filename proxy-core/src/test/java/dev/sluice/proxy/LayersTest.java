package dev.sluice.proxy;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.Architectures.LayeredArchitecture;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The import ladder of docs/architecture.md: a request walks down it, and no package looks back up. */
class LayersTest {
    private static final String ROOT = "dev.sluice.proxy.";

    /** Top-down. Packages of one rung may use each other as long as there is no cycle. */
    private static final List<List<String>> LADDER = List.of(
            List.of("app"),
            List.of("assembly", "admin", "explain", "intercept", "kubernetes"),
            List.of("listener"),
            List.of("snapshot"),
            List.of("routing", "tcp"),
            List.of("policy", "balance", "pool", "telemetry"),
            List.of("upstream"),
            List.of("exchange", "codec", "session"),
            List.of("cluster", "format", "match", "tls"),
            List.of("loop", "overload", "stream", "timer"),
            List.of("log"));

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.sluice.proxy");

    @Test
    void importsGoOnlyDownTheLadder() {
        LayeredArchitecture ladder = layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .withOptionalLayers(true)
                .ensureAllClassesAreContainedInArchitecture();
        List<String> above = new ArrayList<>();
        for (List<String> rung : LADDER) {
            String name = String.join(", ", rung);
            ladder = ladder.layer(name)
                    .definedBy(rung.stream().map(LayersTest::within).toArray(String[]::new));
            ladder = above.isEmpty()
                    ? ladder.whereLayer(name).mayNotBeAccessedByAnyLayer()
                    : ladder.whereLayer(name).mayOnlyBeAccessedByLayers(above.toArray(String[]::new));
            above.add(name);
        }
        ladder.allowEmptyShould(true).check(CLASSES);
    }

    @Test
    void packagesFormNoCycle() {
        slices().matching(ROOT + "(**)")
                .should()
                .beFreeOfCycles()
                .allowEmptyShould(true)
                .check(CLASSES);
    }

    @Test
    void policiesMeetOnlyThroughStages() {
        slices().matching(ROOT + "policy.(*)..")
                .should()
                .notDependOnEachOther()
                .allowEmptyShould(true)
                .check(CLASSES);
        noClasses()
                .that()
                .resideInAPackage(within("policy"))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(within("balance"), within("pool"))
                .allowEmptyShould(true)
                .check(CLASSES);
        noClasses()
                .that()
                .resideInAPackage(within("balance"))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(within("policy"), within("pool"))
                .allowEmptyShould(true)
                .check(CLASSES);
        noClasses()
                .that()
                .resideInAPackage(within("pool"))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(within("policy"), within("balance"))
                .allowEmptyShould(true)
                .check(CLASSES);
    }

    @Test
    void thePathOfRequestsKnowsPlansButNoYaml() {
        noClasses()
                .that(resideOutsideOfPackages(
                        within("app"), within("assembly"), within("admin"), within("explain"), within("kubernetes")))
                .should()
                .dependOnClassesThat(resideInAPackage("dev.sluice.config..")
                        .and(resideOutsideOfPackages("dev.sluice.config.plan..")))
                .orShould()
                .dependOnClassesThat(resideInAnyPackage("com.fasterxml.jackson..", "org.yaml.."))
                .allowEmptyShould(true)
                .check(CLASSES);
    }

    private static String within(String name) {
        return ROOT + name + "..";
    }
}
