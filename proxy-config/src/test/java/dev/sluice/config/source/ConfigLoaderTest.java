package dev.sluice.config.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.config.crd.mesh.MeshOverrides;
import dev.sluice.config.crd.read.CrdReader;
import dev.sluice.config.crd.read.CrdSet;
import dev.sluice.config.crd.schema.CrdObject;
import dev.sluice.config.validate.Finding;
import dev.sluice.config.validate.Finding.Severity;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigLoaderTest {
    private static final String BROKEN = "---\na: [\n";

    @TempDir
    private Path folder;

    private final List<String> checked = Collections.synchronizedList(new ArrayList<>());

    @Test
    void everyFileOfTheFolderIsLoaded() throws Exception {
        write("a.yaml", Yaml.service("a", "a1"));
        write("sub/b.yaml", Yaml.service("b", "b1"), Yaml.service("c", "c1"));
        LoadResult result = loader().load();
        assertEquals(List.of("a=a1", "b=b1", "c=c1"), hosts(result.set()));
        assertFalse(result.blocked());
        assertEquals(2, result.files());
    }

    @Test
    void aMissingArgumentIsRefusedInOneLine() {
        ConfigLoader loader = loader(List.of(folder, folder.resolve("none")), ObjectCheck.NONE, MeshOverrides.NONE);
        assertEquals(
                "no such file or folder: " + folder.resolve("none"),
                assertThrows(MissingConfigException.class, loader::load).getMessage());
    }

    @Test
    void aFileThatCannotBeParsedDoesNotHideTheOthers() throws Exception {
        write("a.yaml", Yaml.service("a", "a1") + BROKEN);
        write("b.yaml", Yaml.service("b", "b1"));
        LoadResult result = loader().load();
        assertTrue(result.blocked());
        assertEquals(List.of("b=b1"), hosts(result.set()));
        assertEquals(List.of("a=a1", "b=b1"), hosts(result.written()));
        assertEquals(List.of("a.yaml:9:1 SLC0001"), told(result));
    }

    @Test
    void anInvalidObjectKeepsItsLastGoodVersionAndTheOthersGoOn() throws Exception {
        write("a.yaml", Yaml.service("a", "a1"), Yaml.service("b", "b1"));
        ConfigLoader loader = loader();
        loader.load();
        write("a.yaml", Yaml.service("a", "{}"), Yaml.service("b", "b2"));
        LoadResult result = loader.reload();
        assertEquals(List.of("a=a1", "b=b2"), hosts(result.set()));
        assertTrue(result.blocked());
        write("a.yaml", Yaml.service("a", "a3"), Yaml.service("b", "b2"));
        assertEquals(List.of("a=a3", "b=b2"), hosts(loader.reload().set()));
    }

    @Test
    void aNewObjectThatIsInvalidIsNotInForce() throws Exception {
        write("a.yaml", Yaml.service("a", "a1"));
        ConfigLoader loader = loader();
        loader.load();
        write("b.yaml", Yaml.service("b", "{}"));
        LoadResult result = loader.reload();
        assertEquals(List.of("a=a1"), hosts(result.set()));
        assertEquals(2, result.written().size());
    }

    @Test
    void aFileThatCannotBeParsedKeepsEveryObjectLastReadFromIt() throws Exception {
        write("a.yaml", Yaml.service("a", "a1"), Yaml.service("b", "b1"));
        ConfigLoader loader = loader();
        loader.load();
        write("a.yaml", Yaml.service("a", "a2") + Yaml.service("n", "n1") + BROKEN);
        assertEquals(List.of("a=a1", "b=b1"), hosts(loader.reload().set()));
        write("a.yaml", BROKEN);
        LoadResult result = loader.reload();
        assertEquals(List.of("a=a1", "b=b1"), hosts(result.set()));
        assertEquals(hosts(result.set()), hosts(result.written()));
        write("a.yaml", Yaml.service("b", "b3"));
        assertEquals(List.of("b=b3"), hosts(loader.reload().set()));
    }

    @Test
    void anEmptiedFileIsTakenForHalfWritten() throws Exception {
        write("a.yaml", Yaml.service("a", "a1"));
        ConfigLoader loader = loader();
        loader.load();
        write("a.yaml", "");
        LoadResult result = loader.reload();
        assertEquals(List.of("a=a1"), hosts(result.set()));
        assertEquals(List.of("a.yaml:1:1 SLC0001"), told(result));
        write("a.yaml", "# nothing left\n");
        assertEquals(0, loader.reload().set().size());
    }

    @Test
    void whatIsRemovedIsRemoved() throws Exception {
        write("a.yaml", Yaml.service("a", "a1"), Yaml.service("b", "b1"));
        write("c.yaml", Yaml.service("c", "c1"));
        ConfigLoader loader = loader();
        loader.load();
        write("a.yaml", Yaml.service("b", "b1"));
        Files.delete(folder.resolve("c.yaml"));
        LoadResult result = loader.reload();
        assertEquals(List.of("b=b1"), hosts(result.set()));
        assertEquals(List.of(), told(result));
    }

    @Test
    void aRemovedObjectDoesNotComeBackAsLastGood() throws Exception {
        write("a.yaml", Yaml.service("a", "a1"));
        ConfigLoader loader = loader();
        loader.load();
        write("a.yaml", "# removed\n");
        loader.reload();
        write("a.yaml", Yaml.service("a", "{}"));
        assertEquals(List.of(), hosts(loader.reload().set()));
    }

    @Test
    void anObjectThatMovedOutOfABrokenFileIsTheNewOne() throws Exception {
        write("a.yaml", Yaml.service("a", "a1"), Yaml.service("b", "b1"));
        ConfigLoader loader = loader();
        loader.load();
        write("a.yaml", BROKEN);
        write("z.yaml", Yaml.service("a", "a2"));
        LoadResult result = loader.reload();
        assertEquals(List.of("a=a2", "b=b1"), hosts(result.set()));
        assertEquals(List.of("a.yaml:3:1 SLC0001"), told(result));
    }

    @Test
    void aBrokenFileStillKeepsWhenAnotherChanges() throws Exception {
        write("a.yaml", Yaml.service("a", "a1"));
        write("b.yaml", Yaml.service("b", "b1"));
        ConfigLoader loader = loader();
        loader.load();
        write("a.yaml", BROKEN);
        loader.reload();
        write("b.yaml", Yaml.service("b", "b2"));
        assertEquals(List.of("a=a1", "b=b2"), hosts(loader.reload().set()));
    }

    @Test
    void ofTwoObjectsOfOneNameTheFirstCounts() throws Exception {
        write("a.yaml", Yaml.service("a", "a1"));
        write("b.yaml", Yaml.service("a", "a2"), Yaml.service("b", "b1"));
        LoadResult result = loader().load();
        assertEquals(List.of("a=a1", "b=b1"), hosts(result.set()));
        Finding finding = result.findings().get(0);
        assertEquals(List.of("b.yaml:4:18 IST0106"), told(result));
        assertEquals(
                "VirtualService default/a is in the configuration already, at %s:4:18; that one counts"
                        .formatted(folder.resolve("a.yaml")),
                finding.message());
        assertTrue(finding.blocking());
    }

    @Test
    void rulesOfOneDocumentKeepAnObjectOutOfForce() throws Exception {
        ObjectCheck refusesB = object -> object.metadata().name().equals("b")
                ? List.of(object.finding(Severity.ERROR, Finding.INVALID, object.at(), "hosts", "no b"))
                : List.of(object.finding(Severity.WARNING, Finding.INVALID, object.at(), "hosts", "well"));
        write("a.yaml", Yaml.service("a", "a1"), Yaml.service("b", "b1"));
        LoadResult result =
                loader(List.of(folder), refusesB, MeshOverrides.NONE).load();
        assertEquals(List.of("a=a1"), hosts(result.set()));
        assertEquals(List.of("a.yaml:6:10 IST0106", "a.yaml:12:10 IST0106"), told(result));
        assertTrue(result.blocked());
    }

    @Test
    void onlyWhatChangedIsReadAgain() throws Exception {
        for (int i = 0; i < 1000; i++) {
            write("sub%d/f%03d.yaml".formatted(i % 7, i), Yaml.service("v" + i, "h" + i));
        }
        ConfigLoader loader = loader();
        LoadResult result = loader.load();
        assertEquals(1000, result.set().virtualServices().size());
        assertEquals(1000, checked.size());
        checked.clear();
        write("sub0/f007.yaml", Yaml.service("v7", "changed"));
        assertTrue(hosts(loader.reload().set()).contains("v7=changed"));
        assertEquals(List.of("v7"), checked);
    }

    @Test
    void nothingNewIsNoUpdate() throws Exception {
        write("a.yaml", Yaml.service("a", "a1"));
        ConfigLoader loader = loader();
        loader.load();
        assertEquals(null, loader.update(loader.list()));
        write("a.yaml", Yaml.service("a", "a1"));
        assertEquals(null, loader.update(loader.list()));
        write("a.yaml", Yaml.service("a", "a2"));
        LoadResult update = loader.update(loader.list());
        assertEquals(List.of("a=a2"), update == null ? null : hosts(update.set()));
    }

    @Test
    void aWriteOfTheSameSizeAndTimeIsSeen() throws Exception {
        Path file = write("a.yaml", Yaml.service("a", "a1"));
        ConfigLoader loader = loader();
        loader.load();
        var time = Files.getLastModifiedTime(file);
        write("a.yaml", Yaml.service("a", "a2"));
        Files.setLastModifiedTime(file, time);
        assertTrue(loader.outdated(loader.list()));
        assertEquals(List.of("a=a2"), hosts(loader.reload().set()));
    }

    @Test
    void aLostFolderKeepsWhatWasReadOfIt() throws Exception {
        write("conf/a.yaml", Yaml.service("a", "a1"));
        Path file = write("b.yaml", Yaml.service("b", "b1"));
        ConfigLoader loader = loader(List.of(folder.resolve("conf"), file), ObjectCheck.NONE, MeshOverrides.NONE);
        loader.load();
        Files.move(folder.resolve("conf"), folder.resolve("moved"));
        LoadResult lost = loader.reload();
        assertEquals(List.of("a=a1", "b=b1"), hosts(lost.set()));
        assertTrue(lost.blocked());
        assertEquals(List.of("a=a1", "b=b1"), hosts(loader.reload().set()));
        Files.move(folder.resolve("moved"), folder.resolve("conf"));
        Files.delete(file);
        LoadResult back = loader.reload();
        assertEquals(List.of("a=a1"), hosts(back.set()));
        assertFalse(back.blocked());
        assertEquals(List.of("b.yaml:1:1 SLC0001"), told(back));
    }

    @Test
    void aFileThatCannotBeReadIsOneFindingThatNamesIt() throws Exception {
        write("a.yaml", Yaml.service("a", "a1"));
        Files.createSymbolicLink(folder.resolve("b.yaml"), Path.of("nowhere"));
        LoadResult result = loader().load();
        assertEquals(List.of("a=a1"), hosts(result.set()));
        assertEquals(
                List.of(folder.resolve("b.yaml") + ":1:1: error SLC0001 cannot be read: link to nothing"),
                result.findings().stream().map(Finding::text).toList());
    }

    @Test
    void aFileOfAnySizeIsNotReadIntoMemory() throws Exception {
        try (RandomAccessFile file =
                new RandomAccessFile(folder.resolve("a.yaml").toFile(), "rw")) {
            file.setLength(1L << 40); // sparse
        }
        assertEquals(List.of("a.yaml:1:1 SLC0001"), told(loader().load()));
    }

    @Test
    void settingsOfTheMeshAreMergedAndKeptWhileTheirFileIsInvalid() throws Exception {
        write("mesh.yaml", "accessLogFile: b\nrootNamespace: b\n");
        write(
                "operator.yaml",
                "{apiVersion: install.istio.io/v1alpha1, kind: IstioOperator, spec: {meshConfig: "
                        + "{accessLogFile: a, trustDomain: a, rootNamespace: a}}}");
        ConfigLoader loader =
                loader(List.of(folder), ObjectCheck.NONE, MeshOverrides.parse(List.of("rootNamespace=c")));
        assertEquals("b a c", mesh(loader.load()));
        write("mesh.yaml", "accessLogFiles: x\n");
        LoadResult kept = loader.reload();
        assertEquals("b a c", mesh(kept));
        assertTrue(kept.blocked());
        Files.delete(folder.resolve("mesh.yaml"));
        assertEquals("a a c", mesh(loader.reload()));
    }

    @Test
    void aWrongOverrideBlocks() throws Exception {
        write("a.yaml", Yaml.service("a", "a1"));
        LoadResult result = loader(List.of(folder), ObjectCheck.NONE, MeshOverrides.parse(List.of("nope=1")))
                .load();
        assertTrue(result.blocked());
    }

    private static String mesh(LoadResult result) {
        var mesh = result.set().mesh();
        return mesh.accessLogFile() + " " + mesh.trustDomain() + " " + mesh.rootNamespace();
    }

    private Path write(String name, String... documents) throws IOException {
        return Yaml.write(folder.resolve(name), documents);
    }

    private ConfigLoader loader() {
        return loader(List.of(folder), this::count, MeshOverrides.NONE);
    }

    private List<Finding> count(CrdObject object) {
        checked.add(object.metadata().name());
        return List.of();
    }

    private static ConfigLoader loader(List<Path> arguments, ObjectCheck check, MeshOverrides overrides) {
        return new ConfigLoader(arguments, new CrdReader(Set.of()), check, overrides);
    }

    private static List<String> hosts(CrdSet set) {
        return set.virtualServices().stream()
                .map(service -> service.metadata().name() + "=" + String.join(",", service.hosts()))
                .toList();
    }

    private List<String> told(LoadResult result) {
        return result.findings().stream()
                .map(finding -> folder.relativize(Path.of(finding.at().file())) + ":"
                        + finding.at().line() + ":" + finding.at().column() + " " + finding.code())
                .toList();
    }
}
