package dev.sluice.config.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.sluice.config.source.Listing.Interest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigFilesTest {
    @TempDir
    private Path folder;

    @Test
    void foldersAreSearchedByNameForYamlOnly() throws IOException {
        for (String name : List.of(
                "b.yaml", "a.yml", "sub/deep/d.yaml", "c/x.yaml", "notes.txt", "a.yaml.bak", "case.routetest.yaml")) {
            touch(name);
        }
        assertEquals(List.of("a.yml", "b.yaml", "c/x.yaml", "sub/deep/d.yaml"), names(folder));
    }

    @Test
    void namesThatBeginWithADotAreLeftOut() throws IOException {
        touch(".hidden.yaml");
        touch(".git/a.yaml");
        touch("a.yaml");
        assertEquals(List.of("a.yaml"), names(folder));
    }

    @Test
    void aMountedConfigMapIsReadOnce() throws IOException {
        touch("..2026_01_31/a.yaml");
        touch("..2026_01_31/b.yaml");
        link("..data", "..2026_01_31");
        link("a.yaml", "..data/a.yaml");
        link("b.yaml", "..data/b.yaml");
        assertEquals(List.of("a.yaml", "b.yaml"), names(folder));
    }

    @Test
    void argumentsKeepTheirOrderAndNothingIsTakenTwice() throws IOException {
        Path z = touch("z.yaml");
        touch("a.yaml");
        link("again.yaml", "a.yaml");
        assertEquals(List.of("z.yaml", "a.yaml"), names(z, folder, folder.resolve("a.yaml"), folder));
    }

    @Test
    void aFileGivenByNameNeedsNoEnding() throws IOException {
        assertEquals(List.of("config"), names(touch("config")));
    }

    /** Logs are often written beside the folder of a configuration. */
    @Test
    void whatIsWrittenBesideAFolderIsOfNoInterest() throws IOException {
        Path config = touch("config/a.yaml").getParent();
        Path file = touch("b.yaml");
        assertEquals(
                Map.of(folder, Interest.ENTRIES, config, Interest.WRITES),
                ConfigFiles.list(List.of(config)).folders());
        assertEquals(
                Map.of(folder, Interest.WRITES, config, Interest.WRITES),
                ConfigFiles.list(List.of(config, file)).folders());
        assertEquals(
                Map.of(folder, Interest.WRITES),
                ConfigFiles.list(List.of(folder.resolve("gone"))).folders());
    }

    @Test
    void loopsOfLinksEnd() throws IOException {
        touch("sub/a.yaml");
        link("sub/up", "..");
        link("loop.yaml", "loop.yaml");
        Listing listing = ConfigFiles.list(List.of(folder));
        assertEquals(List.of("sub/a.yaml"), names(listing));
        assertEquals(
                List.of(folder.resolve("loop.yaml")),
                List.copyOf(listing.unreadable().keySet()));
    }

    @Test
    void aLinkToNothingIsToldAndTheRestIsRead() throws IOException {
        touch("a.yaml");
        link("b.yaml", "gone.yaml");
        Listing listing = ConfigFiles.list(List.of(folder));
        assertEquals(List.of("a.yaml"), names(listing));
        assertEquals(Map.of(folder.resolve("b.yaml"), "link to nothing"), listing.unreadable());
    }

    @Test
    void anArgumentThatNamesNothingIsMissing() {
        Path nothing = folder.resolve("nothing");
        assertEquals(List.of(nothing), ConfigFiles.list(List.of(nothing)).missing());
    }

    @Test
    void aListingChangesWithItsFiles() throws IOException {
        touch("a.yaml");
        Listing before = ConfigFiles.list(List.of(folder));
        assertEquals(before, ConfigFiles.list(List.of(folder)));
        Files.writeString(folder.resolve("a.yaml"), "longer");
        assertNotEquals(before, ConfigFiles.list(List.of(folder)));
    }

    private Path touch(String name) throws IOException {
        return Yaml.write(folder.resolve(name), "");
    }

    private void link(String name, String target) throws IOException {
        Files.createSymbolicLink(folder.resolve(name), Path.of(target));
    }

    private List<String> names(Path... arguments) {
        return names(ConfigFiles.list(List.of(arguments)));
    }

    private List<String> names(Listing listing) {
        return listing.files().stream()
                .map(file -> folder.relativize(file.path()).toString())
                .toList();
    }
}
