package dev.sluice.config.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.config.crd.mesh.MeshOverrides;
import dev.sluice.config.crd.read.CrdReader;
import dev.sluice.config.validate.Validator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A slip in what says which object a document is removes nothing: the object's last good version stays in force. */
class NamelessDocumentTest {
    @TempDir
    private Path folder;

    private ConfigLoader loader;

    @BeforeEach
    void loadTwo() throws Exception {
        loader = loader(1 << 20);
        write("a.yaml", service("a", "a1"), service("b", "b1"));
        write("c.yaml", service("c", "c1"));
        assertEquals(List.of("a=a1", "b=b1", "c=c1"), inForce(loader.load()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "apiVersion: networking.istio.io/v1 => apiVersion: networking.istio.io/v2",
                "apiVersion: networking.istio.io/v1 => apiVersion: networking.istio/v1",
                "apiVersion: networking.istio.io/v1 => apiVersions: networking.istio.io/v1",
                "kind: VirtualService => kind: VirtualServic",
                "kind: VirtualService => kind: 5",
                "kind: VirtualService => knd: VirtualService",
                "{name: a} => {nam: a}",
                "{name: a} => {name: 5}",
                "{name: a} => {name: ''}",
                "{name: a} => a",
            })
    void keepsTheLastGoodVersionOfAnObjectThatLostItsName(String slip) throws IOException {
        String[] words = slip.split(" => ", -1);
        String changed = service("a", "a2").replace(words[0], words[1]);
        write("a.yaml", changed, service("b", "b2"));
        LoadResult result = loader.reload();
        assertEquals(List.of("a=a1", "b=b2", "c=c1"), inForce(result));
        assertTrue(result.blocked());
        write("a.yaml", service("a", "a3"), service("b", "b2"));
        assertEquals(List.of("a=a3", "b=b2", "c=c1"), inForce(loader.reload()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"a word\n", "- a\n", "apiVersion: v1\nkind: List\nitem: []\n", "apiVersion: v1\nkind: List\n"})
    void keepsWhatWasInAFileThatSaysSomethingElse(String text) throws IOException {
        write("a.yaml", text);
        assertEquals(List.of("a=a1", "b=b1", "c=c1"), inForce(loader.reload()));
        write("c.yaml", service("c", "c2"));
        assertEquals(List.of("a=a1", "b=b1", "c=c2"), inForce(loader.reload()), "while another file changes");
        write("a.yaml", text, "# and more\n");
        assertEquals(List.of("a=a1", "b=b1", "c=c2"), inForce(loader.reload()), "and while it stays so");
    }

    @Test
    void takesAnObjectThatIsElsewhereByNow() throws IOException {
        write("a.yaml", service("a", "a2").replace("VirtualService", "VirtualServic"));
        write("c.yaml", service("b", "b3"), service("c", "c3"));
        assertEquals(List.of("a=a1", "b=b3", "c=c3"), inForce(loader.reload()));
    }

    @Test
    void removesWhatTheFileNoLongerHasOnceAllOfItHasAName() throws IOException {
        write("a.yaml", service("a", "a2").replace("{name: a}", "{}"));
        assertEquals(List.of("a=a1", "b=b1", "c=c1"), inForce(loader.reload()));
        write("a.yaml", service("d", "d1"));
        assertEquals(List.of("c=c1", "d=d1"), inForce(loader.reload()));
    }

    @Test
    void holdsForFilesThatAreReadInParts() throws Exception {
        loader = loader(1);
        loader.load();
        write("a.yaml", service("a", "a2").replace("VirtualService", "VirtualServic"), service("b", "b2"));
        assertEquals(List.of("a=a1", "b=b2", "c=c1"), inForce(loader.reload()));
        loader.release();
        write("a.yaml", service("a", "a2").replace("VirtualService", "VirtualServic"), service("b", "b3"));
        assertEquals(List.of("a=a1", "b=b3", "c=c1"), inForce(loader.reload()));
    }

    private ConfigLoader loader(int partBytes) {
        return new ConfigLoader(
                List.of(folder), new CrdReader(Set.of()), Validator::validate, MeshOverrides.NONE, partBytes);
    }

    private static String service(String name, String host) {
        return Yaml.service(name, host) + "  http:\n  - route: [{destination: {host: " + host + "}}]\n";
    }

    private void write(String name, String... documents) throws IOException {
        Path file = folder.resolve(name);
        Files.deleteIfExists(file);
        Yaml.write(file, documents);
    }

    private static List<String> inForce(LoadResult result) {
        return result.set().virtualServices().stream()
                .map(service -> service.metadata().name() + "=" + String.join(",", service.hosts()))
                .sorted()
                .toList();
    }
}
