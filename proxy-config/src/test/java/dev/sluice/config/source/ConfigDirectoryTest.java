package dev.sluice.config.source;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.config.crd.mesh.MeshOverrides;
import dev.sluice.config.crd.read.CrdReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigDirectoryTest {
    private static final Duration SOON = Duration.ofMinutes(2);

    @TempDir
    private Path folder;

    private final CopyOnWriteArrayList<String> loads = new CopyOnWriteArrayList<>();
    private final CopyOnWriteArrayList<RuntimeException> failures = new CopyOnWriteArrayList<>();
    private @Nullable RuntimeException toThrow;
    private @Nullable ConfigDirectory directory;

    @AfterEach
    void stop() {
        if (directory != null) {
            directory.close();
        }
    }

    @Test
    void aChangedANewAndARemovedFileAreEachLoaded() throws Exception {
        write("a.yaml", Yaml.service("a", "a1"));
        watch(folder);
        Yaml.write(folder.resolve("a.yaml"), Yaml.service("a", "a2"));
        awaitLast("a=a2");
        write("new/b.yaml", Yaml.service("b", "b1"));
        awaitLast("a=a2 b=b1");
        write("new/b.yaml", Yaml.service("b", "b2"));
        awaitLast("a=a2 b=b2");
        Files.delete(folder.resolve("a.yaml"));
        awaitLast("b=b2");
    }

    @Test
    void aSwapOfAConfigMapIsOneLoad() throws Exception {
        write("..1/a.yaml", Yaml.service("a", "a1"));
        write("..1/b.yaml", Yaml.service("b", "b1"));
        Files.createSymbolicLink(folder.resolve("..data"), Path.of("..1"));
        Files.createSymbolicLink(folder.resolve("a.yaml"), Path.of("..data/a.yaml"));
        Files.createSymbolicLink(folder.resolve("b.yaml"), Path.of("..data/b.yaml"));
        watch(folder);
        write("..2/a.yaml", Yaml.service("a", "a2"));
        write("..2/b.yaml", Yaml.service("b", "b2"));
        swap("..data", "..2");
        Files.delete(folder.resolve("..1/a.yaml"));
        Files.delete(folder.resolve("..1/b.yaml"));
        Files.delete(folder.resolve("..1"));
        awaitLoads("a=a2 b=b2");
        write("..3/a.yaml", Yaml.service("a", "a3"));
        write("..3/b.yaml", Yaml.service("b", "b3"));
        swap("..data", "..3");
        awaitLoads("a=a2 b=b2", "a=a3 b=b3");
    }

    @Test
    void aLinkAboveTheFolderMaySwap() throws Exception {
        write("r1/a.yaml", Yaml.service("a", "a1"));
        write("r2/a.yaml", Yaml.service("a", "a2"));
        Files.createSymbolicLink(folder.resolve("current"), Path.of("r1"));
        watch(folder.resolve("current"));
        swap("current", "r2");
        awaitLoads("a=a2");
    }

    @Test
    void aFileThatIsTheArgumentMayBeReplacedByRenaming() throws Exception {
        Path file = write("a.yaml", Yaml.service("a", "a1"));
        watch(file);
        write("a.yaml", Yaml.service("a", "a2"));
        awaitLoads("a=a2");
    }

    @Test
    void aWriteThatChangesNothingIsNoLoad() throws Exception {
        write("a.yaml", Yaml.service("a", "a1"));
        watch(folder);
        write("a.yaml", Yaml.service("a", "a1"));
        write("other.txt", "x");
        write("b.yaml", Yaml.service("b", "b1"));
        awaitLoads("a=a1 b=b1");
    }

    @Test
    void aReloadOnDemandAlwaysSpeaks() throws Exception {
        write("a.yaml", Yaml.service("a", "a1"));
        watch(folder).reloadNow();
        awaitLoads("a=a1");
    }

    @Test
    void aListenerThatThrowsDoesNotEndTheWatch() throws Exception {
        write("a.yaml", Yaml.service("a", "a1"));
        toThrow = new IllegalStateException("translator's bug");
        watch(folder);
        write("a.yaml", Yaml.service("a", "a2"));
        await().atMost(SOON).until(() -> failures.equals(List.of(toThrow)));
        toThrow = null;
        write("a.yaml", Yaml.service("a", "a3"));
        awaitLoads("a=a3");
    }

    @Test
    void afterCloseNothingIsHeard() throws Exception {
        write("a.yaml", Yaml.service("a", "a1"));
        ConfigDirectory closed = watch(folder);
        closed.close();
        closed.close();
        closed.reloadNow();
        assertTrue(Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().equals("sluice-config-watch")));
        assertEquals(List.of(), loads);
    }

    private ConfigDirectory watch(Path argument) throws MissingConfigException {
        ConfigLoader loader =
                new ConfigLoader(List.of(argument), new CrdReader(Set.of()), ObjectCheck.NONE, MeshOverrides.NONE);
        loader.load();
        directory = ConfigDirectory.watch(loader, new ConfigDirectory.Listener() {
            @Override
            public void loaded(LoadResult result) {
                if (toThrow != null) {
                    throw toThrow;
                }
                loads.add(result.set().virtualServices().stream()
                        .map(service -> service.metadata().name() + "=" + String.join(",", service.hosts()))
                        .collect(Collectors.joining(" ")));
            }

            @Override
            public void failed(RuntimeException cause) {
                failures.add(cause);
            }
        });
        return directory;
    }

    private void awaitLoads(String... expected) {
        await().atMost(SOON).until(() -> loads.size() >= expected.length);
        assertEquals(List.of(expected), loads);
    }

    private void awaitLast(String expected) {
        await().atMost(SOON)
                .until(() -> !loads.isEmpty() && loads.get(loads.size() - 1).equals(expected));
    }

    private void swap(String link, String target) throws IOException {
        Path next = Files.createSymbolicLink(folder.resolve("..next"), Path.of(target));
        Files.move(next, folder.resolve(link), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** In one step, as editors and kubelet do it. */
    private Path write(String name, String... documents) throws IOException {
        Path next = Yaml.write(folder.resolve(name + ".tmp"), documents);
        return Files.move(
                next, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
