package dev.sluice.config;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.sluice.config.plan.SourceRef;
import dev.sluice.config.validate.Finding;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The configuration's way: crd, source, validate, translate, plan. A step knows the results of those before it, never
 * those after it. A place in a file, a finding and {@code plan.words} are everybody's.
 */
class LayersTest {
    private static final List<String> STEPS = List.of("crd", "source", "validate", "translate");
    private static final DescribedPredicate<JavaClass> EVERYBODYS_WORDS =
            belongToAnyOf(SourceRef.class, Finding.class).or(resideInAPackage("dev.sluice.config.plan.words"));

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.sluice.config");

    @Test
    void aStepKnowsNoLaterOne() {
        for (int i = 0; i < STEPS.size(); i++) {
            String[] later = STEPS.subList(i + 1, STEPS.size()).stream()
                    .map(LayersTest::within)
                    .toArray(String[]::new);
            noClasses()
                    .that()
                    .resideInAPackage(within(STEPS.get(i)))
                    .should()
                    .dependOnClassesThat(resideInAnyPackage(later).and(DescribedPredicate.not(EVERYBODYS_WORDS)))
                    .allowEmptyShould(true)
                    .check(CLASSES);
        }
    }

    @Test
    void onlyTranslateMakesPlans() {
        noClasses()
                .that()
                .resideInAnyPackage(within("crd"), within("source"), within("validate"))
                .should()
                .dependOnClassesThat(resideInAPackage(within("plan")).and(DescribedPredicate.not(EVERYBODYS_WORDS)))
                .allowEmptyShould(true)
                .check(CLASSES);
    }

    @Test
    void planStandsAlone() {
        classes()
                .that()
                .resideInAPackage(within("plan"))
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(within("plan"), "java.lang..", "java.util..", "java.time..", "org.jspecify..")
                .check(CLASSES);
    }

    @Test
    void stepsFormNoCycleButForEverybodysWords() {
        slices().matching("dev.sluice.config.(*)..")
                .should()
                .beFreeOfCycles()
                .ignoreDependency(DescribedPredicate.alwaysTrue(), EVERYBODYS_WORDS)
                .check(CLASSES);
    }

    @Test
    void everyClassBelongsToAStep() {
        classes()
                .should()
                .resideInAnyPackage(
                        within("crd"), within("source"), within("validate"), within("translate"), within("plan"))
                .check(CLASSES);
    }

    /** YAML is untrusted: the JDK's engine backtracks, and one expression could hold a reload for ever. */
    @Test
    void regularExpressionsAreRe2jOnly() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAPackage("java.util.regex..")
                .orShould()
                .callMethod(String.class, "matches", String.class)
                .orShould()
                .callMethod(String.class, "replaceAll", String.class, String.class)
                .orShould()
                .callMethod(String.class, "replaceFirst", String.class, String.class)
                .check(CLASSES);
    }

    @Test
    void theEnvironmentAndSystemPropertiesAreTheProxysBusiness() {
        noClasses()
                .should()
                .callMethod(System.class, "getenv")
                .orShould()
                .callMethod(System.class, "getenv", String.class)
                .orShould()
                .callMethod(System.class, "getProperty", String.class)
                .orShould()
                .callMethod(System.class, "getProperty", String.class, String.class)
                .check(CLASSES);
    }

    private static String within(String step) {
        return "dev.sluice.config." + step + "..";
    }
}
