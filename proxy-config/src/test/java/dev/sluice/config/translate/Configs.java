package dev.sluice.config.translate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.config.crd.mesh.IstioOperator;
import dev.sluice.config.crd.mesh.MeshFile;
import dev.sluice.config.crd.mesh.MeshOverrides;
import dev.sluice.config.crd.mesh.MeshSettings;
import dev.sluice.config.crd.read.CrdReader;
import dev.sluice.config.crd.read.CrdSet;
import dev.sluice.config.crd.read.FileContent;
import dev.sluice.config.crd.read.ReadObject;
import dev.sluice.config.crd.schema.CrdObject;
import dev.sluice.config.validate.Finding;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Configurations for tests: YAML to a CrdSet, refusing what a reader would not take. */
public final class Configs {
    private Configs() {}

    /** The objects of one text; a document without kind is a MeshConfig. */
    public static CrdSet of(String... documents) {
        return ofFiles(Map.of("mesh.yaml", String.join("\n---\n", documents)));
    }

    /** The objects of every YAML file of a folder. */
    public static CrdSet folder(Path folder) {
        Map<String, String> texts = new TreeMap<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(path -> path.toString().endsWith(".yaml"))
                    .sorted()
                    .toList()) {
                texts.put(String.valueOf(file.getFileName()), Files.readString(file));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return ofFiles(texts);
    }

    private static CrdSet ofFiles(Map<String, String> texts) {
        List<CrdObject> objects = new ArrayList<>();
        List<IstioOperator> operators = new ArrayList<>();
        MeshFile mesh = null;
        for (Map.Entry<String, String> text : texts.entrySet()) {
            FileContent content =
                    new CrdReader(Set.of()).read(text.getKey(), text.getValue().getBytes(StandardCharsets.UTF_8));
            assertEquals(
                    List.of(),
                    content.findings().stream().filter(Finding::blocking).toList());
            for (ReadObject object : content.objects()) {
                if (object.object() instanceof MeshFile file) {
                    mesh = file;
                } else {
                    objects.add(object.object());
                }
                if (object.object() instanceof IstioOperator operator) {
                    operators.add(operator);
                }
            }
        }
        return CrdSet.of(objects, MeshSettings.merge(operators, mesh, MeshOverrides.NONE));
    }
}
