package dev.sluice.config.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.config.crd.mesh.MeshOverrides;
import dev.sluice.config.crd.read.CrdReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A look at what an event names shows what a look at everything would, or says that it cannot; and what may be half a change. */
class RelistingTest {
    @TempDir
    private Path folder;

    private Path a = Path.of("");
    private Path b = Path.of("");

    @BeforeEach
    void write() throws IOException {
        a = Files.writeString(folder.resolve("a.yaml"), "a: 1\n");
        b = Files.writeString(folder.resolve("b.yaml"), "b: 1\n");
    }

    @Test
    void aChangedFileIsListedAnew() throws IOException {
        Listing before = list();
        Files.writeString(a, "a: 100\n");
        assertEquals(list(), Relisting.of(before, Set.of(a)));
        Files.move(Files.writeString(folder.resolve("a.yaml.tmp"), "a: 3\n"), a, StandardCopyOption.REPLACE_EXISTING);
        assertEquals(list(), Relisting.of(before, Set.of(a, folder.resolve("a.yaml.tmp"))));
    }

    @Test
    void whatEditorsLeaveBesideIsNoChange() throws IOException {
        Listing before = list();
        Files.writeString(folder.resolve(".a.yaml.swp"), "x");
        Files.writeString(folder.resolve("a.yaml~"), "x");
        Set<Path> beside =
                Set.of(folder.resolve(".a.yaml.swp"), folder.resolve("a.yaml~"), folder.resolve("gone.tmp"), b);
        assertSame(before, Relisting.of(before, beside));
    }

    @Test
    void filesThatComeOrGoAndLinksAndFoldersNeedALookAtEverything() throws IOException {
        Listing before = list();
        assertNull(Relisting.of(before, Set.of(Files.writeString(folder.resolve("c.yaml"), "c: 1\n"))));
        assertNull(Relisting.of(before, Set.of(Files.createDirectory(folder.resolve("d")))));
        assertNull(Relisting.of(before, Set.of(folder.resolve("..data"))));
        assertNull(Relisting.of(before, Set.of(Files.createSymbolicLink(folder.resolve("e"), a))));
        Files.delete(a);
        assertNull(Relisting.of(before, Set.of(a)));
        Files.createLink(a, b);
        assertNull(Relisting.of(before, Set.of(a)));
    }

    @Test
    void aFileThatMayBeHalfWrittenIsDoubtful() throws Exception {
        ConfigLoader loader =
                new ConfigLoader(List.of(folder), new CrdReader(Set.of()), ObjectCheck.NONE, MeshOverrides.NONE);
        loader.load();
        Files.writeString(a, "a: 100\n");
        assertFalse(loader.isDoubtful(loader.list()));
        Files.writeString(a, "a: 100");
        assertTrue(loader.isDoubtful(loader.list()), "no end of line");
        Files.writeString(a, "a:\n");
        assertTrue(loader.isDoubtful(loader.list()), "shorter");
        Files.writeString(a, "");
        assertTrue(loader.isDoubtful(loader.list()), "empty");
        Files.delete(a);
        assertTrue(loader.isDoubtful(loader.list()), "gone");
    }

    private Listing list() {
        return ConfigFiles.list(List.of(folder));
    }
}
