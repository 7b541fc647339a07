package dev.sluice.proxy;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What holds in every package, apart from who may import whom ({@link LayersTest}). */
class HouseRulesTest {
    private static final String PROXY = "dev.sluice.proxy.";
    /** Of all modules, so that proxy-config needs no second copy of this check. Tests run in their module's folder. */
    private static final List<Path> SOURCES =
            List.of(Path.of("src", "main", "java"), Path.of("..", "proxy-config", "src", "main", "java"));

    /** What each package-info opens with, in this order. */
    private static final List<String> PACKAGE_WORDS = List.of("Step:", "In:", "Out:", "Thread:");

    private static final JavaClasses MAIN = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.sluice.proxy");
    private static final JavaClasses MAIN_AND_TESTS = new ClassFileImporter().importPackages("dev.sluice.proxy");

    /** HTTP on the wire is the business of those who read and write it; all others see the stream model. */
    @Test
    void nettysCodecsAreSeenOnlyAtTheEdges() {
        noClasses()
                .that(resideOutsideOfPackages(
                                PROXY + "codec..", PROXY + "upstream..", PROXY + "listener..", PROXY + "admin..")
                        .and(notWithin(PROXY + "stream.headers.H2Headers")))
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.netty.handler.codec..")
                .allowEmptyShould(true)
                .check(MAIN);
    }

    @Test
    void onlyAppReadsTheEnvironmentAndSystemProperties() {
        noClasses()
                .that(resideOutsideOfPackages(PROXY + "app.."))
                .should()
                .callMethodWhere(calls(System.class, "getenv", "getProperty", "getProperties"))
                .orShould()
                .callMethodWhere(calls(Integer.class, "getInteger"))
                .orShould()
                .callMethodWhere(calls(Long.class, "getLong"))
                .orShould()
                .callMethodWhere(calls(Boolean.class, "getBoolean"))
                .allowEmptyShould(true)
                .check(MAIN);
    }

    /** The JDK's engine backtracks: one expression and one path can hold an event loop for minutes. */
    @Test
    void regularExpressionsAreRe2jOnly() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAPackage("java.util.regex..")
                .orShould()
                .callMethodWhere(calls(String.class, "matches", "replaceAll", "replaceFirst"))
                .allowEmptyShould(true)
                .check(MAIN);
    }

    @Test
    void nobodySleepsAlsoNoTest() {
        noClasses()
                .should()
                .callMethodWhere(calls(Thread.class, "sleep"))
                .allowEmptyShould(true)
                .check(MAIN_AND_TESTS);
    }

    /** A loop that waits for itself waits for ever; one that waits for another stalls all of its exchanges. */
    @Test
    void whatRunsOnEventLoopsDoesNotWait() {
        noClasses()
                .that(resideOutsideOfPackages(
                        PROXY + "app..", PROXY + "assembly..", PROXY + "admin..", PROXY + "listener.."))
                .should()
                .callMethodWhere(
                        calls(Future.class, "sync", "syncUninterruptibly", "await", "awaitUninterruptibly", "get"))
                .orShould()
                .callMethodWhere(calls(CompletableFuture.class, "join", "get"))
                .orShould()
                .callMethodWhere(calls(CountDownLatch.class, "await"))
                .allowEmptyShould(true)
                .check(MAIN);
    }

    @Test
    void everyPackageSaysItsStepWhatComesInWhatGoesOutAndOnWhichThread() throws IOException {
        List<String> faults = new ArrayList<>();
        for (Path folder : packages()) {
            Path info = folder.resolve("package-info.java");
            String text = Files.isRegularFile(info) ? Files.readString(info) : "";
            int at = 0;
            for (String word : PACKAGE_WORDS) {
                at = text.indexOf(word, at);
                if (at < 0) {
                    faults.add(info + ": no '" + word + "', or not in the order " + PACKAGE_WORDS);
                    break;
                }
            }
            if (!text.contains("\n@NullMarked\n")) {
                faults.add(info + ": no @NullMarked");
            }
        }
        assertEquals(List.of(), faults);
    }

    private static Set<Path> packages() throws IOException {
        Set<Path> packages = new TreeSet<>();
        for (Path sources : SOURCES) {
            try (Stream<Path> files = Files.walk(sources)) {
                files.filter(file -> file.toString().endsWith(".java"))
                        .map(Path::getParent)
                        .forEach(packages::add);
            }
        }
        assertFalse(packages.isEmpty(), "no sources under " + SOURCES);
        return packages;
    }

    private static DescribedPredicate<JavaCall<?>> calls(Class<?> owner, String... methods) {
        Set<String> names = Set.of(methods);
        return target(owner(assignableTo(owner)))
                .and(describe("to one of " + names, call -> names.contains(call.getName())));
    }

    /** Outside the classes of these names and what is nested in them. */
    private static DescribedPredicate<JavaClass> notWithin(String... outermost) {
        Set<String> names = Set.of(outermost);
        return describe("are not " + names, type -> {
            JavaClass outer = type;
            while (outer.getEnclosingClass().isPresent()) {
                outer = outer.getEnclosingClass().get();
            }
            return !names.contains(outer.getName());
        });
    }
}
